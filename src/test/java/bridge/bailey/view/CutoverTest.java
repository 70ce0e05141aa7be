package bridge.bailey.view;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.desired.LegacyWorlds;
import bridge.bailey.model.Finding;
import bridge.bailey.model.OpenConnections;
import bridge.bailey.view.CutoverVerdict.Rule;
import bridge.bailey.view.CutoverVerdict.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of the verdict, one by one, and the way of a service through its cutover. */
class CutoverTest {

    private static final Instant START = Instant.parse("2026-11-23T08:00:00Z");
    private static final CutoverRules RULES = new CutoverRules(Duration.ofMinutes(10), Duration.ofMinutes(1));

    private final Views views = new Views(LegacyWorlds.RULES, RULES);
    private Instant now = START;
    private History history = Views.first(START);
    private CutoverVerdict verdict;

    /** The service is so, and stays so for a while. */
    private CutoverTest see(Scene scene, Duration lasts, String... away) {
        look(scene, away);
        now = now.plus(lasts);
        look(scene, away);
        return this;
    }

    private void look(Scene scene, String... away) {
        Views.Viewed viewed = views.of(scene.seen(), history, Set.of(away), now);
        history = viewed.history();
        verdict = viewed.detail().view().verdict();
    }

    private List<Rule> rules() {
        return verdict.reasons().stream().map(CutoverVerdict.Reason::rule).toList();
    }

    private List<String> texts() {
        return verdict.reasons().stream().map(reason -> reason.text(now)).toList();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // pods, machines, minutes, shift, stop, rules
                "rr, -,   11, true,  true,  ''",
                "rr, -,   9,  false, false, PODS_UNPROVEN",
                "rr, hhh, 11, true,  false, VMS_IN_ROTATION",
                "rr, hhu, 11, true,  false, VMS_UNHEALTHY VMS_IN_ROTATION",
                "rr, uuu, 11, true,  false, VMS_UNHEALTHY",
                "rr, hhn, 11, true,  false, VMS_UNHEALTHY VMS_IN_ROTATION",
                "rd, hh,  11, true,  false, VMS_IN_ROTATION",
                "rn, hh,  11, false, false, PODS_UNHEALTHY VMS_IN_ROTATION",
                "nn, hh,  11, false, false, NO_PODS VMS_IN_ROTATION",
                "'', hh,  11, false, false, NO_PODS VMS_IN_ROTATION",
                "-,  hh,  11, false, false, NO_PODS VMS_IN_ROTATION",
                "-,  '',  11, false, false, NO_PODS"
            })
    void theInstancesOfBothSidesDecide(
            String pods, String machines, int minutes, boolean shift, boolean stop, String rules) {
        see(Scene.of(pods, machines), Duration.ofMinutes(minutes));

        List<Rule> expected = rules.isEmpty()
                ? List.of()
                : List.of(rules.split(" ")).stream().map(Rule::valueOf).toList();
        assertThat(rules()).isEqualTo(expected);
        assertThat(verdict.safe(Step.SHIFT)).isEqualTo(shift);
        assertThat(verdict.safe(Step.STOP_VMS)).isEqualTo(stop);
    }

    @Test
    void aCutoverGoesFromMachinesToPodsAndEndsWithMachinesThatMayBeStopped() {
        see(Scene.of(null, "hhh"), Duration.ofMinutes(30));
        assertThat(texts()).contains("no instance in Kubernetes");

        see(Scene.of("rrr", "hhh"), Duration.ofMinutes(3));
        assertThat(texts())
                .containsExactly(
                        "the instances in Kubernetes have been healthy for 3 min of the 10 min needed",
                        "callers still find VMs: 3 endpoints in the cluster, 3 entries in Consul");

        see(Scene.of("rrr", "hhh"), Duration.ofMinutes(8));
        assertThat(verdict.safe(Step.SHIFT)).isTrue();
        assertThat(verdict.safe(Step.STOP_VMS)).isFalse();

        see(Scene.of("rrr", null), Duration.ofSeconds(30));
        assertThat(texts())
                .containsExactly(
                        "callers may hold an old DNS answer: VMs are out of it for 30 s of the 1 min needed",
                        "the instances in Kubernetes have served alone for 30 s of the 10 min needed");
        assertThat(verdict.reviewAt()).contains(now.plusSeconds(30));

        see(Scene.of("rrr", null), Duration.ofMinutes(2));
        assertThat(rules()).containsExactly(Rule.SERVED_ALONE);

        see(Scene.of("rrr", null), Duration.ofMinutes(8));
        assertThat(rules()).isEmpty();
        assertThat(verdict.safe(Step.STOP_VMS)).isTrue();
        assertThat(verdict.reviewAt()).isEmpty();
    }

    @Test
    void aPodThatFailsMeanwhileBeginsTheWindowAnew() {
        see(Scene.of("rr", "hh"), Duration.ofMinutes(11));
        see(Scene.of("rn", "hh"), Duration.ofSeconds(5));
        assertThat(texts()).contains("1 of 2 instances in Kubernetes unhealthy for 5 s");

        see(Scene.of("rr", "hh"), Duration.ofMinutes(9));
        assertThat(rules()).contains(Rule.PODS_UNPROVEN);

        see(Scene.of("rr", "hh"), Duration.ofMinutes(2));
        assertThat(verdict.safe(Step.SHIFT)).isTrue();
    }

    @Test
    void machinesThatComeBackBeginTheWaitingAnew() {
        see(Scene.of("rr", "hh"), Duration.ofMinutes(11));
        see(Scene.of("rr", null), Duration.ofMinutes(9));
        see(Scene.of("rr", "hh"), Duration.ofMinutes(1));
        see(Scene.of("rr", null), Duration.ofMinutes(9));

        assertThat(rules()).containsExactly(Rule.SERVED_ALONE);
    }

    @Test
    void whatIsStaleProvesNothing() {
        see(Scene.of("rr", null), Duration.ofMinutes(11), "endpointslices", "ec2/eu-west-1");

        assertThat(texts()).containsExactly("what is known is stale: endpointslices can't be read");
        assertThat(verdict.safe(Step.SHIFT)).isFalse();
    }

    @Test
    void whatATargetHoldsIsNotKnownWhileItIsAway() {
        see(Scene.of("rr", null), Duration.ofMinutes(11), Seen.targetOf("to-consul"));
        assertThat(texts()).containsExactly("what is known is stale: target of to-consul can't be read");

        see(Scene.of("rr", null), Duration.ofMinutes(1), Seen.targetOf("to-kubernetes"));
        assertThat(texts()).isEmpty();

        see(Scene.of("rr", "hh"), Duration.ofMinutes(1), Seen.targetOf("to-kubernetes"));
        assertThat(rules()).contains(Rule.STALE);
    }

    @Test
    void machinesThatFailAreToldFromThoseThatNobodyJudged() {
        see(Scene.of("rr", "hun"), Duration.ofMinutes(1));

        assertThat(texts()).anyMatch(text -> text.startsWith("1 not judged, 1 of 3 VMs unhealthy"));
    }

    @Test
    void withoutPodsNothingHasServedAlone() {
        see(Scene.of("rr", "hh"), Duration.ofMinutes(1));
        see(Scene.of("nn", null), Duration.ofSeconds(30));

        assertThat(rules()).containsExactly(Rule.NO_PODS, Rule.DNS_TTL);
    }

    @Test
    void connectionsOfMachinesThatWereTakenOutAreNotSeenAndTheAnswerSaysSo() {
        see(
                Scene.of("rr", "hh").connected(new OpenConnections(OptionalDouble.of(3), Optional.of(START), "")),
                Duration.ofMinutes(11));
        assertThat(verdict.notes()).noneMatch(note -> note.startsWith("open connections"));

        see(Scene.of("rr", null), Duration.ofMinutes(11));

        assertThat(verdict.safe(Step.STOP_VMS)).isTrue();
        assertThat(verdict.notes()).anyMatch(note -> note.startsWith("open connections to the VMs"));
    }

    @Test
    void whatIsWithheldOrWaitsOrWasRefusedSaysNo() {
        Scene before = Scene.of("rrr", "hh");

        see(Scene.of("rr", "hh").holding(before), Duration.ofMinutes(11));
        assertThat(texts()).contains("1 change not made yet");

        see(Scene.of("rr", "hh").holding(before).incomplete(), Duration.ZERO);
        assertThat(texts()).contains("1 change withheld");

        see(before.with(Finding.Kind.REFUSED), Duration.ZERO);
        assertThat(texts()).contains("Service shop/billing \"x\": it is so");

        see(before.with(Finding.Kind.SHARED_NAME), Duration.ZERO);
        assertThat(rules()).containsExactly(Rule.VMS_IN_ROTATION);
    }

    /** As while Consul is away: it still says what was. */
    @Test
    void consulThatStillCallsAFailedPodHealthyIsADisagreement() {
        see(Scene.of("rn", null).holding(Scene.of("rr", null)), Duration.ofMinutes(11));

        assertThat(rules()).contains(Rule.DISAGREEMENT);
        assertThat(texts()).contains("Consul, Kubernetes and the probe disagree about 1 of 2 instances");
    }

    @Test
    void podsThatConsulShouldKnowAndDoesNotCanNotTakeTheTraffic() {
        see(Scene.of("rr", null).holding(Scene.of(null, null)), Duration.ofMinutes(11));

        assertThat(rules()).contains(Rule.NOT_IN_CONSUL, Rule.CHANGES_OUTSTANDING);
    }

    @Test
    void aServiceThatIsNotToBeInConsulIsJudgedWithoutItAndThatIsSaid() {
        see(Scene.of("rr", null).notExported(), Duration.ofMinutes(11));

        assertThat(verdict.safe(Step.SHIFT)).isTrue();
        assertThat(verdict.notes())
                .contains(
                        "legacy hosts do not find it in Consul: not exported: annotation bailey.bridge/sync says false");
    }

    @Test
    void whatBaileyCanNotSeeIsSaid() {
        see(Scene.of("r", "h"), Duration.ofMinutes(11));

        assertThat(verdict.notes())
                .containsExactly(
                        "only one instance in Kubernetes: its node's end would be the service's",
                        "open connections to the VMs, callers that know their addresses, and cron jobs on them, are not seen");
    }

    @Test
    void machinesThatTellOfOpenConnectionsAreNotStopped() {
        OpenConnections some = new OpenConnections(OptionalDouble.of(3), Optional.of(START), "");
        OpenConnections none = new OpenConnections(OptionalDouble.of(0), Optional.of(START), "");
        OpenConnections unknown = new OpenConnections(OptionalDouble.empty(), Optional.empty(), "timed out");

        see(Scene.of("rr", "dd").connected(some), Duration.ofMinutes(11));
        assertThat(texts())
                .containsExactly("callers still find VMs: 2 entries in Consul", "VMs still have open connections");

        see(Scene.of("rr", "dd").connected(unknown), Duration.ofSeconds(1));
        assertThat(texts()).contains("the open connections of VMs are not known: timed out");

        see(Scene.of("rr", "dd").connected(none), Duration.ofSeconds(1));
        assertThat(rules()).doesNotContain(Rule.CONNECTIONS);
        assertThat(verdict.notes())
                .containsExactly("callers that know their addresses, and cron jobs on them, are not seen");
    }

    @Test
    void machinesThatWereTakenOutAndStillHaveConnectionsAreNotStopped() {
        OpenConnections some = new OpenConnections(OptionalDouble.of(3), Optional.of(START), "");
        OpenConnections none = new OpenConnections(OptionalDouble.of(0), Optional.of(START), "");
        see(Scene.of("rr", "hh").connected(some), Duration.ofMinutes(11));

        see(Scene.of("rr", null).connected(some), Duration.ofMinutes(11));
        assertThat(texts()).containsExactly("VMs still have open connections");

        see(Scene.of("rr", null).connected(none), Duration.ofSeconds(1));
        assertThat(verdict.safe(Step.STOP_VMS)).isTrue();
    }

    /** So that nobody is told again what has not changed. */
    @Test
    void aVerdictOfWhichOnlyTheDurationGrowsStaysEqual() {
        see(Scene.of("rn", "hh"), Duration.ofMinutes(1));
        CutoverVerdict before = verdict;
        List<String> textsBefore = texts();

        see(Scene.of("rn", "hh"), Duration.ofMinutes(1));

        assertThat(verdict).isEqualTo(before);
        assertThat(texts()).isNotEqualTo(textsBefore);
    }
}
