package bridge.bailey.cli;

import bridge.bailey.flow.Flow;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.target.TargetException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what {@code run} would change now. */
@Command(
        name = "plan",
        description = "Prints every change that run would make in Consul now, and makes none.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no changes", "2:some changes", "1:error"})
final class PlanCommand implements Callable<Integer> {

    private static final int SOME_CHANGES = 2;

    /** How the plan is printed. */
    enum Output {
        TABLE,
        JSON
    }

    private final Daemon daemon;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table or json; default: ${DEFAULT-VALUE}.")
    Output output;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long the API server may take; default: ${DEFAULT-VALUE}.")
    long timeoutSeconds;

    @Spec
    CommandSpec spec;

    PlanCommand(Daemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public Integer call() throws TargetException, InterruptedException {
        if (!daemon.flows().enabled()) {
            spec.commandLine().getErr().println("bailey.export.enabled is false: run would change nothing.");
            return 0;
        }
        awaitCluster(Duration.ofSeconds(timeoutSeconds));
        daemon.flows().target().read().adopt();
        Flow.Planned<CatalogEntry> planned = daemon.flows().flow().plan();
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case TABLE -> PlanOutput.table(planned, out);
            case JSON -> PlanOutput.json(planned, out);
        }
        out.flush();
        return planned.plan().changes().isEmpty() ? 0 : SOME_CHANGES;
    }

    private void awaitCluster(Duration timeout) throws InterruptedException {
        try {
            daemon.flows()
                    .source()
                    .start(keys -> {})
                    .toCompletableFuture()
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            String why = daemon.flows().sources().stream()
                    .flatMap(part -> part.error().stream().map(error -> part.name() + ": " + error))
                    .findFirst()
                    .orElse("no answer");
            throw new IllegalStateException(
                    "the API server at " + daemon.kubernetes() + " can't be read within " + timeout.toSeconds() + " s: "
                            + why,
                    e);
        }
    }
}
