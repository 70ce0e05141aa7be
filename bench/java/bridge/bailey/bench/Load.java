package bridge.bailey.bench;

import bridge.bailey.bench.Figure.Limit;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.local.LocalKubernetes;
import bridge.bailey.model.CatalogEntry;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import org.awaitility.Awaitility;

/**
 * Endpoints change all the time: up to which rate is a change in Consul within a second, and what happens above it. The shipped
 * application in a process of its own; rates are tried as a ladder, and then twice and five times the highest that held.
 */
final class Load {

    private static final int PER_SERVICE = 10;
    private static final double[] LADDER = {500, 1000, 1500, 2000, 3000, 4000, 6000, 8000, 12000, 16000};
    private static final Duration STEP = Duration.ofSeconds(6);
    private static final long MARKER_EVERY = 20_000_000;
    private static final long TICK = 2_000_000;
    private static final double HELD = 1;
    private static final double[] BEYOND = {2, 5};

    private final Options options;
    private final LocalKubernetes kubernetes;
    private final LocalConsul consul;
    private final PrintStream progress;
    private final FlippingServices services;
    private final List<Double> floor = new ArrayList<>();
    private final List<Step> held = new ArrayList<>();
    private final TreeMap<Double, List<Step>> beyond = new TreeMap<>();
    private int marker;

    Load(Options options, LocalKubernetes kubernetes, LocalConsul consul, PrintStream progress) {
        this.options = options;
        this.kubernetes = kubernetes;
        this.consul = consul;
        this.progress = progress;
        this.services = new FlippingServices(options.instances() / PER_SERVICE, PER_SERVICE);
    }

    /**
     * What one rate did.
     *
     * @param rate endpoints that changed in a second, as sent
     * @param written checks that were written in a second
     * @param passes in a second
     * @param waiting the most services that waited at once
     * @param heap the most that was in use, not collected, in MiB
     * @param resident the memory of the process at the end, in MiB
     * @param drained seconds after the last event until Consul had all
     */
    private record Step(
            double rate,
            double p50,
            double p99,
            double written,
            double passes,
            double waiting,
            double heap,
            double resident,
            double drained) {}

    List<Figure> run() {
        consul.stop();
        consul.wipe();
        consul.startAgain();
        seed();
        EventFeed feed = EventFeed.of(kubernetes);
        try (BaileyProcess bailey = new BaileyProcess(kubernetes, consul);
                Markers markers = new Markers(consul, FlippingServices.MARKER)) {
            bailey.awaitOwned(services.endpoints() + 1);
            feed.awaitWatcher();
            // What is run for the first time is slow.
            step(bailey, feed, markers, LADDER[0]);
            for (int run = 1; run <= options.runs(); run++) {
                floor.add(floor());
                climb(bailey, feed, markers, run);
            }
        } finally {
            kubernetes.intercept(request -> Optional.empty());
        }
        return figures();
    }

    private void seed() {
        try (KubernetesClient client = kubernetes.client()) {
            for (HasMetadata object : services.objects()) {
                client.resource(object).create();
            }
        }
    }

    private void climb(BaileyProcess bailey, EventFeed feed, Markers markers, int run) {
        Step best = null;
        for (double rate : LADDER) {
            Step step = step(bailey, feed, markers, rate);
            tell(run, step);
            if (step.p99() >= HELD) {
                break;
            }
            best = step;
        }
        if (best == null) {
            throw new IllegalStateException("not even " + LADDER[0] + " changes in a second were held");
        }
        held.add(best);
        for (double times : BEYOND) {
            Step step = step(bailey, feed, markers, best.rate() * times);
            tell(run, step);
            beyond.computeIfAbsent(times, t -> new ArrayList<>()).add(step);
        }
    }

    private void tell(int run, Step step) {
        progress.printf(
                "load  %d/%d: %.0f endpoints/s: p50 %.3f s, p99 %.3f s, %.0f written/s, %.1f passes/s, %.0f waited,"
                        + " heap %.0f MiB, resident %.0f MiB, drained in %.1f s, load %.1f%n",
                run,
                options.runs(),
                step.rate(),
                step.p50(),
                step.p99(),
                step.written(),
                step.passes(),
                step.waiting(),
                step.heap(),
                step.resident(),
                step.drained(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** Sends at one rate for a while, and waits until Consul has everything. */
    private Step step(BaileyProcess bailey, EventFeed feed, Markers markers, double rate) {
        Scrape before = bailey.metrics();
        Gauges gauges = new Gauges(bailey);
        markers.take();
        Stopwatch watch = new Stopwatch();
        long count = send(feed, markers, rate);
        double sending = watch.seconds();
        Awaitility.await("Consul has everything").atMost(Duration.ofMinutes(2)).until(markers::settled);
        double all = watch.seconds();
        gauges.close();
        Scrape after = bailey.metrics();
        List<Double> seconds = markers.take();
        return new Step(
                count / sending,
                Series.percentile(seconds, 50),
                Series.percentile(seconds, 99),
                (changes(after) - changes(before)) / all,
                (passes(after) - passes(before)) / all,
                gauges.waiting(),
                gauges.heap(),
                bailey.residentMebibytes(),
                all - sending);
    }

    private static double changes(Scrape scrape) {
        return scrape.sum("bailey_changes_total", "outcome=\"applied\"");
    }

    private static double passes(Scrape scrape) {
        return scrape.sum("bailey_passes_total", "flow=\"to-consul\"");
    }

    /** Evenly, in portions of each tick; how many endpoints were changed. */
    private long send(EventFeed feed, Markers markers, double rate) {
        long start = System.nanoTime();
        long count = 0;
        long nextMarker = start;
        for (long now = start; now - start < STEP.toNanos(); now = System.nanoTime()) {
            while (count < (now - start) / 1e9 * rate) {
                feed.send(services.flipNext());
                count++;
            }
            if (now >= nextMarker) {
                marker++;
                markers.sending(marker);
                feed.send(services.markerAt(Markers.address(marker)));
                nextMarker += MARKER_EVERY;
            }
            LockSupport.parkNanos(TICK);
        }
        return count;
    }

    /** As many checks as bare transactions write in a second, one after the other on one connection. */
    private double floor() {
        try (RawConsul http = new RawConsul(consul)) {
            Raw raw = new Raw("floor-" + floor.size());
            http.put("txn", raw.makeNode());
            List<CatalogEntry> entries = services.entries();
            raw.transactions(entries, http.maxOperations()).forEach(body -> http.put("txn", body));
            List<byte[]> checks = raw.setChecks(entries, false, http.maxOperations());
            Stopwatch watch = new Stopwatch();
            checks.forEach(body -> http.put("txn", body));
            return entries.size() / watch.seconds();
        }
    }

    private List<Figure> figures() {
        List<Figure> all = new ArrayList<>();
        Series rate = series(held, Step::rate);
        Series bare = new Series(floor);
        all.add(Figure.of(
                "(j) changes held with p99 < 1 s, against bare transactions", "/s", rate, bare, rate.dividedBy(bare)));
        all.add(Figure.of("(j) … propagation p50", "s", series(held, Step::p50)));
        all.add(Figure.of("(j) … propagation p99", "s", series(held, Step::p99), Limit.below("< 1 s", HELD)));
        all.add(Figure.of("(j) … heap used at most", "MiB", series(held, Step::heap)));
        beyond.forEach((times, steps) -> {
            String at = "(j) at %.0f times that: ".formatted(times);
            all.add(Figure.of(at + "sent", "/s", series(steps, Step::rate)));
            all.add(Figure.of(at + "propagation p50", "s", series(steps, Step::p50)));
            all.add(Figure.of(at + "propagation p99", "s", series(steps, Step::p99)));
            all.add(Figure.of(at + "changes written", "/s", series(steps, Step::written)));
            all.add(Figure.of(at + "passes", "/s", series(steps, Step::passes)));
            all.add(Figure.of(at + "services that waited, at most", "", series(steps, Step::waiting)));
            all.add(Figure.of(at + "heap used at most (of 256)", "MiB", series(steps, Step::heap)));
            all.add(Figure.of(at + "resident memory", "MiB", series(steps, Step::resident)));
            all.add(Figure.of(at + "after the last event, all is there", "s", series(steps, Step::drained)));
        });
        return all;
    }

    private static Series series(List<Step> steps, ToDoubleFunction<Step> value) {
        return new Series(steps.stream().map(value::applyAsDouble).toList());
    }
}
