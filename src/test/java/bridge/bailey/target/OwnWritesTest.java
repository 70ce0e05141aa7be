package bridge.bailey.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.local.LocalKubernetes;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.source.ClusterWatch;
import bridge.bailey.source.KubeMarks;
import bridge.bailey.source.KubernetesSource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was written counts until the informers have heard of it; here they are an API in this process. */
class OwnWritesTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final ServiceKey BILLING = new ServiceKey("shop", "billing");

    private LocalKubernetes api;
    private KubernetesClient client;
    private ClusterWatch cluster;
    private OwnWrites known;
    private Instant now = Instant.EPOCH;

    @BeforeEach
    void start() {
        api = LocalKubernetes.start();
        client = api.client();
        cluster = new ClusterWatch(client, InstantSource.system());
        known = new OwnWrites(cluster, () -> now);
    }

    @AfterEach
    void stop() {
        cluster.close();
        client.close();
        api.close();
    }

    /** From here on the informers know what the API has. */
    private void informed() {
        await().atMost(SOON)
                .until(new KubernetesSource(cluster, false).start(keys -> {}).toCompletableFuture()::isDone);
    }

    private static ObjectMeta meta(String name, String uid, long version) {
        return new ObjectMetaBuilder()
                .withNamespace("shop")
                .withName(name)
                .withUid(uid)
                .withResourceVersion(Long.toString(version))
                .withLabels(Map.of(
                        KubeMarks.MANAGED_BY,
                        KubeMarks.BAILEY,
                        KubeMarks.LEGACY_SERVICE,
                        "billing",
                        KubeMarks.SLICE_MANAGER,
                        KubeMarks.SLICE_MANAGER_BAILEY,
                        KubeMarks.SLICE_SERVICE,
                        "billing"))
                .build();
    }

    private static Service service(String uid, long version) {
        return new ServiceBuilder()
                .withMetadata(meta("billing", uid, version))
                .withNewSpec()
                .endSpec()
                .build();
    }

    private static EndpointSlice slice(String name, long version) {
        return new EndpointSliceBuilder()
                .withMetadata(meta(name, "uid-" + name, version))
                .withAddressType("IPv4")
                .build();
    }

    private long version() {
        return known.service(BILLING)
                .map(s -> Long.parseLong(s.getMetadata().getResourceVersion()))
                .orElse(0L);
    }

    @Test
    void whatWasWrittenIsKnownAtOnce() {
        known.wrote(BILLING, service("uid-1", 7));
        known.wrote(BILLING, slice("a", 8));

        assertThat(version()).isEqualTo(7);
        assertThat(known.slices(BILLING)).hasSize(1);
        assertThat(known.mirrorSlices(BILLING)).hasSize(1);
        assertThat(known.keys()).containsExactly(BILLING);
    }

    @Test
    void theNewerOfTheTwoCounts() {
        Service there = client.resource(service(null, 0)).create();
        informed();
        long informed = Long.parseLong(there.getMetadata().getResourceVersion());
        assertThat(version()).isEqualTo(informed);

        known.wrote(BILLING, service(there.getMetadata().getUid(), informed + 5));
        assertThat(version()).isEqualTo(informed + 5);

        known.wrote(BILLING, service(there.getMetadata().getUid(), informed - 1));
        assertThat(version()).isEqualTo(informed);
    }

    @Test
    void whatWasDeletedIsGoneUntilThereIsAnotherOfItsName() {
        Service there = client.resource(service(null, 0)).create();
        informed();

        known.deleted(BILLING, there);
        assertThat(known.service(BILLING)).isEmpty();
        assertThat(known.keys()).isEmpty();

        client.resource(there).delete();
        Service another = client.resource(service(null, 0)).create();
        await().atMost(SOON).untilAsserted(() -> assertThat(known.service(BILLING))
                .hasValueSatisfying(found -> assertThat(found.getMetadata().getUid())
                        .isEqualTo(another.getMetadata().getUid())));
    }

    /** It would be patched, again and again, although it is not there. */
    @Test
    void whatOthersDeleteIsNotKnownAnyLonger() {
        EndpointSlice there = client.resource(slice("a", 0)).create();
        informed();
        known.wrote(BILLING, there);
        assertThat(known.slices(BILLING)).hasSize(1);

        client.resource(there).delete();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(known.slices(BILLING)).isEmpty());
    }

    @Test
    void afterAConflictTheInformersCount() {
        known.wrote(BILLING, service("uid-1", 7));
        known.wrote(BILLING, slice("a", 8));

        known.forget(BILLING);

        assertThat(known.service(BILLING)).isEmpty();
        assertThat(known.slices(BILLING)).isEmpty();
    }

    /** Or a write whose deletion nobody told of would be believed for good. */
    @Test
    void anOldWriteCountsNoMore() {
        known.wrote(BILLING, service("uid-1", 7));
        now = now.plusSeconds(20);
        known.wrote(BILLING, slice("a", 8));
        now = now.plusSeconds(20);

        known.forgetOld();

        assertThat(known.service(BILLING)).isEmpty();
        assertThat(known.slices(BILLING)).hasSize(1);
        now = now.plusSeconds(20);
        known.forgetOld();
        assertThat(known.keys()).isEmpty();
    }

    @Test
    void theSlicesOfOthersAreNotOurs() {
        EndpointSlice foreign = new EndpointSliceBuilder(slice("theirs", 0))
                .editMetadata()
                .addToLabels(KubeMarks.SLICE_MANAGER, "endpointslice-controller.k8s.io")
                .endMetadata()
                .build();
        client.resource(foreign).create();
        client.resource(slice("ours", 0)).create();
        informed();

        assertThat(known.slices(BILLING))
                .extracting(s -> s.getMetadata().getName())
                .containsExactly("ours");
    }
}
