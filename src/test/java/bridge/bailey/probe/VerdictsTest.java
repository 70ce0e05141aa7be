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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Fail-open, with one pass to rise and one failure to fall, every 10 s with a time-out of 2 s: so 24 s are recalled. */
class VerdictsTest {

    private static final ServiceKey BILLING = new ServiceKey("shop", "billing");
    private static final ServiceKey USERS = new ServiceKey("shop", "users");
    private static final Instant START = Instant.parse("2026-11-23T08:00:00Z");
    private static final Outcome REFUSED = new Outcome(ProbeResult.REFUSED, "connection refused");
    private static final Outcome LATE = new Outcome(ProbeResult.TIMEOUT, "timed out after 2 s");
    private static final Outcome OURS = new Outcome(ProbeResult.LOCAL, "Bailey has no file descriptor left");

    private final List<ServiceKey> told = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private Verdicts verdicts = verdicts(0);
    private int rise = 1;
    private int fall = 1;
    private Duration time = Duration.ZERO;

    private Verdicts verdicts(double bridge) {
        return new Verdicts(bridge, told::add, new ProbeObserver() {
            @Override
            public void observed(ServiceKey key, ProbeResult result, double seconds) {}

            @Override
            public void began(double secondsLate) {}

            @Override
            public void suspects(Optional<ServiceKey> service, boolean suspected, int healthy, int judged) {
                String whom = service.map(ServiceKey::toString).orElse("all");
                said.add((suspected ? "suspects " : "trusts ") + whom + ": " + healthy + " of " + judged);
            }
        });
    }

    private static ProbeTarget vm(int number) {
        return new ProbeTarget("10.0.0." + number, 80);
    }

    private Probe probe() {
        return new Probe(new Probe.Check.Tcp(""), Duration.ofSeconds(10), Duration.ofSeconds(2), rise, fall, UNHEALTHY);
    }

    private Moment now() {
        return new Moment(time.toNanos(), START.plus(time));
    }

    private void pass(int seconds) {
        time = time.plusSeconds(seconds);
    }

    private void watch(ServiceKey key, double failOpenBelow, int count) {
        Map<ProbeTarget, Probe> targets = new LinkedHashMap<>();
        IntStream.rangeClosed(1, count).forEach(number -> targets.put(vm(number), probe()));
        verdicts.watch(key, new ProbeSet(targets, failOpenBelow), now());
    }

    private void outcomes(ServiceKey key, Outcome outcome, int from, int to) {
        IntStream.rangeClosed(from, to).forEach(number -> verdicts.take(key, vm(number), outcome, now()));
    }

    private void passed(int from, int to) {
        outcomes(BILLING, Outcome.PASSED, from, to);
    }

    private void failed(int from, int to) {
        outcomes(BILLING, REFUSED, from, to);
    }

    private Verdict verdict(int number) {
        return verdicts.of(BILLING).get(vm(number));
    }

    private List<Health> counts(int to) {
        return IntStream.rangeClosed(1, to)
                .mapToObj(number -> verdict(number).health())
                .toList();
    }

    @Test
    void aTargetThatWasNeverProbedHasNoVerdict() {
        watch(BILLING, 0, 2);
        passed(1, 1);

        assertThat(verdicts.of(BILLING)).containsOnlyKeys(vm(1));
        assertThat(verdicts.of(USERS)).isEmpty();
    }

    @Test
    void aVerdictSaysSinceWhenAndWhy() {
        watch(BILLING, 0, 1);
        passed(1, 1);
        pass(10);
        failed(1, 1);

        assertThat(verdict(1))
                .isEqualTo(new Verdict(
                        UNHEALTHY,
                        UNHEALTHY,
                        Optional.of(START.plusSeconds(10)),
                        "connection refused",
                        false,
                        List.of(new Verdict.Failure(START.plusSeconds(10), "connection refused"))));
    }

    @Test
    void theLastTenFailuresAreKeptTheNewestFirstEvenAfterPasses() {
        watch(BILLING, 0, 1);
        for (int i = 0; i < 12; i++) {
            pass(10);
            failed(1, 1);
        }
        Instant last = now().at();
        pass(10);
        passed(1, 1);

        assertThat(verdict(1).failures()).hasSize(10);
        assertThat(verdict(1).failures().get(0).at()).isEqualTo(last);
        assertThat(verdict(1).reason()).isEmpty();
    }

    @Test
    void theListenerIsToldOfWhatMattersAndNotOfEachProbe() {
        fall = 3;
        watch(BILLING, 0, 1);
        passed(1, 1);
        passed(1, 1);
        assertThat(told).as("healthy").hasSize(1);

        failed(1, 1);
        passed(1, 1);
        assertThat(told).as("a lone failure").hasSize(1);

        failed(1, 1);
        failed(1, 1);
        failed(1, 1);
        assertThat(told).as("fallen").hasSize(2);

        failed(1, 1);
        assertThat(told).as("the same again").hasSize(2);

        outcomes(BILLING, LATE, 1, 1);
        assertThat(told).as("another reason").hasSize(3);
    }

    @Test
    void whatWeLackIsNoFailureOfTheTarget() {
        watch(BILLING, 0, 1);
        passed(1, 1);
        outcomes(BILLING, OURS, 1, 1);

        assertThat(verdict(1).health()).isEqualTo(HEALTHY);
        assertThat(verdict(1).reason()).isEqualTo("Bailey has no file descriptor left");
    }

    @Test
    void aChangedProbeKeepsTheVerdictAndCountsByItsOwnRise() {
        watch(BILLING, 0, 1);
        passed(1, 1);
        fall = 2;
        watch(BILLING, 0, 1);

        failed(1, 1);
        assertThat(verdict(1).health()).isEqualTo(HEALTHY);
        failed(1, 1);
        assertThat(verdict(1).health()).isEqualTo(UNHEALTHY);
    }

    @Test
    void aTargetThatIsGoneIsForgottenAndTheListenerIsTold() {
        watch(BILLING, 0, 2);
        passed(1, 2);
        told.clear();
        watch(BILLING, 0, 1);

        assertThat(verdicts.of(BILLING)).containsOnlyKeys(vm(1));
        verdicts.watch(BILLING, ProbeSet.EMPTY, now());
        assertThat(verdicts.of(BILLING)).isEmpty();
        assertThat(told).containsExactly(BILLING, BILLING);
    }

    @Test
    void aboveTheShareWhatIsMeasuredCounts() {
        watch(BILLING, 0.3, 10);
        passed(1, 10);
        failed(4, 10);

        assertThat(counts(10))
                .containsExactly(
                        HEALTHY, HEALTHY, HEALTHY, UNHEALTHY, UNHEALTHY, UNHEALTHY, UNHEALTHY, UNHEALTHY, UNHEALTHY,
                        UNHEALTHY);
        assertThat(said).isEmpty();
    }

    @Test
    void belowTheShareThoseThatFellAtAboutTheSameTimeGetTheirVerdictBack() {
        watch(BILLING, 0.3, 10);
        passed(1, 10);
        failed(10, 10);
        pass(25);
        failed(4, 9);
        assertThat(verdict(4).health()).isEqualTo(UNHEALTHY);
        pass(5);
        failed(3, 3);

        assertThat(said).containsExactly("suspects shop/billing: 2 of 10");
        assertThat(counts(10))
                .containsExactly(
                        HEALTHY, HEALTHY, HEALTHY, HEALTHY, HEALTHY, HEALTHY, HEALTHY, HEALTHY, HEALTHY, UNHEALTHY);
        assertThat(verdicts.of(BILLING).values()).allMatch(Verdict::suspected);
        assertThat(verdict(4).measured()).isEqualTo(UNHEALTHY);
    }

    @Test
    void whileSuspectedFailuresDoNotCountButPassesDo() {
        watch(BILLING, 0.5, 4);
        passed(1, 4);
        failed(4, 4);
        pass(60);
        failed(1, 2);
        failed(3, 3);
        assertThat(counts(4)).containsExactly(HEALTHY, HEALTHY, HEALTHY, UNHEALTHY);

        passed(4, 4);
        assertThat(said).hasSize(1);
        assertThat(counts(4)).containsOnly(HEALTHY);
        failed(4, 4);
        assertThat(counts(4)).containsOnly(HEALTHY);
    }

    @Test
    void afterwardsThoseThatWereKeptMustFailAgainAsOftenAsItTakes() {
        watch(BILLING, 0.5, 4);
        passed(1, 4);
        fall = 2;
        watch(BILLING, 0.5, 4);
        failed(1, 4);
        failed(1, 4);
        pass(600);
        passed(1, 2);
        assertThat(said).containsExactly("suspects shop/billing: 1 of 4", "trusts shop/billing: 2 of 4");
        assertThat(counts(4)).as("not dropped in the moment of recovery").containsOnly(HEALTHY);
        assertThat(verdict(1).suspected()).isFalse();
        assertThat(verdict(3).suspected()).isTrue();

        failed(3, 4);
        assertThat(counts(4)).containsOnly(HEALTHY);
        passed(4, 4);
        failed(3, 3);
        assertThat(counts(4)).containsExactly(HEALTHY, HEALTHY, UNHEALTHY, HEALTHY);
        assertThat(verdict(3).suspected()).isFalse();
    }

    @Test
    void aServiceThatNeverHadAGoodVerdictStaysUnknown() {
        watch(BILLING, 0.3, 3);
        failed(1, 3);

        assertThat(counts(3)).containsOnly(UNKNOWN);
        assertThat(verdicts.of(BILLING).values()).allMatch(Verdict::suspected);
        assertThat(verdict(1).measured()).isEqualTo(UNHEALTHY);
    }

    @Test
    void aLoneTargetIsKeptUnlessTheShareIsZero() {
        watch(BILLING, 0.3, 1);
        passed(1, 1);
        failed(1, 1);
        assertThat(counts(1)).containsExactly(HEALTHY);

        watch(BILLING, 0, 1);
        failed(1, 1);
        assertThat(counts(1)).containsExactly(UNHEALTHY);
    }

    @Test
    void whoLeavesChangesTheShare() {
        watch(BILLING, 0.5, 4);
        passed(1, 2);
        failed(3, 4);
        told.clear();
        Map<ProbeTarget, Probe> rest = Map.of(vm(1), probe(), vm(3), probe(), vm(4), probe());
        verdicts.watch(BILLING, new ProbeSet(rest, 0.5), now());

        assertThat(said).containsExactly("suspects shop/billing: 1 of 3");
        assertThat(told).containsExactly(BILLING);
    }

    @Test
    void whoLeavesWhileSuspectedIsSuspectedNoLonger() {
        verdicts = verdicts(0.5);
        watch(BILLING, 0.5, 2);
        failed(1, 2);
        assertThat(said).containsExactly("suspects shop/billing: 0 of 1", "suspects all: 0 of 1");

        watch(BILLING, 0.5, 0);

        assertThat(said.subList(2, said.size())).containsExactly("trusts shop/billing: 0 of 0", "trusts all: 0 of 0");
    }

    @Test
    void theBridgeAsAWholeIsSuspectedAndEveryServiceKeepsItsVerdicts() {
        verdicts = verdicts(0.5);
        watch(BILLING, 0, 4);
        watch(USERS, 0, 2);
        passed(1, 4);
        outcomes(USERS, Outcome.PASSED, 1, 2);
        told.clear();
        failed(1, 3);
        assertThat(counts(4)).containsExactly(UNHEALTHY, UNHEALTHY, UNHEALTHY, HEALTHY);
        told.clear();

        failed(4, 4);

        assertThat(said).containsExactly("suspects all: 2 of 6");
        assertThat(counts(4)).containsOnly(HEALTHY);
        assertThat(told).contains(BILLING, USERS);

        outcomes(USERS, REFUSED, 1, 2);
        assertThat(verdicts.of(USERS).values()).extracting(Verdict::health).containsOnly(HEALTHY);

        passed(1, 3);
        assertThat(said).last().isEqualTo("trusts all: 3 of 6");
    }

    @Test
    void theFirstAnswersAfterAStartSayNothingAboutTheBridge() {
        verdicts = verdicts(0.5);
        watch(BILLING, 0, 10);
        failed(1, 4);
        assertThat(said).isEmpty();

        failed(5, 5);
        assertThat(said).containsExactly("suspects all: 0 of 5");
    }

    @Test
    void aServiceThatComesWhileTheBridgeIsSuspectedIsSuspectedToo() {
        verdicts = verdicts(0.5);
        watch(BILLING, 0, 2);
        failed(1, 2);
        watch(USERS, 0, 2);
        outcomes(USERS, REFUSED, 1, 2);

        assertThat(verdicts.of(USERS).values()).extracting(Verdict::health).containsOnly(UNKNOWN);
        assertThat(verdicts.of(USERS).values()).allMatch(Verdict::suspected);
    }
}
