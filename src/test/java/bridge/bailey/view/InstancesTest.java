package bridge.bailey.view;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.desired.LegacyWorlds;
import bridge.bailey.model.InstanceState;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every judge says of each instance, and what became of it. */
class InstancesTest {

    private static List<InstanceView> instances(Scene scene) {
        return Instances.of(scene.seen(), LegacyWorlds.RULES);
    }

    private static String opinions(InstanceView instance) {
        return instance.opinions().stream()
                .map(opinion -> opinion.judge() + "=" + opinion.state())
                .collect(Collectors.joining(" "));
    }

    private static String fates(InstanceView instance) {
        return instance.fates().stream()
                .map(fate -> fate.place() + " " + fate.kind() + " " + fate.name() + " (" + fate.why() + ")")
                .collect(Collectors.joining("; "));
    }

    @ParameterizedTest
    @CsvSource({
        "r, healthy,   kubernetes=healthy consul=healthy",
        "n, unhealthy, kubernetes=unhealthy consul=unhealthy",
        "d, draining,  kubernetes=draining consul=draining"
    })
    void aPodIsWhatItsEndpointSaysAndConsulSaysTheSame(String pod, String state, String opinions) {
        InstanceView instance = instances(Scene.of(pod, null)).get(0);

        assertThat(instance.state()).hasToString(state);
        assertThat(opinions(instance)).isEqualTo(opinions);
        assertThat(instance.disagreement()).isFalse();
        assertThat(instance.id()).isEqualTo("billing-0");
        assertThat(instance.address()).isEqualTo("10.244.0.1:8080");
    }

    @ParameterizedTest
    @CsvSource({
        "h, healthy,   kubernetes=healthy consul=healthy probe=healthy, false",
        "u, unhealthy, kubernetes=unhealthy consul=unhealthy probe=unhealthy, false",
        "n, unknown,   kubernetes=unhealthy consul=unhealthy, false",
        "d, draining,  kubernetes=draining consul=draining probe=healthy, false",
        // The verdict is kept back, what was measured is told.
        "s, healthy,   kubernetes=healthy consul=healthy probe=unhealthy, true"
    })
    void aMachineIsWhatItsProbeSays(String machine, String state, String opinions, boolean disagreement) {
        InstanceView instance = instances(Scene.of(null, machine)).get(0);

        assertThat(instance.state()).hasToString(state);
        assertThat(opinions(instance)).isEqualTo(opinions);
        assertThat(instance.disagreement()).isEqualTo(disagreement);
        assertThat(instance.origin()).isEqualTo("ec2/eu-west-1");
    }

    @Test
    void whatBecameOfEachIsTold() {
        List<InstanceView> all = instances(Scene.of("r", "h"));

        assertThat(fates(all.get(0))).isEqualTo("consul held east/shop/billing/10.244.0.1:8080 (passing)");
        assertThat(fates(all.get(1)))
                .isEqualTo("kubernetes held shop/billing/10.20.0.1:8080 (ready); consul held"
                        + " east/shop/billing/10.20.0.1:8080 (passing)");
    }

    @Test
    void whatWaitsIsTold() {
        List<InstanceView> all = instances(Scene.of("rr", "hh").holding(Scene.of("r", "h")));

        assertThat(fates(all.get(1)))
                .isEqualTo("consul pending east/shop/billing/10.244.0.2:8080 (create waits for a pass)");
        assertThat(fates(all.get(3)))
                .isEqualTo("kubernetes pending shop/billing/10.20.0.2:8080 (create waits for a pass); consul pending"
                        + " east/shop/billing/10.20.0.2:8080 (create waits for a pass)");
    }

    @Test
    void aPodThatIsNotExportedIsToldWhy() {
        assertThat(fates(instances(Scene.of("r", null).notExported()).get(0)))
                .isEqualTo("consul left-out  (not exported: annotation bailey.bridge/sync says false)");
    }

    /** The entry of a service that is no longer exported, while the source is not complete. */
    @Test
    void anEntryThatShouldGoAndStaysIsToldWhy() {
        Scene scene = Scene.of("r", null).notExported().holding(Scene.of("r", null));

        assertThat(fates(instances(scene).get(0)))
                .isEqualTo("consul pending east/shop/billing/10.244.0.1:8080 (delete waits for a pass)");
        assertThat(fates(instances(scene.incomplete()).get(0)))
                .isEqualTo("consul withheld east/shop/billing/10.244.0.1:8080 (delete is withheld: a source has not"
                        + " answered yet, so what it lacks may still be there)");
    }

    @Test
    void consulThatStillHasTheOldReadinessDisagrees() {
        InstanceView instance =
                instances(Scene.of("n", null).holding(Scene.of("r", null))).get(0);

        assertThat(instance.state()).isEqualTo(InstanceState.UNHEALTHY);
        assertThat(opinions(instance)).isEqualTo("kubernetes=unhealthy consul=healthy");
        assertThat(instance.disagreement()).isTrue();
    }
}
