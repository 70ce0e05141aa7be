package bridge.bailey.desired;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.Answer;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.Health;
import bridge.bailey.model.IpFamily;
import bridge.bailey.model.KubeSlice;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDeclaration.Origin;
import bridge.bailey.model.LegacyDefaults;
import bridge.bailey.model.LegacyStatus;
import bridge.bailey.model.LegacyStatus.Holds;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.Probe;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.Readiness;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a status says of instances that fail now and then, and of origins that nobody heard of yet. */
class StatusReasonsTest {

    private static final ServiceKey KEY = new ServiceKey("shop", "billing");
    private static final String ADDRESS = "10.20.0.11";
    private static final Probe PROBE =
            new Probe(new Probe.Check.Tcp(""), Duration.ofSeconds(10), Duration.ofSeconds(2), 2, 3, Health.UNHEALTHY);
    private static final LegacyRules RULES = new LegacyRules(
            List.of(Glob.of("*")),
            false,
            new LegacyDefaults(Duration.ofSeconds(10), Duration.ofSeconds(2), 2, 3, Health.UNHEALTHY, 0.3, List.of()));
    private static final Ec2Query QUERY = new Ec2Query("eu-central-1", "", List.of());
    private static final Origin STATIC = new Origin.Static(List.of(new Origin.Static.Instance(ADDRESS, ADDRESS, "")));
    private static final Origin EC2 = new Origin.Ec2(List.of(QUERY), false);
    private static final Answer<Ec2Instance> NEVER =
            new Answer<>("ec2/eu-central-1", true, false, List.of(), Optional.empty(), "it is away");

    private static LegacyStatus status(Origin origin, Verdict verdict, Answer<Ec2Instance> ec2, KubeSlice... slices) {
        LegacyDeclaration declaration = new LegacyDeclaration(
                KEY,
                "uid",
                1,
                Instant.EPOCH,
                Map.of(),
                KEY,
                List.of(new LegacyDeclaration.Port("", 80, 0, Protocol.TCP, "")),
                List.of(origin),
                Optional.of(PROBE),
                0.3,
                false,
                false,
                false,
                Optional.empty(),
                List.of());
        LegacyView view = new LegacyView(
                KEY,
                List.of(declaration),
                List.of(),
                Map.of(QUERY, ec2),
                Map.of(),
                Map.of(new ProbeTarget(ADDRESS, 80), verdict),
                Optional.empty(),
                List.of(slices),
                List.of(),
                ec2.known());
        return Statuses.of(view, RULES, List.of(), Instant.EPOCH).get(declaration);
    }

    private static String reason(Health counts, Health measured, String last, String... failures) {
        List<Verdict.Failure> all = List.of(failures).stream()
                .map(reason -> new Verdict.Failure(Instant.EPOCH, reason))
                .toList();
        Verdict verdict = new Verdict(counts, measured, Optional.empty(), last, false, all);
        return status(STATIC, verdict, NEVER).instances().get(0).reason();
    }

    private static LegacyStatus.Condition ready(LegacyStatus status) {
        return status.conditions().stream()
                .filter(c -> c.type().equals("Ready"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aLoneFailureOfAHealthyInstanceIsNotTold() {
        assertThat(reason(Health.HEALTHY, Health.HEALTHY, "connection refused", "connection refused"))
                .isEmpty();
    }

    @Test
    void anUnhealthyInstanceThatPassesOnceStillTellsWhyItFailed() {
        assertThat(reason(Health.UNHEALTHY, Health.UNHEALTHY, "", "timed out after 2 s", "connection refused"))
                .isEqualTo("timed out after 2 s");
    }

    @Test
    void anUnhealthyInstanceTellsItsLastFailure() {
        assertThat(reason(Health.UNHEALTHY, Health.UNHEALTHY, "connection refused", "connection refused"))
                .isEqualTo("connection refused");
    }

    @Test
    void anOriginThatNeverAnsweredIsNotOneWithoutInstances() {
        LegacyStatus.Condition ready = ready(status(EC2, Verdict.NONE, NEVER));

        assertThat(ready.holds()).isEqualTo(Holds.FALSE);
        assertThat(ready.reason()).isEqualTo("OriginUnavailable");
        assertThat(ready.message()).isEqualTo("ec2/eu-central-1: it is away, nothing is known of its instances");
    }

    @Test
    void whatAnEarlierRunLeftMayStillServe() {
        KubeSlice slice = new KubeSlice(
                "billing-legacy-a",
                IpFamily.IPV4,
                List.of(new KubeSlice.Port("", 80, Protocol.TCP)),
                List.of(new KubeSlice.Endpoint(ADDRESS, Readiness.READY, "", "", "")),
                true);

        LegacyStatus.Condition ready = ready(status(EC2, Verdict.NONE, NEVER, slice));

        assertThat(ready.holds()).isEqualTo(Holds.UNKNOWN);
        assertThat(ready.reason()).isEqualTo("OriginUnavailable");
        assertThat(ready.message()).endsWith("and what the cluster holds of them stays");
    }

    @Test
    void anOriginThatAnswersWithoutInstancesHasNone() {
        Answer<Ec2Instance> empty =
                new Answer<>("ec2/eu-central-1", true, true, List.of(), Optional.of(Instant.EPOCH), "");

        assertThat(ready(status(EC2, Verdict.NONE, empty)).reason()).isEqualTo("NoInstances");
    }
}
