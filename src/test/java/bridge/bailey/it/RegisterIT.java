package bridge.bailey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bridge.bailey.local.LocalConsul;
import bridge.bailey.local.LocalMachines;
import bridge.bailey.local.Ports;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The machines of a LegacyService in Consul: real probes of real servers, and Consul's DNS. */
class RegisterIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final LocalConsul consul = SharedConsul.get();
    private final Dns dns = new Dns(consul.dnsPort());
    private final int port = Ports.free();

    private Cluster cluster;
    private String shop;
    private String billing;
    private LocalMachines machines;
    private Bailey bailey;

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        assumeTrue(cluster.isLocal(), "a real API server refuses the loopback addresses of these machines");
        LegacyKube.install(cluster);
        shop = cluster.namespace("shop");
        billing = cluster.prefix() + "-billing";
        machines = new LocalMachines(port, Ports.free());
        machines.add("one", "127.0.77.1").add("two", "127.0.77.2");
        bailey = Bailey.of(
                        cluster,
                        consul.httpPort(),
                        Map.of("legacy.enabled", "true", "legacy.allow-loopback", "true", "resync", "1s"))
                .started();
    }

    @AfterEach
    void stop() {
        if (bailey != null) {
            bailey.close();
            machines.close();
        }
        cluster.close();
    }

    private GenericKubernetesResource declared(boolean registered) {
        return LegacyKube.legacyService(
                shop,
                billing,
                """
                {ports: [{name: http, port: 80, targetPort: %d}], registerInConsul: %s,
                 origins: [{static: {instances: [{address: 127.0.77.1, zone: a}, {address: 127.0.77.2}]}}],
                 probe: {http: {path: /health}, interval: 1s, timeout: 1s, rise: 1, fall: 2}}"""
                        .formatted(port, registered));
    }

    private JsonNode instances() {
        return consul.get("health/service/" + billing);
    }

    private void answers(String... addresses) {
        await().atMost(SOON).untilAsserted(() -> assertThat(dns.a(billing)).containsExactlyInAnyOrder(addresses));
    }

    @Test
    void machinesAreExternalNodesWithTheVerdictsOfTheirProbes() {
        cluster.apply(declared(true));
        answers("127.0.77.1", "127.0.77.2");

        JsonNode one = instances().get(0);
        assertThat(one.at("/Node/Meta/external-node").asText()).isEqualTo("true");
        assertThat(one.at("/Node/Meta/bailey-cluster").asText()).isEqualTo(cluster.prefix());
        assertThat(one.at("/Service/Meta/managed-by").asText()).isEqualTo("bailey");
        assertThat(one.at("/Service/Port").asInt()).isEqualTo(port);
        assertThat(one.at("/Checks/0/Name").asText()).isEqualTo("Bailey probe");

        machines.stop("two");
        answers("127.0.77.1");
        await().atMost(SOON).untilAsserted(() -> assertThat(instances().findValuesAsText("Output"))
                .contains("The probe of 127.0.77.2:" + port + " fails: connection refused"));

        machines.start("two");
        answers("127.0.77.1", "127.0.77.2");
    }

    @Test
    void whatIsNoLongerAskedForGoesAndTheMirrorStays() {
        cluster.apply(declared(true));
        answers("127.0.77.1", "127.0.77.2");

        cluster.apply(declared(false));

        answers();
        await().atMost(SOON).untilAsserted(() -> assertThat(nodes()).isEmpty());
        assertThat(cluster.client()
                        .services()
                        .inNamespace(shop)
                        .withName(billing)
                        .get())
                .isNotNull();
    }

    private List<String> nodes() {
        return consul.get(
                        "catalog/nodes?node-meta=bailey-cluster:" + cluster.prefix() + "&node-meta=external-node:true")
                .findValuesAsText("Node");
    }

    @Test
    void aRestartWritesNothing() {
        cluster.apply(declared(true));
        answers("127.0.77.1", "127.0.77.2");
        bailey.awaitFullPass();
        long before = index();
        bailey.close();

        bailey = Bailey.of(
                        cluster,
                        consul.httpPort(),
                        Map.of("legacy.enabled", "true", "legacy.allow-loopback", "true", "resync", "1s"))
                .started();
        bailey.awaitFullPass();

        assertThat(index()).isEqualTo(before);
        assertThat(bailey.outcomes()).isEmpty();
    }

    private long index() {
        long highest = 0;
        for (JsonNode instance : instances()) {
            highest = Math.max(highest, instance.at("/Service/ModifyIndex").asLong());
            for (JsonNode check : instance.get("Checks")) {
                highest = Math.max(highest, check.get("ModifyIndex").asLong());
            }
        }
        return highest;
    }
}
