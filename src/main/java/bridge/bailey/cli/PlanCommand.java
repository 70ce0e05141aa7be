package bridge.bailey.cli;

import bridge.bailey.flow.Direction;
import bridge.bailey.source.Source;
import bridge.bailey.target.TargetException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
        description = {
            "Prints every change that run would make now, on both sides, and makes none.",
            "+ is to be created, ~ updated, - deleted; ! is withheld, and the last lines say why."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no changes", "2:some changes", "1:error"})
final class PlanCommand implements Callable<Integer> {

    private static final int SOME_CHANGES = 2;

    private final Daemon daemon;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json; default: ${DEFAULT-VALUE}.")
    Output output;

    @Option(
            names = {"-a", "--all"},
            description = "Print each change of a service, however many are alike; JSON always has all.")
    boolean all;

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
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        List<FlowPlan> plans = new ArrayList<>();
        for (Direction<?, ?> flow : daemon.flows().all()) {
            if (flow.enabled()) {
                await(flow, Duration.ofSeconds(timeoutSeconds));
            } else {
                err.println(flow.name() + " is not enabled: run would change nothing there.");
            }
        }
        daemon.flows().resumeHolds();
        for (Direction<?, ?> flow : daemon.flows().all()) {
            if (flow.enabled()) {
                plans.add(new FlowPlan(flow.name(), flow.plan()));
            }
        }
        List<Source.Part> away =
                daemon.flows().sources().stream().filter(part -> !part.up()).toList();
        away.forEach(part -> err.println("Warning: " + part.name() + " can't be read"
                + part.error().map(error -> ": " + error).orElse("")
                + "; what it may feed is not known, and stays as it is"));
        err.flush();
        PlanOutput printed = new PlanOutput(plans, away.isEmpty());
        switch (output) {
            case TEXT -> printed.text(Colours.ofTerminal(), all, out);
            case JSON -> printed.json(out);
        }
        out.flush();
        return plans.stream().anyMatch(FlowPlan::hasChanges) ? SOME_CHANGES : 0;
    }

    private void await(Direction<?, ?> flow, Duration timeout) throws InterruptedException {
        try {
            flow.startSource().toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            String why = flow.parts().stream()
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
