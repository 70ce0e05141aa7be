package bridge.bailey.bench;

import bridge.bailey.bench.Figure.Limit;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.local.LocalKubernetes;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The shipped application with everything in Consul, and nothing to do. A second, unused Consul is the comparison. */
final class Idle {

    private static final String NODE = "catalog/node-services/k8s-" + Bridge.CLUSTER;

    private final Options options;
    private final LocalKubernetes kubernetes;
    private final LocalConsul consul;
    private final PrintStream progress;
    private final List<Double> cpu = new ArrayList<>();
    private final List<Double> writes = new ArrayList<>();
    private final List<Double> indexes = new ArrayList<>();
    private final List<Double> raft = new ArrayList<>();
    private final List<Double> raftUnused = new ArrayList<>();
    private final List<Double> fullPasses = new ArrayList<>();
    private final List<Double> heap = new ArrayList<>();
    private final List<Double> resident = new ArrayList<>();

    Idle(Options options, LocalKubernetes kubernetes, LocalConsul consul, PrintStream progress) {
        this.options = options;
        this.kubernetes = kubernetes;
        this.consul = consul;
        this.progress = progress;
    }

    List<Figure> run() {
        consul.stop();
        consul.wipe();
        consul.startAgain();
        try (LocalConsul unused = LocalConsul.start();
                RawConsul http = new RawConsul(consul);
                BaileyProcess bailey = new BaileyProcess(kubernetes, consul)) {
            bailey.awaitOwned(options.instances());
            pass(options.settle());
            for (int run = 1; run <= options.runs(); run++) {
                window(bailey, http, unused);
                progress.printf(
                        "idle  %d/%d: %.2f %% of a core, %.0f writes, %.0f full passes, heap %.1f MiB, resident %.0f MiB%n",
                        run, options.runs(), last(cpu), last(writes), last(fullPasses), last(heap), last(resident));
            }
        }
        return figures();
    }

    /** One reading of everything that must not grow. */
    private record Counts(Scrape metrics, long index, long raft, long raftUnused, Duration cpu) {

        static Counts of(BaileyProcess bailey, RawConsul http, LocalConsul consul, LocalConsul unused) {
            return new Counts(
                    bailey.metrics(), http.index(NODE), RawConsul.raft(consul), RawConsul.raft(unused), bailey.cpu());
        }

        double transactions() {
            return metrics.sum("bailey_target_request_seconds_count", "kind=\"txn\"")
                    + metrics.sum("bailey_changes_total", "");
        }
    }

    private void window(BaileyProcess bailey, RawConsul http, LocalConsul unused) {
        Counts before = Counts.of(bailey, http, consul, unused);
        Stopwatch watch = new Stopwatch();
        pass(options.idle());
        double seconds = watch.seconds();
        Duration busy = bailey.cpu().minus(before.cpu());
        Counts after = Counts.of(bailey, http, consul, unused);
        cpu.add(100 * busy.toNanos() / 1e9 / seconds);
        writes.add(after.transactions() - before.transactions());
        indexes.add((double) after.index() - before.index());
        raft.add((double) after.raft() - before.raft());
        raftUnused.add((double) after.raftUnused() - before.raftUnused());
        fullPasses.add(fullPasses(after) - fullPasses(before));
        bailey.collectGarbage();
        heap.add(bailey.metrics().sum("jvm_memory_bytes_used", "area=\"heap\"") / (1 << 20));
        resident.add(bailey.residentMebibytes());
    }

    private static double fullPasses(Counts counts) {
        return counts.metrics().sum("bailey_passes_total", "scope=\"full\"");
    }

    private static double last(List<Double> values) {
        return values.get(values.size() - 1);
    }

    /** Lets time pass: to be idle is what is measured. */
    private static void pass(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private List<Figure> figures() {
        Limit none = Limit.never();
        Series withBailey = new Series(raft);
        Series without = new Series(raftUnused);
        return List.of(
                Figure.of("(c) idle: CPU of a core", "%", new Series(cpu), Limit.below("< 1 %", 1)),
                Figure.of("(c) idle: transactions and changes Bailey sent", "", new Series(writes), none),
                Figure.of("(c) idle: growth of Consul's catalog index", "", new Series(indexes), none),
                Figure.beside("(c) … entries in Raft's log, against an unused Consul", "", withBailey, without),
                Figure.of("(c) … full passes in the time", "", new Series(fullPasses)),
                Figure.of("(d) heap after (c), collected", "MiB", new Series(heap)),
                Figure.of("(d) … resident memory", "MiB", new Series(resident)));
    }
}
