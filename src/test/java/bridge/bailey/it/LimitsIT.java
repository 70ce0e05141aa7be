package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.local.LocalConsul;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More than fits into one transaction, by number and by size; and what Consul would refuse. */
class LimitsIT {

    private final LocalConsul consul = SharedConsul.get();
    private Cluster cluster;
    private String shop;
    private Bailey bailey;

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
    }

    @AfterEach
    void stop() {
        bailey.close();
        cluster.close();
    }

    private Map<String, String> entries() {
        return CatalogView.of(consul, "k8s-" + cluster.prefix());
    }

    private void applyPods(String service, int count) {
        for (int from = 0; from < count; from += 100) {
            int first = from;
            Endpoint[] endpoints = IntStream.range(from, Math.min(count, from + 100))
                    .mapToObj(i -> ready("10.3." + i / 250 + "." + (1 + i % 250)))
                    .toArray(Endpoint[]::new);
            cluster.apply(slice(shop, service + "-" + first, service, endpoints));
        }
    }

    @Test
    void moreThanATransactionHoldsArrivesAndGoesWhole() {
        cluster.apply(service(shop, "users"));
        applyPods("users", 500);
        bailey = Bailey.of(cluster, consul.httpPort(), Map.of()).started();
        assertThat(entries()).hasSize(500);
        assertThat(bailey.outcomes()).hasSize(500).allMatch(o -> o.applied());

        cluster.delete(service(shop, "users"));

        await().untilAsserted(() -> assertThat(entries()).isEmpty());
        assertThat(bailey.outages()).isEmpty();
    }

    @Test
    void aConfiguredLimitIsKept() {
        cluster.apply(service(shop, "users"));
        applyPods("users", 100);
        bailey = Bailey.of(cluster, consul.httpPort(), Map.of("consul.max-ops", "11"))
                .started();

        assertThat(entries()).hasSize(100);
        // One operation of each transaction is the fence.
        assertThat(bailey.requests("txn")).isEqualTo(1 + 100 * 2 / 10);
    }

    @Test
    void entriesThatAreLargeTogetherArriveInSeveralTransactions() {
        Map<String, String> annotations = new HashMap<>();
        for (int i = 0; i < 50; i++) {
            annotations.put("bailey.bridge/meta-key" + i, "x".repeat(512));
        }
        cluster.apply(service(shop, "users", annotations));
        applyPods("users", 100);
        bailey = Bailey.of(cluster, consul.httpPort(), Map.of()).started();

        assertThat(entries()).hasSize(100);
        assertThat(bailey.outages()).isEmpty();
    }

    @Test
    void metaThatConsulWouldRefuseIsDroppedAndReportedAndTheRestIsServed() {
        cluster.apply(service(
                shop,
                "users",
                Map.of(
                        "bailey.bridge/meta-good", "yes",
                        "bailey.bridge/meta-dotted.key", "no",
                        "bailey.bridge/meta-long", "x".repeat(513),
                        "bailey.bridge/meta-consul-reserved", "no")));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1")));
        bailey = Bailey.of(cluster, consul.httpPort(), Map.of()).started();

        assertThat(entries().values())
                .singleElement()
                .asString()
                .contains("good=yes")
                .doesNotContain("dotted");
        assertThat(bailey.findings())
                .extracting(f -> f.value())
                .containsExactlyInAnyOrder("dotted.key", "long", "consul-reserved");
        assertThat(bailey.findings()).allMatch(f -> f.text().contains(shop + "/users"));
        assertThat(bailey.outcomes()).allMatch(o -> o.applied());
    }
}
