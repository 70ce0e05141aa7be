package bridge.bailey.cli;

import bridge.bailey.smoke.JUnitXml;
import bridge.bailey.smoke.Patience;
import bridge.bailey.smoke.Result;
import bridge.bailey.smoke.SmokeTest;
import bridge.bailey.smoke.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Asks a running Bailey, or a service, whether it answers as it should. */
@Command(
        name = "smoke",
        description = {
            "Asks a running Bailey whether it answers as it should: health, metrics, API, board, and Consul's DNS if it is"
                    + " given. Of a service that is no Bailey, what it has of /health, /metrics and /info.",
            "Changes nothing. Variables keep what is secret out of the list of processes: TARGET_URL may have user and"
                    + " password, SMOKE_TOKEN is sent as a bearer token."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing failed", "1:something failed, or nothing could be asked"})
final class SmokeCommand implements Callable<Integer>, AsksDaemon {

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:TARGET_URL}",
            showDefaultValue = Visibility.NEVER,
            description = "What is tested, such as http://localhost:8080; or TARGET_URL.")
    String url;

    @Option(
            names = "--dns",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:CONSUL_DNS}",
            description = "Also ask this DNS server for Consul's names, as legacy hosts do; or CONSUL_DNS.")
    String dns;

    @Option(
            names = "--services",
            paramLabel = "NAMES",
            defaultValue = "${env:SERVICES}",
            description = "The names in Consul that are asked for there, separated by commas or spaces; or SERVICES."
                    + " Default: the first 20 that Bailey exports.")
    String services;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "${env:WAIT:-30}",
            description = "For how long, in all, what fails is asked again; or WAIT. Default: ${DEFAULT-VALUE}.")
    long wait;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            defaultValue = "${env:SMOKE_REPORT}",
            description = "Write JUnit's XML there, too; or SMOKE_REPORT.")
    Path report;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException, IOException {
        PrintWriter out = spec.commandLine().getOut();
        Optional<String> given = given(url);
        if (given.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("What is to be tested? Give TARGET_URL, such as http://localhost:8080.");
            return Cli.ERROR;
        }
        if (wait < 0) {
            spec.commandLine().getErr().println("--wait = " + wait + ": must be a number of seconds, 0 or more.");
            return Cli.ERROR;
        }
        Optional<String> server = given(dns).map(address -> new HostPort().convert(address));
        Target target = Target.of(given.get(), given(System.getenv("SMOKE_TOKEN")));
        SmokeOutput printed = new SmokeOutput(Colours.ofTerminal(), out);
        printed.begin(target.toString());
        List<Result> results = new SmokeTest(
                        target,
                        server,
                        names(),
                        new Patience(Duration.ofSeconds(wait), System::nanoTime, time -> Thread.sleep(time.toMillis())))
                .run(printed::print);
        printed.end(results);
        if (report != null && !report.toString().isEmpty()) {
            JUnitXml.write(report, target.toString(), results);
            out.println("Report: " + report);
        }
        out.flush();
        return SmokeTest.passed(results) ? 0 : Cli.ERROR;
    }

    private Set<String> names() {
        return given(services).stream()
                .flatMap(text -> Arrays.stream(text.split("[,\\s]+")))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }

    private static Optional<String> given(String value) {
        return Optional.ofNullable(value).filter(text -> !text.isBlank());
    }
}
