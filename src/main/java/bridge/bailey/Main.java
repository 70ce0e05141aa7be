package bridge.bailey;

import bridge.bailey.cli.Cli;
import bridge.bailey.process.Fatal;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.net.BindException;

/** The entry of the jar: reads the command line and the configuration, and starts Quarkus only if both are fine. */
@QuarkusMain
public final class Main {

    private Main() {}

    public static void main(String... args) {
        Fatal.install();
        Cli.beforeStart(args).ifPresentOrElse(System::exit, () -> Quarkus.run(Application.class, Main::end, args));
    }

    /** A failure that comes here is one of the start; later ones are handled where they happen. */
    private static void end(int code, Throwable failure) {
        if (failure != null) {
            Throwable cause = failure;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            String hint = cause instanceof BindException ? "; choose another port by QUARKUS_HTTP_PORT" : "";
            System.err.println("Bailey can't start: " + cause.getMessage() + hint);
        }
        System.exit(code);
    }
}
