package bridge.bailey.cli;

import bridge.bailey.consul.ConsulException;
import bridge.bailey.flow.Flows;
import bridge.bailey.model.Item;
import bridge.bailey.model.Printable;
import bridge.bailey.target.Outcome;
import bridge.bailey.target.OwnNodes;
import bridge.bailey.target.TargetException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Removes what Bailey wrote. */
@Command(
        name = "purge",
        description = {
            "Removes everything that this cluster's Bailey owns: its entries and nodes in Consul, and the mirrors in the"
                    + " cluster. What others own stays, LegacyServices among it.",
            "Stop Bailey first, or it writes everything again."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing of ours is left",
            "2:something is left: --dry-run, or not confirmed",
            "1:error: Bailey still runs, a side can't be read, or something could not be removed"
        })
final class PurgeCommand implements Callable<Integer> {

    private static final int SOMETHING_LEFT = 2;
    private static final int MOST_TOLD = 10;
    private static final int LONGEST = 300;

    private final Daemon daemon;
    private final RunningBailey running;
    private final Terminal terminal;

    @Option(names = "--consul", description = "Only what is in Consul.")
    boolean consul;

    @Option(names = "--kubernetes", description = "Only what is in the cluster.")
    boolean kubernetes;

    @Option(names = "--dry-run", description = "Print what would be removed, and remove nothing.")
    boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask. Needed where there is no terminal.")
    boolean yes;

    @Option(names = "--force", description = "Even if a Bailey of this cluster seems to run.")
    boolean force;

    @Option(
            names = {"-a", "--all"},
            description = "With --dry-run: print each change, however many are alike.")
    boolean all;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long the API server may take to tell what there is; default: ${DEFAULT-VALUE}.")
    long timeoutSeconds;

    @Spec
    CommandSpec spec;

    PurgeCommand(Daemon daemon, RunningBailey running, Terminal terminal) {
        this.daemon = daemon;
        this.running = running;
        this.terminal = terminal;
    }

    /** One side, as it is before. */
    private record Side(Purge<? extends Item> purge, FlowPlan plan) {}

    @Override
    public Integer call() throws TargetException, ConsulException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Optional<String> runs = running.look();
        if (runs.isPresent() && !force && !dryRun) {
            throw new IllegalStateException(runs.get() + " It would write again what is removed. Nothing was removed;"
                    + " --force removes nevertheless.");
        }
        runs.ifPresent(who -> spec.commandLine().getErr().println("Warning: " + who));
        try (PurgeTargets targets = new PurgeTargets(daemon, timeoutSeconds)) {
            List<Side> sides = sides(targets);
            List<OwnNodes.OwnNode> nodes = inConsul() ? targets.nodes().look() : List.of();
            List<FlowPlan> plans = sides.stream().map(Side::plan).toList();
            Optional<String> key = inConsul() ? targets.key() : Optional.empty();
            if (nodes.isEmpty() && key.isEmpty() && plans.stream().allMatch(FlowPlan::isEmpty)) {
                out.println("Nothing to remove: nothing is owned by cluster \"" + cluster() + "\".");
                return 0;
            }
            if (dryRun) {
                print(plans, nodes, key, out);
                return SOMETHING_LEFT;
            }
            if (!yes && !confirmed(plans, nodes, out)) {
                out.println("Nothing was removed.");
                return SOMETHING_LEFT;
            }
            return remove(sides, targets, out);
        }
    }

    private String cluster() {
        return daemon.settings().config().cluster();
    }

    private boolean inConsul() {
        return consul || !kubernetes;
    }

    private List<Side> sides(PurgeTargets targets) throws TargetException, InterruptedException {
        List<Side> sides = new ArrayList<>();
        if (inConsul()) {
            sides.add(side(new Purge<>(Flows.TO_CONSUL, targets.consul())));
        }
        if (kubernetes || !consul) {
            sides.add(side(new Purge<>(Flows.TO_KUBERNETES, targets.kubernetes())));
        }
        return sides;
    }

    private static Side side(Purge<? extends Item> purge) throws TargetException {
        return new Side(purge, purge.plan());
    }

    private void print(List<FlowPlan> plans, List<OwnNodes.OwnNode> nodes, Optional<String> key, PrintWriter out) {
        Colours colours = Colours.ofTerminal();
        PlanText text = new PlanText(colours, all, out);
        text.print(plans);
        if (!nodes.isEmpty()) {
            out.println(colours.bold("nodes in Consul"));
            nodes.forEach(node -> out.println("    " + line(node, colours)));
            out.println();
        }
        key.ifPresent(name -> {
            out.println(colours.bold("keys in Consul"));
            out.println("    " + colours.of(Colours.Sign.DELETED, name));
            out.println();
        });
        text.summary(plans);
    }

    private static String line(OwnNodes.OwnNode node, Colours colours) {
        return node.foreign().isEmpty()
                ? colours.of(Colours.Sign.DELETED, node.name())
                : colours.of(
                        Colours.Sign.WITHHELD,
                        node.name() + "  stays: others have entries on it: " + some(node.foreign()));
    }

    private static String some(List<String> ids) {
        List<String> told =
                ids.stream().limit(MOST_TOLD).map(id -> Printable.of(id)).toList();
        return String.join(", ", told) + (ids.size() > MOST_TOLD ? " and " + (ids.size() - MOST_TOLD) + " more" : "");
    }

    private boolean confirmed(List<FlowPlan> plans, List<OwnNodes.OwnNode> nodes, PrintWriter out) {
        List<String> counts = new ArrayList<>();
        plans.forEach(plan -> counts.add(count(plan)));
        nodes.stream()
                .filter(node -> !node.foreign().isEmpty())
                .forEach(node -> out.println("Node \"" + node.name() + "\" in Consul stays: others have entries on it: "
                        + some(node.foreign())));
        if (!nodes.isEmpty()) {
            long empty = nodes.stream().filter(node -> node.foreign().isEmpty()).count();
            counts.add(empty + " nodes in Consul");
        }
        out.println(
                "This removes " + String.join(", ", counts) + ": all that cluster \"" + cluster() + "\" owns there.");
        out.flush();
        String answer = terminal.askBeforeRemoving("Type the name of the cluster, or y, to go on: ");
        return answer.equals(cluster()) || answer.equalsIgnoreCase("y");
    }

    private static String count(FlowPlan plan) {
        long changes = plan.changes().count();
        return plan.flow().equals(Flows.TO_CONSUL)
                ? changes + " entries in Consul"
                : changes + " Services and endpoints in the cluster";
    }

    private int remove(List<Side> sides, PurgeTargets targets, PrintWriter out)
            throws TargetException, ConsulException {
        targets.begin();
        int failures = 0;
        for (Side side : sides) {
            List<? extends Outcome<? extends Item>> failed = side.purge().apply();
            out.println(side.plan().flow() + ": " + (side.plan().changes().count() - failed.size()) + " removed"
                    + (failed.isEmpty() ? "" : ", " + failed.size() + " not"));
            failed.stream()
                    .limit(MOST_TOLD)
                    .forEach(o -> out.println(
                            "  " + Printable.of(o.change().id()) + ": " + Printable.of(o.message(), LONGEST)));
            failures += failed.size();
        }
        if (inConsul()) {
            List<OwnNodes.Kept> kept = targets.nodes().removeEmpty();
            kept.forEach(node ->
                    out.println("Node \"" + node.name() + "\" in Consul stays: " + Printable.of(node.why(), LONGEST)));
        }
        if (inConsul() && failures == 0) {
            targets.removeKey();
        }
        return failures == 0 ? 0 : Cli.ERROR;
    }
}
