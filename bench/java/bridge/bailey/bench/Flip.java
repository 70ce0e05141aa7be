package bridge.bailey.bench;

import bridge.bailey.bench.Figure.Limit;
import bridge.bailey.bench.Flips.Since;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.local.LocalKubernetes;
import bridge.bailey.model.CatalogEntry;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * One endpoint among all flips its readiness: how long until DNS shows it. The floor writes the same check by itself, on
 * an entry of its own beside Bailey's, and asks the same DNS; the two take turns.
 */
final class Flip {

    private final Options options;
    private final LocalKubernetes kubernetes;
    private final LocalConsul consul;
    private final PrintStream progress;
    private final Map<Since, List<Double>> p50 = new EnumMap<>(Since.class);
    private final Map<Since, List<Double>> p99 = new EnumMap<>(Since.class);

    Flip(Options options, LocalKubernetes kubernetes, LocalConsul consul, PrintStream progress) {
        this.options = options;
        this.kubernetes = kubernetes;
        this.consul = consul;
        this.progress = progress;
        for (Since since : Since.values()) {
            p50.put(since, new ArrayList<>());
            p99.put(since, new ArrayList<>());
        }
    }

    List<Figure> run() {
        consul.stop();
        consul.wipe();
        consul.startAgain();
        try (Bridge bridge = new Bridge(kubernetes, consul);
                KubernetesClient client = kubernetes.client();
                RawConsul http = new RawConsul(consul)) {
            bridge.start();
            bridge.awaitDone();
            Duration coalescing = bridge.settings().config().quiet();
            try (Flips flips = new Flips(client, http, consul.dnsPort(), coalescing, small(bridge.written()))) {
                // What is run for the first time is slow.
                flips.times(options.flips());
                for (int run = 1; run <= options.runs(); run++) {
                    note(run, flips.times(options.flips()));
                }
            }
            return figures(coalescing.toNanos() / 1e6);
        }
    }

    private static List<CatalogEntry> small(List<CatalogEntry> written) {
        return written.stream().filter(e -> e.name().equals(Estate.FLIPPING)).toList();
    }

    private void note(int run, Map<Since, List<Double>> times) {
        times.forEach((since, all) -> {
            p50.get(since).add(Series.percentile(all, 50));
            p99.get(since).add(Series.percentile(all, 99));
        });
        progress.printf(
                "flip  %d/%d: p50 %.1f ms since sent, %.1f ms since the event, floor %.1f ms%n",
                run,
                options.runs(),
                p50.get(Since.SENT).get(run - 1),
                p50.get(Since.EVENT).get(run - 1),
                p50.get(Since.FLOOR).get(run - 1));
    }

    /**
     * The figures.
     *
     * @param coalescing how long Bailey waits for more changes, in ms
     */
    private List<Figure> figures(double coalescing) {
        List<Figure> all = new ArrayList<>();
        for (Since since : List.of(Since.EVENT, Since.SENT, Since.ACKNOWLEDGED)) {
            all.add(figure("p50", p50, since, coalescing));
            all.add(figure("p99", p99, since, coalescing));
        }
        all.add(waiting("p50", p50));
        all.add(waiting("p99", p99));
        return all;
    }

    /** What this machine makes of a bridge that only waits and writes. */
    private static Figure waiting(String percentile, Map<Since, List<Double>> values) {
        Series event = new Series(values.get(Since.EVENT));
        Series wait = new Series(values.get(Since.WAIT));
        return Figure.of(
                "(b) … %s against a bare timer and transaction".formatted(percentile),
                "ms",
                event,
                wait,
                event.dividedBy(wait));
    }

    private static Figure figure(String percentile, Map<Since, List<Double>> values, Since since, double coalescing) {
        Series measured = new Series(values.get(since));
        Series floor = new Series(values.get(Since.FLOOR));
        Series beyond = measured.with(floor, (mine, its) -> (mine - coalescing) / its);
        String what = "(b) flip to DNS, %s since %s".formatted(percentile, since.text());
        return since == Since.EVENT
                ? Figure.of(
                        what,
                        "ms",
                        measured,
                        floor,
                        beyond,
                        Limit.atMost("≤ 2 beyond %s ms".formatted(Figure.number(coalescing)), 2))
                : Figure.of(what, "ms", measured, floor, beyond);
    }
}
