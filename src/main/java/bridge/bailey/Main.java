package bridge.bailey;

import bridge.bailey.cli.Cli;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The entry of the jar: reads the command line and the configuration, and starts Quarkus only if both are fine. */
@QuarkusMain
public final class Main {

    private Main() {}

    public static void main(String... args) {
        Cli.beforeStart(args)
                .ifPresentOrElse(
                        System::exit, () -> Quarkus.run(Application.class, (code, failure) -> System.exit(code), args));
    }
}
