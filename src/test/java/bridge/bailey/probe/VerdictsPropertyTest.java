package bridge.bailey.probe;

import static bridge.bailey.model.Health.HEALTHY;
import static bridge.bailey.model.Health.UNHEALTHY;
import static bridge.bailey.model.Health.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.Health;
import bridge.bailey.model.Probe;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any sequence of outcomes, of targets that come and go, over two services. */
class VerdictsPropertyTest {

    private static final List<ServiceKey> KEYS = List.of(new ServiceKey("shop", "a"), new ServiceKey("shop", "b"));
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Probe PROBE =
            new Probe(new Probe.Check.Tcp(""), INTERVAL, Duration.ofSeconds(2), 2, 2, UNHEALTHY);

    /** One thing that happens: a probe's outcome or, if empty, the target leaves or comes back. */
    record Step(int service, int target, Optional<Boolean> passed, int seconds) {}

    private final Map<ServiceKey, Set<ProbeTarget>> watched = new HashMap<>();
    private final Map<ServiceKey, Map<ProbeTarget, Verdict>> seen = new HashMap<>();
    private final Set<ServiceKey> told = new HashSet<>();

    @Property
    void theRulesHoldAfterEachStep(
            @ForAll("steps") List<Step> steps, @ForAll("shares") double own, @ForAll("shares") double bridge) {
        Verdicts verdicts = new Verdicts(bridge, told::add, new Deaf());
        watched.clear();
        seen.clear();
        KEYS.forEach(key -> watched.put(key, new HashSet<>()));
        long seconds = 0;
        for (Step step : steps) {
            seconds += step.seconds();
            told.clear();
            apply(verdicts, step, own, new Moment(seconds * 1_000_000_000, Instant.ofEpochSecond(seconds)));
            for (ServiceKey key : KEYS) {
                check(verdicts.of(key), own, bridge);
                checkTold(key, verdicts.of(key));
            }
        }
    }

    private void apply(Verdicts verdicts, Step step, double own, Moment now) {
        ServiceKey key = KEYS.get(step.service());
        ProbeTarget target = new ProbeTarget("10.0.0." + step.target(), 80);
        Set<ProbeTarget> targets = watched.get(key);
        if (step.passed().isPresent() && targets.contains(target)) {
            verdicts.take(key, target, outcome(step.passed().get()), now);
            return;
        }
        if (!targets.remove(target)) {
            targets.add(target);
        }
        Map<ProbeTarget, Probe> set = new HashMap<>();
        targets.forEach(one -> set.put(one, PROBE));
        verdicts.watch(key, new ProbeSet(set, own), now);
    }

    private static Outcome outcome(boolean passed) {
        return passed ? Outcome.PASSED : new Outcome(ProbeResult.REFUSED, "connection refused");
    }

    private static void check(Map<ProbeTarget, Verdict> of, double own, double bridge) {
        Collection<Verdict> all = of.values();
        long judged = all.stream().filter(v -> v.measured() != UNKNOWN).count();
        long healthy = all.stream().filter(v -> v.measured() == HEALTHY).count();
        if (judged > 0 && (double) healthy / judged < own) {
            assertThat(all).as("fewer healthy than %s", own).allMatch(Verdict::suspected);
        }
        for (Verdict verdict : all) {
            if (verdict.measured() != UNHEALTHY) {
                assertThat(verdict.health()).isEqualTo(verdict.measured());
            }
            if (!verdict.suspected() || (own == 0 && bridge == 0)) {
                assertThat(verdict.health()).isEqualTo(verdict.measured());
            }
        }
    }

    private void checkTold(ServiceKey key, Map<ProbeTarget, Verdict> now) {
        Map<ProbeTarget, Verdict> before = seen.getOrDefault(key, Map.of());
        if (!healths(before).equals(healths(now))) {
            assertThat(told).contains(key);
        }
        seen.put(key, now);
    }

    private static Map<ProbeTarget, Health> healths(Map<ProbeTarget, Verdict> verdicts) {
        Map<ProbeTarget, Health> healths = new HashMap<>();
        verdicts.forEach((target, verdict) -> {
            if (verdict.health() != UNKNOWN) {
                healths.put(target, verdict.health());
            }
        });
        return healths;
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.integers().between(1, 5),
                        Arbitraries.of(true, false, false).optional(0.9),
                        Arbitraries.integers().between(0, 12))
                .as(Step::new)
                .list()
                .ofMaxSize(120);
    }

    @Provide
    Arbitrary<Double> shares() {
        return Arbitraries.of(0.0, 0.3, 0.5, 1.0);
    }

    static final class Deaf implements ProbeObserver {
        @Override
        public void observed(ServiceKey key, ProbeResult result, double seconds) {}

        @Override
        public void began(double secondsLate) {}

        @Override
        public void suspects(Optional<ServiceKey> service, boolean suspected, int healthy, int judged) {}
    }
}
