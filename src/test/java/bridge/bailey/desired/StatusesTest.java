package bridge.bailey.desired;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.Finding;
import bridge.bailey.model.InstanceState;
import bridge.bailey.model.LegacyStatus;
import bridge.bailey.model.LegacyStatus.Holds;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.source.LegacyManifests;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The conditions of each situation; what the whole status looks like is in the golden files of the mirror. */
class StatusesTest {

    private static final ServiceKey BILLING = new ServiceKey("shop", "billing");
    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");

    private static LegacyStatus status(LegacyView view, Finding... findings) {
        return Statuses.of(view, LegacyWorlds.RULES, List.of(findings), NOW)
                .get(view.declaration().orElseThrow());
    }

    private static LegacyView view(String spec, String played) {
        String resource =
                """
                apiVersion: bailey.bridge/v1alpha1
                kind: LegacyService
                metadata: {namespace: shop, name: billing, generation: 5}
                spec:
                """
                        + spec.indent(2);
        return LegacyManifests.of(List.of(resource, "played:\n" + played.indent(2)), LegacyWorlds.RULES, "default")
                .views()
                .get(BILLING);
    }

    /** Machines of EC2, each with a letter: h(ealthy), u(nhealthy), n(ot probed yet), s(uspected), d(raining), - (no address). */
    private static LegacyView machines(String letters) {
        String instances = IntStream.range(0, letters.length())
                .mapToObj(i -> "{id: i-" + i + ", stopping: " + (letters.charAt(i) == 'd')
                        + (letters.charAt(i) == '-' ? "" : ", private: 10.20.0." + (i + 1)) + "}")
                .collect(Collectors.joining(", "));
        String verdicts = IntStream.range(0, letters.length())
                .filter(i -> "n-".indexOf(letters.charAt(i)) < 0)
                .mapToObj(i -> "{address: 10.20.0." + (i + 1) + ", port: 80, suspected: " + (letters.charAt(i) == 's')
                        + ", health: " + (letters.charAt(i) == 'u' ? "unhealthy" : "healthy") + "}")
                .collect(Collectors.joining(", "));
        return view(
                """
                ports: [{port: 80}]
                origins: [{ec2: {region: eu-west-1, filters: [{name: vpc-id, values: [vpc-1]}]}}]
                probe: {tcp: {}}
                """,
                "ec2: [{region: eu-west-1, instances: [" + instances + "]}]\nverdicts: [" + verdicts + "]\n");
    }

    private static String text(LegacyStatus status, String type) {
        return status.conditions().stream()
                .filter(c -> c.type().equals(type))
                .map(c -> c.holds() + " " + c.reason())
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @CsvSource({
        "'',   0/0, FALSE NoInstances,    UNKNOWN NoInstances",
        "hhh,  3/3, TRUE Ready,           TRUE AllHealthy",
        "hhu,  2/3, TRUE Degraded,        FALSE SomeUnhealthy",
        "hh-,  2/3, TRUE Degraded,        FALSE SomeUnhealthy",
        "uu,   0/2, FALSE AllUnhealthy,   FALSE AllUnhealthy",
        "--,   0/2, FALSE AllUnhealthy,   FALSE AllUnhealthy",
        "hn,   1/2, TRUE NotProbedYet,    UNKNOWN NotProbedYet",
        "nn,   0/2, FALSE NotProbedYet,   UNKNOWN NotProbedYet",
        "hnu,  1/3, TRUE Degraded,        FALSE SomeUnhealthy",
        "un,   0/2, FALSE SomeUnhealthy,  FALSE SomeUnhealthy",
        "hd,   1/2, TRUE Ready,           TRUE AllHealthy",
        "hdu,  1/3, TRUE Degraded,        FALSE SomeUnhealthy",
        "dd,   0/2, FALSE AllDraining,    FALSE AllDraining",
        "ss,   2/2, TRUE PathSuspected,   UNKNOWN PathSuspected",
        "su,   1/2, TRUE PathSuspected,   UNKNOWN PathSuspected"
    })
    void theMachinesDecideWhatIsReadyAndHealthy(String letters, String ready, String isReady, String isHealthy) {
        LegacyStatus status = status(machines(letters));

        assertThat(status.ready()).isEqualTo(ready);
        assertThat(text(status, "Ready")).isEqualTo(isReady);
        assertThat(text(status, "Healthy")).isEqualTo(isHealthy);
        assertThat(status.observedGeneration()).isEqualTo(5);
        assertThat(status.conditions()).allMatch(c -> c.since().equals(NOW));
    }

    @ParameterizedTest
    @CsvSource({
        "FOREIGN_SERVICE, FALSE ForeignService",
        "REFUSED,         FALSE Refused",
        "FOREIGN_ENTRY,   FALSE Refused",
        "SHARED_NAME,     TRUE Synced"
    })
    void whatKeepsTheMirrorOutOfTheClusterIsNotSyncedAndSoNotReady(Finding.Kind kind, String synced) {
        LegacyStatus status =
                status(machines("hh"), new Finding(kind, BILLING, "spec.serviceName", "billing", "it is so"));

        assertThat(text(status, "Synced")).isEqualTo(synced);
        assertThat(text(status, "Ready")).isEqualTo(synced.startsWith("FALSE") ? synced : "TRUE Ready");
        assertThat(text(status, "Healthy")).isEqualTo("TRUE AllHealthy");
    }

    @Test
    void aFailingOriginShowsAndWhatItAnsweredLastIsServed() {
        LegacyStatus status = status(view(
                "{ports: [{port: 80}], origins: [{consul: {service: billing}}]}",
                "consul: [{service: billing, error: timed out, instances: [{id: vm-1, address: 10.20.0.1}]}]"));

        assertThat(text(status, "Ready")).isEqualTo("TRUE OriginUnavailable");
        assertThat(text(status, "OriginsAvailable")).isEqualTo("FALSE OriginUnavailable");
        assertThat(status.conditions().get(2).message()).isEqualTo("consul: timed out, its last answer is kept");
    }

    /** Or a status would grow without bound. */
    @Test
    void ofManyInstancesTheUnhealthyOnesAreToldFirst() {
        LegacyStatus status = status(machines("h".repeat(120) + "un"));

        assertThat(status.ready()).isEqualTo("120/122");
        assertThat(status.instances()).hasSize(LegacyStatus.MOST_INSTANCES);
        assertThat(status.instances().subList(0, 3))
                .extracting(LegacyStatus.Instance::state)
                .containsExactly(InstanceState.UNHEALTHY, InstanceState.UNKNOWN, InstanceState.HEALTHY);
    }

    @Test
    void aResourceThatIsNotCountedIsToldWhoIs() {
        String older =
                """
                apiVersion: bailey.bridge/v1alpha1
                kind: LegacyService
                metadata: {namespace: shop, name: older, creationTimestamp: "2026-11-01T08:00:00Z"}
                spec: {serviceName: billing, ports: [{port: 80}], origins: [{static: {instances: [{address: 10.20.0.1}]}}]}
                """;
        String newer = older.replace("name: older", "name: newer").replace("11-01", "11-02");
        LegacyView view = LegacyManifests.of(List.of(newer, older), LegacyWorlds.RULES, "default")
                .views()
                .get(BILLING);

        LegacyStatus loser = Statuses.of(view, LegacyWorlds.RULES, List.of(), NOW)
                .get(view.claims().get(1));

        assertThat(loser.conditions()).allSatisfy(c -> {
            assertThat(c.reason()).isEqualTo("ServiceClaimed");
            assertThat(c.holds()).isNotEqualTo(Holds.TRUE);
        });
        assertThat(loser.conditions().get(0).message())
                .isEqualTo("Service shop/billing is claimed by LegacyService shop/older, which is older");
    }
}
