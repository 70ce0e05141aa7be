package bridge.bailey.cli;

import bridge.bailey.check.SyncCatalog;
import bridge.bailey.consul.ConsulException;
import bridge.bailey.model.Printable;
import bridge.bailey.target.CatalogSync;
import bridge.bailey.target.Counterparts;
import bridge.bailey.target.Counterparts.Left;
import bridge.bailey.target.Counterparts.Match;
import bridge.bailey.target.SyncedEntry;
import bridge.bailey.target.TargetException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes over from the catalog sync of consul-k8s. */
@Command(
        name = "adopt",
        description = {
            "Takes over the entries of consul-k8s catalog sync without a gap in DNS: removes each of them that Bailey's"
                    + " own entry stands in for, and leaves the others.",
            "First scale the catalog sync to 0, then let Bailey run, then adopt, and only then disable syncCatalog in"
                    + " Helm: docs/commands.md says why."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing of catalog sync is left",
            "2:something is left: without a counterpart, --dry-run, or not confirmed",
            "1:error: catalog sync still runs, or Consul can't be read"
        })
final class AdoptCommand implements Callable<Integer> {

    private static final int SOMETHING_LEFT = 2;
    private static final int LONGEST = 300;

    /** Catalog sync registers everything anew every 30 s, unless it was told otherwise. */
    private static final String SYNC_PERIOD = "35";

    private final Daemon daemon;
    private final Terminal terminal;

    @Option(
            names = "--node",
            paramLabel = "NAME",
            defaultValue = "k8s-sync",
            description = "The node of consul-k8s (syncCatalog.consulNodeName); default: ${DEFAULT-VALUE}.")
    String node;

    @Option(names = "--dry-run", description = "Print what would be removed, and remove nothing.")
    boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask. Needed where there is no terminal.")
    boolean yes;

    @Option(names = "--force", description = "Even if the catalog sync of consul-k8s seems to run.")
    boolean force;

    @Option(
            names = "--watch",
            paramLabel = "SECONDS",
            defaultValue = SYNC_PERIOD,
            description = "How long to watch afterwards whether entries come back, which tells that catalog sync still"
                    + " runs; default: ${DEFAULT-VALUE}, a little more than its period.")
    long watchSeconds;

    @Spec
    CommandSpec spec;

    AdoptCommand(Daemon daemon, Terminal terminal) {
        this.daemon = daemon;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws TargetException, ConsulException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        refuseIfItRuns();
        CatalogSync sync = new CatalogSync(
                daemon.consul(),
                daemon.settings().config().cluster(),
                node,
                daemon.settings().consulNode());
        CatalogSync.Found found = sync.look();
        if (!found.exists()) {
            out.println("Nothing to adopt: Consul has no node \"" + node + "\".");
            return 0;
        }
        print(found, out);
        if (dryRun) {
            return found.counterparts().matched().isEmpty() && isClear(found) ? 0 : SOMETHING_LEFT;
        }
        if (!found.counterparts().matched().isEmpty() && !yes && !confirmed(found.counterparts(), out)) {
            out.println("Nothing was removed.");
            return SOMETHING_LEFT;
        }
        return adopt(sync, found, out);
    }

    private void refuseIfItRuns() {
        List<SyncCatalog.Running> running =
                new SyncCatalog(daemon.client()).look().orElse(List.of());
        if (running.isEmpty()) {
            return;
        }
        String stop = running.stream().map(SyncCatalog.Running::stop).collect(Collectors.joining("\n  "));
        String text =
                "the catalog sync of consul-k8s runs: it registers its entries anew every 30 s, and removes entries"
                        + " of Bailey's that have its tag. Stop it first:\n  " + stop;
        if (!force && !dryRun) {
            throw new IllegalStateException(text + "\nNothing was removed; --force goes on nevertheless.");
        }
        spec.commandLine().getErr().println("Warning: " + text);
    }

    private static boolean isClear(CatalogSync.Found found) {
        return found.counterparts().left().isEmpty() && found.others().isEmpty();
    }

    private void print(CatalogSync.Found found, PrintWriter out) {
        Colours colours = Colours.ofTerminal();
        Counterparts all = found.counterparts();
        out.println(colours.bold("node " + node));
        TreeMap<String, List<String>> lines = new TreeMap<>();
        all.matched().forEach(match -> lines.computeIfAbsent(match.theirs().name(), n -> new ArrayList<>())
                .add(colours.of(Colours.Sign.DELETED, line(match.theirs()) + "  Bailey's: " + line(match))));
        all.left().forEach(left -> lines.computeIfAbsent(left.theirs().name(), n -> new ArrayList<>())
                .add(colours.of(Colours.Sign.WITHHELD, line(left))));
        lines.forEach((name, some) -> {
            out.println("  " + colours.bold(text(name)));
            some.forEach(line -> out.println("    " + line));
        });
        found.others()
                .forEach(id -> out.println("    "
                        + colours.of(Colours.Sign.WITHHELD, text(id) + "  stays: not an entry of catalog sync")));
        out.println();
        out.println(colours.bold(all.matched().size() + " to remove, "
                + (all.left().size() + found.others().size()) + " to leave"));
    }

    private static String line(Match match) {
        return text(match.ours().id()) + ", " + word(match.ours());
    }

    private static String line(Left left) {
        return line(left.theirs()) + "  stays: " + text(left.why());
    }

    private static String line(SyncedEntry entry) {
        return text(entry.place()) + " " + word(entry);
    }

    private static String word(SyncedEntry entry) {
        return entry.status().text();
    }

    private static String text(String text) {
        return Printable.of(text, LONGEST);
    }

    private boolean confirmed(Counterparts all, PrintWriter out) {
        out.flush();
        return terminal.askBeforeRemoving("Remove " + all.matched().size() + " entries of consul-k8s? (y/n) ")
                .equalsIgnoreCase("y");
    }

    private int adopt(CatalogSync sync, CatalogSync.Found found, PrintWriter out)
            throws ConsulException, InterruptedException {
        CatalogSync.Done done = sync.remove(found.counterparts().matched());
        done.left().forEach(left -> out.println("Left: " + text(left.theirs().name()) + " " + line(left)));
        out.println(done.removed().size() + " removed.");
        out.flush();
        Set<String> ids =
                done.removed().stream().map(match -> match.theirs().id()).collect(Collectors.toSet());
        Set<String> back = comeBack(sync, ids);
        if (!back.isEmpty()) {
            throw new IllegalStateException(
                    back.size() + " of them came back, " + text(back.iterator().next())
                            + " among them: a catalog sync of consul-k8s still runs, in this cluster or another. Find it by"
                            + " kubectl get deployments -A -l component=sync-catalog, scale it to 0, and adopt again.");
        }
        boolean gone = done.left().isEmpty() && isClear(found) && sync.removeIfEmpty();
        out.println(gone ? "Node \"" + node + "\" removed: nothing was left on it." : "Node \"" + node + "\" stays.");
        return gone ? 0 : SOMETHING_LEFT;
    }

    /** Looks every second for as long as was asked for, and at least once. */
    private Set<String> comeBack(CatalogSync sync, Set<String> ids) throws ConsulException, InterruptedException {
        if (ids.isEmpty()) {
            return Set.of();
        }
        long end = System.nanoTime() + Duration.ofSeconds(watchSeconds).toNanos();
        while (true) {
            Set<String> back = sync.present(ids);
            long left = end - System.nanoTime();
            if (!back.isEmpty() || left <= 0) {
                return back;
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
        }
    }
}
