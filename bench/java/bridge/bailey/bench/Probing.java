package bridge.bailey.bench;

import bridge.bailey.bench.Figure.Limit;
import bridge.bailey.model.Health;
import bridge.bailey.model.Probe;
import bridge.bailey.model.Probe.Check;
import bridge.bailey.model.Probe.Encryption;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.probe.ProbeObserver;
import bridge.bailey.probe.ProbeResult;
import bridge.bailey.probe.ProbeSet;
import bridge.bailey.probe.Prober;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Thousands of targets probed by HTTP on loopback, at the same time as a bare loop probes as many. */
final class Probing {

    private static final int TARGETS = 5000;
    private static final int SERVICES = 20;
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Probe PROBE = new Probe(
            new Check.Http("", "/health", "", 200, 299, new Encryption.None()),
            INTERVAL,
            Duration.ofSeconds(2),
            2,
            3,
            Health.UNHEALTHY);
    private static final int MAX_IN_FLIGHT = 512;

    private final Options options;
    private final PrintStream progress;
    private final Watcher watcher = new Watcher();
    private final Lateness bareLate = new Lateness();
    private final List<Double> cpu = new ArrayList<>();
    private final List<Double> bareCpu = new ArrayList<>();
    private final List<Double> perSecond = new ArrayList<>();
    private final List<Double> failed = new ArrayList<>();
    private final List<Double> late50 = new ArrayList<>();
    private final List<Double> late99 = new ArrayList<>();
    private final List<Double> bareLate50 = new ArrayList<>();
    private final List<Double> bareLate99 = new ArrayList<>();
    private double heap;

    Probing(Options options, PrintStream progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Times in seconds, taken by one thread and read by another. */
    private static final class Lateness {

        private final List<Double> seconds = new ArrayList<>();

        synchronized void add(double late) {
            seconds.add(late);
        }

        synchronized List<Double> take() {
            List<Double> taken = List.copyOf(seconds);
            seconds.clear();
            return taken;
        }
    }

    private static final class Watcher implements ProbeObserver {

        private final Lateness late = new Lateness();
        private final AtomicLong probes = new AtomicLong();
        private final AtomicLong failures = new AtomicLong();

        @Override
        public void observed(ServiceKey key, ProbeResult result, double seconds) {
            probes.incrementAndGet();
            if (result != ProbeResult.SUCCESS) {
                failures.incrementAndGet();
            }
        }

        @Override
        public void began(double secondsLate) {
            late.add(secondsLate);
        }

        @Override
        public void suspects(Optional<ServiceKey> service, boolean suspected, int healthy, int judged) {}
    }

    List<Figure> run() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        long loop = threadOf(vertx);
        try (HttpTargets servers = new HttpTargets(TARGETS / SERVICES)) {
            double before = heapMebibytes();
            try (Prober prober = prober(vertx)) {
                watch(prober, servers.ports());
                awaitHealthy(prober);
                pass(INTERVAL);
                heap = heapMebibytes() - before;
                try (BareProbes bare = new BareProbes(servers.ports(), TARGETS, INTERVAL, bareLate::add)) {
                    pass(INTERVAL);
                    for (int run = 1; run <= options.runs(); run++) {
                        window(loop, bare);
                        progress.printf(
                                "probe %d/%d: %.1f %% of a core (bare %.1f %%), %.0f probes a second, late p99 %.2f ms (bare %.2f ms)%n",
                                run,
                                options.runs(),
                                last(cpu),
                                last(bareCpu),
                                last(perSecond),
                                last(late99),
                                last(bareLate99));
                    }
                }
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
        return figures();
    }

    /** All of it runs on the only event loop. */
    private static long threadOf(Vertx vertx) {
        CompletableFuture<Long> id = new CompletableFuture<>();
        vertx.runOnContext(ignored -> id.complete(Thread.currentThread().getId()));
        return id.join();
    }

    private Prober prober(Vertx vertx) {
        return new Prober(
                vertx,
                MAX_IN_FLIGHT,
                0,
                new SplittableRandom(),
                InstantSource.system(),
                System::nanoTime,
                key -> {},
                watcher);
    }

    private static ServiceKey service(int number) {
        return new ServiceKey("bench", "legacy-" + number);
    }

    private static void watch(Prober prober, List<Integer> ports) {
        Map<ProbeTarget, Probe> targets = new HashMap<>();
        ports.forEach(port -> targets.put(new ProbeTarget("127.0.0.1", port), PROBE));
        IntStream.range(0, SERVICES).forEach(number -> prober.watch(service(number), new ProbeSet(targets, 0)));
    }

    private static void awaitHealthy(Prober prober) {
        Stopwatch watch = new Stopwatch();
        while (IntStream.range(0, SERVICES).anyMatch(number -> !allHealthy(prober, service(number)))) {
            if (watch.seconds() > 60) {
                throw new IllegalStateException("the targets are not all healthy after a minute");
            }
            pass(Duration.ofMillis(100));
        }
    }

    private static boolean allHealthy(Prober prober, ServiceKey key) {
        var verdicts = prober.verdicts(key).values();
        return verdicts.size() == TARGETS / SERVICES
                && verdicts.stream().allMatch(verdict -> verdict.health() == Health.HEALTHY);
    }

    private void window(long loop, BareProbes bare) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        watcher.late.take();
        bareLate.take();
        long probes = watcher.probes.get();
        long failures = watcher.failures.get();
        long answers = bare.answers();
        long mine = threads.getThreadCpuTime(loop);
        long its = threads.getThreadCpuTime(bare.threadId());
        Stopwatch watch = new Stopwatch();
        pass(INTERVAL);
        double seconds = watch.seconds();
        cpu.add(100 * (threads.getThreadCpuTime(loop) - mine) / 1e9 / seconds);
        bareCpu.add(100 * (threads.getThreadCpuTime(bare.threadId()) - its) / 1e9 / seconds);
        perSecond.add((watcher.probes.get() - probes) / seconds);
        failed.add((double) watcher.failures.get() - failures);
        percentiles(watcher.late.take(), late50, late99);
        percentiles(bareLate.take(), bareLate50, bareLate99);
        if (bare.answers() == answers) {
            throw new IllegalStateException("the bare loop had no answer");
        }
    }

    private static void percentiles(List<Double> seconds, List<Double> p50, List<Double> p99) {
        p50.add(1000 * Series.percentile(seconds, 50));
        p99.add(1000 * Series.percentile(seconds, 99));
    }

    private static double last(List<Double> values) {
        return values.get(values.size() - 1);
    }

    private static double heapMebibytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / (double) (1 << 20);
    }

    /** Lets time pass: the schedule is what is measured. */
    private static void pass(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private List<Figure> figures() {
        Series mine = new Series(cpu);
        Series bare = new Series(bareCpu);
        return List.of(
                Figure.of("(e) 5,000 targets every 10 s: CPU of a core", "%", mine, bare, mine.dividedBy(bare)),
                Figure.of("(e) … probes a second", "", new Series(perSecond)),
                Figure.of("(e) … probes that failed", "", new Series(failed), Limit.never()),
                Figure.beside("(e) … late p50", "ms", new Series(late50), new Series(bareLate50)),
                Figure.beside("(e) … late p99", "ms", new Series(late99), new Series(bareLate99)),
                Figure.of("(e) … heap, collected", "MiB", new Series(List.of(heap))));
    }
}
