package bridge.bailey;

import bridge.bailey.cli.Cli;
import bridge.bailey.cli.Daemon;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Inject;

/** Runs the command, with Quarkus around it. */
public final class Application implements QuarkusApplication {

    @Inject
    Daemon daemon;

    @Override
    public int run(String... args) {
        return Cli.execute(daemon, args);
    }
}
