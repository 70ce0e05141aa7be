package bridge.bailey.cli;

import bridge.bailey.check.Checks;
import bridge.bailey.check.Preflight;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks whether Bailey could run as it is configured. */
@Command(
        name = "check",
        description = {
            "Looks whether all is there that Bailey needs as it is configured, and at what is known to go wrong: each"
                    + " problem comes with a fix. Changes nothing.",
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing fails",
            "2:with --strict: nothing fails, and something is warned of",
            "1:something fails"
        })
final class CheckCommand implements Callable<Integer> {

    private static final int WARNED = 2;

    private final Daemon daemon;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json; default: ${DEFAULT-VALUE}.")
    Output output;

    @Option(names = "--strict", description = "End with 2 if there are warnings.")
    boolean strict;

    @Option(
            names = "--dns",
            paramLabel = "HOST:PORT",
            converter = HostPort.class,
            description = "Also ask this DNS server for Consul's names, as legacy hosts do.")
    String dns;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "15",
            description = "How long each check may take; they run side by side. Default: ${DEFAULT-VALUE}.")
    long timeoutSeconds;

    @Spec
    CommandSpec spec;

    CheckCommand(Daemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<Preflight.Area> areas = new Preflight(
                        Checks.of(
                                new Checks.Systems(
                                        daemon.settings(),
                                        daemon.client(),
                                        daemon.consul(),
                                        daemon.agent(),
                                        daemon.leaseNamespace()),
                                Optional.ofNullable(dns)),
                        Duration.ofSeconds(timeoutSeconds))
                .run();
        PrintWriter out = spec.commandLine().getOut();
        CheckOutput printed = new CheckOutput(areas);
        switch (output) {
            case TEXT -> printed.text(Colours.ofTerminal(), out);
            case JSON -> printed.json(out);
        }
        out.flush();
        return switch (printed.worst()) {
            case OK -> 0;
            case WARN -> strict ? WARNED : 0;
            case FAIL -> Cli.ERROR;
        };
    }
}
