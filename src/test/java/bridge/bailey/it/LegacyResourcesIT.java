package bridge.bailey.it;

import static bridge.bailey.it.LegacyKube.legacyService;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bridge.bailey.desired.Glob;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Health;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDefaults;
import bridge.bailey.model.LegacyStatus;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.source.LegacyResources;
import bridge.bailey.target.LegacyStatusWriter;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.mockwebserver.http.MockResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The informer on LegacyServices. */
class LegacyResourcesIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String SPEC = "ports: [{port: 80}], origins: [{static: {instances: [{address: 10.20.0.11}]}}]";
    private static final LegacyDefaults DEFAULTS =
            new LegacyDefaults(Duration.ofSeconds(10), Duration.ofSeconds(2), 2, 3, Health.UNHEALTHY, 0.3, List.of());

    private final BlockingQueue<Set<ServiceKey>> changes = new LinkedBlockingQueue<>();
    private Cluster cluster;
    private String shop;
    private LegacyResources resources;

    @BeforeEach
    void open() {
        cluster = Cluster.open();
        LegacyKube.install(cluster);
        shop = cluster.namespace("shop");
        resources = new LegacyResources(
                cluster.client(), List.of(Glob.of(cluster.prefix() + "-sh*")), DEFAULTS, InstantSource.system());
    }

    @AfterEach
    void close() {
        resources.close();
        cluster.close();
    }

    private void start() {
        resources.start(changes::add);
        await().atMost(SOON).until(resources::synced);
    }

    private ServiceKey key(String name) {
        return new ServiceKey(shop, name);
    }

    private List<String> claiming(String service) {
        return resources.claiming(key(service)).stream()
                .map(declaration -> declaration.resource().name())
                .toList();
    }

    @Test
    void whatClaimsAServiceIsFoundByItsName() {
        cluster.apply(legacyService(shop, "billing"));
        cluster.apply(legacyService(shop, "other", "{serviceName: users, " + SPEC + "}"));
        start();

        assertThat(resources.keys()).containsExactly(key("billing"), key("users"));
        assertThat(claiming("users")).containsExactly("other");
        assertThat(claiming("other")).isEmpty();
        assertThat(resources.get(key("other")).orElseThrow().key()).isEqualTo(key("users"));
        assertThat(resources.raw(key("other")).orElseThrow().getMetadata().getResourceVersion())
                .isNotEmpty();
        assertThat(resources.uidOf(key("users"))).isEmpty();
        assertThat(resources.state().up()).isTrue();
    }

    @Test
    void ofSeveralTheOldestComesFirstAndThenTheName() {
        cluster.apply(legacyService(shop, "b", "{serviceName: users, " + SPEC + "}"));
        cluster.apply(legacyService(shop, "a", "{serviceName: users, " + SPEC + "}"));
        start();
        List<LegacyDeclaration> claiming = resources.claiming(key("users"));

        boolean sameSecond = claiming.get(0).createdAt().equals(claiming.get(1).createdAt());
        assertThat(claiming("users")).isEqualTo(sameSecond ? List.of("a", "b") : List.of("b", "a"));
    }

    @Test
    void aChangeTellsTheServicesBeforeAndAfter() throws InterruptedException {
        cluster.apply(legacyService(shop, "billing"));
        start();
        await().atMost(SOON).until(() -> !changes.isEmpty());
        assertThat(changes.take()).containsExactly(key("billing"));

        cluster.apply(legacyService(shop, "billing", "{serviceName: users, " + SPEC + "}"));

        await().atMost(SOON).until(() -> !changes.isEmpty());
        assertThat(changes.take()).containsExactlyInAnyOrder(key("billing"), key("users"));
        assertThat(claiming("billing")).isEmpty();
        assertThat(claiming("users")).containsExactly("billing");

        cluster.delete(legacyService(shop, "billing"));

        await().atMost(SOON).until(() -> !changes.isEmpty());
        assertThat(changes.take()).containsExactly(key("users"));
        assertThat(resources.keys()).isEmpty();
    }

    @Test
    void aChangedStatusIsNoChange() throws InterruptedException {
        cluster.apply(legacyService(shop, "billing"));
        start();
        await().atMost(SOON).until(() -> !changes.isEmpty());
        changes.clear();

        try (LegacyStatusWriter writer = new LegacyStatusWriter(cluster.client(), resources::raw, () -> true)) {
            writer.write(
                    key("billing"),
                    resources.uidOf(key("billing")).orElseThrow(),
                    new LegacyStatus(1, "billing", "1/1", "static", List.of(), List.of(), List.of()));
            await().atMost(SOON)
                    .until(() -> resources.raw(key("billing")).orElseThrow().get("status") != null);
        }
        cluster.apply(legacyService(shop, "last"));

        await().atMost(SOON).until(() -> !changes.isEmpty());
        assertThat(changes.take()).containsExactly(key("last"));
    }

    @Test
    void otherNamespacesDontCount() {
        cluster.apply(legacyService(cluster.namespace("bank"), "ledger"));
        cluster.apply(legacyService(shop, "billing"));
        start();
        await().atMost(SOON).until(() -> !changes.isEmpty());

        assertThat(resources.keys()).containsExactly(key("billing"));
        assertThat(resources.get(new ServiceKey(cluster.namespace("bank"), "ledger")))
                .isEmpty();
        assertThat(changes).containsExactly(Set.of(key("billing")));
    }

    @Test
    void aResourceThatIsBeingDeletedClaimsNothing() {
        GenericKubernetesResource held = legacyService(shop, "billing");
        held.getMetadata().setFinalizers(List.of("tests.bailey.bridge/held"));
        cluster.apply(held);
        start();

        LegacyKube.api(cluster.client(), shop, "billing").delete();

        await().atMost(SOON).until(() -> resources.keys().isEmpty());
        assertThat(claiming("billing")).isEmpty();
        GenericKubernetesResource released =
                LegacyKube.api(cluster.client(), shop, "billing").get();
        released.getMetadata().setFinalizers(List.of());
        cluster.client().resource(released).update();
    }

    @Test
    void oneThatNoSchemaWouldLetThroughHarmsNoOther() {
        assumeTrue(cluster.isLocal(), "a real API refuses it");
        cluster.apply(legacyService(shop, "wild", "[1, {a: b}]"));
        cluster.apply(legacyService(shop, "wilder", "{origins: 7, ports: {}, probe: x}"));
        cluster.apply(legacyService(shop, "billing"));
        start();

        assertThat(claiming("billing")).containsExactly("billing");
        assertThat(resources.get(key("wild")).orElseThrow().findings())
                .extracting(Finding::field)
                .containsExactly("spec");
        assertThat(resources.get(key("wilder")).orElseThrow().findings())
                .extracting(Finding::field)
                .contains("spec.origins", "spec.ports", "spec.probe");
    }

    @Test
    void withoutTheDefinitionItSaysSoAndGoesOnLooking() {
        assumeTrue(cluster.isLocal(), "the definition stays on a real API");
        cluster.local()
                .intercept(request -> request.getPath().contains("/legacyservices")
                        ? Optional.of(new MockResponse().setResponseCode(404).setBody("404 page not found"))
                        : Optional.empty());

        resources.start(changes::add);

        await().atMost(SOON).until(resources::notInstalled);
        assertThat(resources.synced()).isFalse();
        assertThat(resources.state().up()).isFalse();
        assertThat(resources.state().error().orElseThrow())
                .contains("CustomResourceDefinition legacyservices.bailey.bridge is not installed: apply k8s/crd/");

        cluster.local().intercept(request -> Optional.empty());
        cluster.apply(legacyService(shop, "billing"));

        await().atMost(SOON).untilAsserted(() -> assertThat(claiming("billing")).isNotEmpty());
        assertThat(resources.notInstalled()).isFalse();
        assertThat(resources.state().error()).isEmpty();
    }

    @Test
    void annotationsAreTold() {
        GenericKubernetesResource resource = legacyService(shop, "billing");
        resource.getMetadata().setAnnotations(Map.of("team", "payments"));
        cluster.apply(resource);
        start();

        assertThat(resources.get(key("billing")).orElseThrow().annotations()).containsEntry("team", "payments");
    }
}
