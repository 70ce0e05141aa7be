package bridge.bailey.probe;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.Health;
import bridge.bailey.model.Probe;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.Verdict;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When targets are probed, by a clock that only the test moves. */
class ProberTest {

    private static final ServiceKey BILLING = new ServiceKey("shop", "billing");
    private static final Outcome REFUSED = new Outcome(ProbeResult.REFUSED, "connection refused");
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1000 * MILLI;

    private final Time time = new Time();
    private final Fake checks = new Fake();
    private final List<ServiceKey> told = new ArrayList<>();
    private final List<Double> late = new ArrayList<>();
    private final List<ProbeResult> results = new ArrayList<>();
    private final List<ServiceKey> forgotten = new ArrayList<>();

    /** An event loop whose time stands still until the test moves it. */
    private static final class Time implements EventLoop {

        private record Timer(long id, Runnable task) {}

        private final TreeMap<Long, Deque<Timer>> timers = new TreeMap<>();
        private final Deque<Runnable> tasks = new ArrayDeque<>();
        private long now = 7 * SECOND;
        private long ids;
        private boolean stalled;

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
            runTasks();
        }

        private void runTasks() {
            while (!stalled && !tasks.isEmpty()) {
                tasks.remove().run();
            }
        }

        @Override
        public long after(long nanos, Runnable task) {
            timers.computeIfAbsent(now + Math.max(MILLI, nanos), at -> new ArrayDeque<>())
                    .add(new Timer(++ids, task));
            return ids;
        }

        @Override
        public void cancel(long timer) {
            timers.values().forEach(all -> all.removeIf(one -> one.id() == timer));
        }

        /** Runs what comes due, each at its time. */
        void pass(Duration duration) {
            long end = now + duration.toNanos();
            while (!timers.isEmpty() && timers.firstKey() <= end) {
                Map.Entry<Long, Deque<Timer>> first = timers.pollFirstEntry();
                now = Math.max(now, first.getKey());
                first.getValue().forEach(timer -> execute(timer.task()));
            }
            now = Math.max(now, end);
        }

        /** The thread is held up: what came due runs at the end. */
        void stall(Duration duration) {
            now += duration.toNanos();
            pass(Duration.ZERO);
        }
    }

    private record Run(ProbeTarget target, Probe probe, long at, Promise<Outcome> outcome) {}

    private final class Fake implements Checks {

        private final List<Run> runs = new ArrayList<>();
        private final Map<Probe, Integer> users = new HashMap<>();
        private Function<Run, Optional<Outcome>> answer = run -> Optional.of(Outcome.PASSED);
        private boolean closed;

        @Override
        public void retain(Probe probe) {
            users.merge(probe, 1, Integer::sum);
        }

        @Override
        public void release(Probe probe) {
            users.computeIfPresent(probe, (same, count) -> count == 1 ? null : count - 1);
        }

        @Override
        public Future<Outcome> run(ProbeTarget target, Probe probe) {
            Run run = new Run(target, probe, time.now, Promise.promise());
            runs.add(run);
            answer.apply(run).ifPresent(run.outcome()::complete);
            return run.outcome().future();
        }

        @Override
        public void close() {
            closed = true;
        }

        List<Long> times(ProbeTarget target) {
            return runs.stream()
                    .filter(run -> run.target().equals(target))
                    .map(Run::at)
                    .toList();
        }
    }

    private Prober prober(int maxInFlight) {
        ProbeObserver observer = new ProbeObserver() {
            @Override
            public void observed(ServiceKey key, ProbeResult result, double seconds) {
                results.add(result);
            }

            @Override
            public void began(double secondsLate) {
                late.add(secondsLate);
            }

            @Override
            public void suspects(Optional<ServiceKey> service, boolean suspected, int healthy, int judged) {}

            @Override
            public void forgotten(ServiceKey key) {
                forgotten.add(key);
            }
        };
        return new Prober(
                time,
                checks,
                maxInFlight,
                0,
                new SplittableRandom(42),
                () -> Instant.EPOCH.plusNanos(time.now),
                () -> time.now,
                told::add,
                observer);
    }

    private static ProbeTarget vm(int number) {
        return new ProbeTarget("10.0." + number / 250 + "." + number % 250, 80);
    }

    private static Probe every(Duration interval) {
        return new Probe(new Probe.Check.Tcp(""), interval, Duration.ofSeconds(2), 2, 3, Health.UNHEALTHY);
    }

    private static final Probe TEN_SECONDS = every(Duration.ofSeconds(10));

    private static ProbeSet set(Probe probe, int count) {
        Map<ProbeTarget, Probe> targets = new HashMap<>();
        IntStream.range(0, count).forEach(number -> targets.put(vm(number), probe));
        return new ProbeSet(targets, 0);
    }

    private void forgetWhatWas() {
        checks.runs.clear();
        late.clear();
        told.clear();
    }

    @Test
    void aNewTargetIsDecidedWithinSeconds() {
        Prober prober = prober(10);
        prober.watch(BILLING, set(TEN_SECONDS, 1));
        time.pass(Duration.ofMillis(1010));

        assertThat(checks.runs).hasSize(2);
        assertThat(prober.verdicts(BILLING).get(vm(0)).health()).isEqualTo(Health.HEALTHY);
        assertThat(told).containsExactly(BILLING);
    }

    @Test
    void aServiceThatIsGoneIsForgottenOnceAndNothingIsToldOfItAfterwards() {
        checks.answer = run -> Optional.empty();
        Prober prober = prober(10);
        prober.watch(BILLING, ProbeSet.EMPTY);
        prober.watch(BILLING, set(TEN_SECONDS, 2));
        time.pass(Duration.ofMillis(10));
        prober.watch(BILLING, set(TEN_SECONDS, 1));
        assertThat(forgotten).isEmpty();

        prober.watch(BILLING, ProbeSet.EMPTY);
        prober.watch(BILLING, ProbeSet.EMPTY);
        checks.runs.forEach(run -> run.outcome().complete(Outcome.PASSED));

        assertThat(checks.runs).hasSize(2);
        assertThat(forgotten).containsExactly(BILLING);
        assertThat(results).isEmpty();
    }

    @Test
    void theRhythmNeverDriftsHoweverLongProbesTake() {
        Prober prober = prober(10);
        prober.watch(BILLING, set(TEN_SECONDS, 1));
        time.pass(Duration.ofSeconds(30));
        forgetWhatWas();
        SplittableRandom random = new SplittableRandom(1);
        checks.answer = run -> {
            time.after(random.nextLong(2 * SECOND), () -> run.outcome().complete(REFUSED));
            return Optional.empty();
        };
        time.pass(Duration.ofSeconds(1000));

        List<Long> times = checks.times(vm(0));
        assertThat(times).hasSize(100);
        long first = times.get(0);
        assertThat(IntStream.range(0, 100).mapToObj(i -> times.get(i) - first - i * 10L * SECOND))
                .allSatisfy(drift -> assertThat(drift).isBetween(-MILLI, MILLI));
    }

    @Test
    void whatWasMissedIsLeftOutAndTheRhythmStays() {
        Prober prober = prober(10);
        prober.watch(BILLING, set(TEN_SECONDS, 1));
        time.pass(Duration.ofSeconds(30));
        long before = checks.runs.get(checks.runs.size() - 1).at();
        forgetWhatWas();

        time.stall(Duration.ofSeconds(45));
        assertThat(checks.runs).hasSize(1);
        assertThat(late.get(0)).isGreaterThan(10);
        time.pass(Duration.ofSeconds(20));

        assertThat(checks.times(vm(0))).hasSize(3).last().satisfies(last -> assertThat((last - before) % (10 * SECOND))
                .isLessThan(MILLI));
    }

    @Test
    void manyTargetsAreSpreadOverTheInterval() {
        Prober prober = prober(5000);
        prober.watch(BILLING, set(TEN_SECONDS, 5000));
        time.pass(Duration.ofSeconds(30));
        forgetWhatWas();
        long start = time.now;
        time.pass(Duration.ofSeconds(10));

        assertThat(checks.runs).hasSizeBetween(4990, 5010);
        int[] perSecond = new int[11];
        checks.runs.forEach(run -> perSecond[(int) ((run.at() - start) / SECOND)]++);
        assertThat(IntStream.range(0, 10).map(i -> perSecond[i])).allMatch(count -> count > 350 && count < 650);
        assertThat(late).allMatch(seconds -> seconds < 0.002);
    }

    @Test
    void manyFirstProbesAreSpreadOverASecond() {
        Prober prober = prober(5000);
        prober.watch(BILLING, set(TEN_SECONDS, 5000));
        time.pass(Duration.ofMillis(100));

        assertThat(checks.runs).hasSizeBetween(200, 1500);
    }

    @Test
    void noMoreThanTheLimitAreUnderWayAndWhoWaitedLongestIsNext() {
        Prober prober = prober(3);
        checks.answer = run -> Optional.empty();
        prober.watch(BILLING, set(TEN_SECONDS, 20));
        time.pass(Duration.ofMillis(900));
        assertThat(checks.runs).hasSize(3);

        for (int i = 0; i < 17; i++) {
            checks.runs.get(i).outcome().complete(Outcome.PASSED);
        }
        assertThat(checks.runs).hasSize(20);
        assertThat(checks.runs.stream().map(Run::target).distinct()).hasSize(20);
        assertThat(late.subList(3, 20))
                .as("in the order in which they came due")
                .isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    @Test
    void probesThatEndAtOnceDoNotPileUp() {
        Prober prober = prober(1);
        prober.watch(BILLING, set(TEN_SECONDS, 20_000));
        time.stall(Duration.ofSeconds(2));

        assertThat(checks.runs).hasSizeGreaterThanOrEqualTo(20_000);
    }

    @Test
    void aTargetThatIsGoneIsProbedNoMoreAndItsAnswerIsDropped() {
        Prober prober = prober(1);
        checks.answer = run -> Optional.empty();
        prober.watch(BILLING, set(TEN_SECONDS, 1));
        time.pass(Duration.ofSeconds(1));
        prober.watch(BILLING, ProbeSet.EMPTY);
        checks.runs.get(0).outcome().complete(Outcome.PASSED);
        time.pass(Duration.ofMinutes(1));

        assertThat(checks.runs).hasSize(1);
        assertThat(prober.verdicts(BILLING)).isEmpty();
        assertThat(results).isEmpty();
        assertThat(checks.users).isEmpty();

        prober.watch(BILLING, set(TEN_SECONDS, 1));
        time.pass(Duration.ofSeconds(1));
        assertThat(checks.runs).as("its place is free again").hasSize(2);
    }

    @Test
    void theSameSetAgainChangesNothing() {
        Prober prober = prober(10);
        prober.watch(BILLING, set(TEN_SECONDS, 2));
        time.pass(Duration.ofSeconds(30));
        List<Long> before = checks.times(vm(0));
        forgetWhatWas();
        for (int i = 0; i < 100; i++) {
            prober.watch(BILLING, set(TEN_SECONDS, i % 2 + 1));
            time.pass(Duration.ofMillis(100));
        }

        assertThat(checks.times(vm(0))).hasSize(1);
        assertThat(checks.times(vm(0)).get(0) - before.get(before.size() - 1))
                .isBetween(10 * SECOND - MILLI, 10 * SECOND + MILLI);
    }

    @Test
    void aChangedProbeKeepsTheVerdictAndTheOldAnswerIsDropped() {
        Prober prober = prober(10);
        prober.watch(BILLING, set(TEN_SECONDS, 1));
        time.pass(Duration.ofSeconds(30));
        checks.answer = run -> Optional.empty();
        time.pass(Duration.ofSeconds(10));
        Run old = checks.runs.get(checks.runs.size() - 1);
        results.clear();
        forgetWhatWas();

        Probe changed = every(Duration.ofSeconds(5));
        prober.watch(BILLING, set(changed, 1));
        old.outcome().complete(REFUSED);
        assertThat(results).isEmpty();
        Verdict verdict = prober.verdicts(BILLING).get(vm(0));
        assertThat(verdict.health()).isEqualTo(Health.HEALTHY);
        assertThat(verdict.reason()).isEmpty();

        time.pass(Duration.ofSeconds(5));
        assertThat(checks.runs).hasSize(1).allMatch(run -> run.probe().equals(changed));
        assertThat(checks.users).containsOnlyKeys(changed);
    }

    @Test
    void aProbeThatOutlastsItsIntervalIsNotJoinedByAnother() {
        Prober prober = prober(10);
        checks.answer = run -> Optional.empty();
        prober.watch(BILLING, set(TEN_SECONDS, 1));
        time.pass(Duration.ofSeconds(60));

        assertThat(checks.runs).hasSize(1);
    }

    @Test
    void aListenerThatThrowsDoesNotStopTheProbes() {
        Prober prober = new Prober(
                time,
                checks,
                1,
                0,
                new SplittableRandom(42),
                () -> Instant.EPOCH,
                () -> time.now,
                key -> {
                    throw new IllegalStateException("of the listener");
                },
                new VerdictsPropertyTest.Deaf());
        prober.watch(BILLING, set(TEN_SECONDS, 3));
        for (int i = 0; i < 60; i++) {
            try {
                time.pass(Duration.ofSeconds(1));
            } catch (IllegalStateException expected) {
                assertThat(expected).hasMessage("of the listener");
            }
        }

        IntStream.range(0, 3)
                .forEach(number -> assertThat(checks.times(vm(number))).hasSizeGreaterThan(5));
    }

    @Test
    void closingEndsEverything() {
        Prober prober = prober(10);
        prober.watch(BILLING, set(TEN_SECONDS, 5));
        time.pass(Duration.ofSeconds(5));
        forgetWhatWas();
        prober.close();
        prober.watch(BILLING, set(TEN_SECONDS, 6));
        time.pass(Duration.ofMinutes(1));

        assertThat(checks.runs).isEmpty();
        assertThat(checks.closed).isTrue();
    }
}
