package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static bridge.bailey.it.LegacyKube.legacyService;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.it.BaileyJar.Result;
import bridge.bailey.local.LocalConsul;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Bailey wrote goes, and nothing else. */
class PurgeIT {

    private final LocalConsul consul = SharedConsul.get();

    @TempDir
    Path directory;

    private Cluster cluster;
    private String shop;
    private String node;
    private Map<String, String> environment;

    @BeforeEach
    void start() throws IOException {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        node = "k8s-" + cluster.prefix();
        environment = new HashMap<>(Map.of(
                "BAILEY_CLUSTER",
                cluster.prefix(),
                "CONSUL_HTTP_ADDR",
                "127.0.0.1:" + consul.httpPort(),
                "KUBECONFIG",
                cluster.kubeconfig(directory).toString()));
        LegacyKube.install(cluster);
        cluster.apply(service(shop, "users"));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.2")));
        cluster.apply(legacyService(
                shop,
                "billing",
                "{ports: [{name: http, port: 80}], registerInConsul: true,"
                        + " origins: [{static: {instances: [{address: 10.20.0.11}, {address: 10.20.0.12}]}}]}"));
        write();
    }

    /** Bailey runs until everything is there, and stops. */
    private void write() {
        Bailey bailey = Bailey.of(
                cluster,
                consul.httpPort(),
                Map.of("legacy.enabled", "true", "legacy.namespaces", cluster.prefix() + "-*"));
        try {
            bailey.started();
            await().untilAsserted(() -> {
                assertThat(CatalogView.of(consul, node)).hasSize(2);
                assertThat(machineNodes()).hasSize(2);
                assertThat(mirrors()).hasSize(2);
            });
        } finally {
            bailey.close();
        }
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private Result purge(String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("purge"));
        arguments.addAll(List.of(more));
        return BaileyJar.run(directory, environment, arguments.toArray(String[]::new));
    }

    private List<String> machineNodes() {
        List<String> names = new ArrayList<>();
        for (JsonNode found : consul.get("catalog/nodes")) {
            if (found.get("Node").asText().startsWith("vm-" + cluster.prefix() + "-")) {
                names.add(found.get("Node").asText());
            }
        }
        return names;
    }

    /** The mirror's Service and slice. */
    private List<HasMetadata> mirrors() {
        List<HasMetadata> all = new ArrayList<>();
        String mark = "bailey.bridge/legacy-service";
        all.addAll(cluster.client()
                .services()
                .inNamespace(shop)
                .withLabel(mark)
                .list()
                .getItems());
        all.addAll(cluster.client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(shop)
                .withLabel(mark)
                .list()
                .getItems());
        return all;
    }

    @Test
    void aDryRunShowsItAndPurgeRemovesItAndNothingElse() throws Exception {
        Result dryRun = purge("--dry-run");
        assertThat(dryRun.code()).as(dryRun.err()).isEqualTo(2);
        assertThat(dryRun.out())
                .contains(
                        "to-consul\n",
                        "  " + shop + "/users → users\n    - 10.1.0.1:8080  passing\n",
                        "    - " + node + "\n",
                        "    - bailey/" + cluster.prefix() + "/leader\n",
                        "    - vm-" + cluster.prefix() + "-10-20-0-11\n",
                        "to-kubernetes\n",
                        "    - Service",
                        "0 to create, 0 to update, 7 to delete");
        assertThat(mirrors()).hasSize(2);

        Result unconfirmed = purge();
        assertThat(unconfirmed.code()).isEqualTo(1);
        assertThat(unconfirmed.out()).contains("This removes 4 entries in Consul, 3 Services and endpoints");
        assertThat(unconfirmed.err()).contains("--yes");
        assertThat(CatalogView.of(consul, node)).hasSize(2);

        Result consulOnly = purge("--consul", "--yes");
        assertThat(consulOnly.code()).as(consulOnly.out() + consulOnly.err()).isZero();
        assertThat(consulOnly.out()).contains("to-consul: 4 removed");
        assertThat(consul.get("catalog/node/" + node).isNull()).isTrue();
        assertThat(machineNodes()).isEmpty();
        assertThat(consul.get("kv/?keys").toString()).doesNotContain(cluster.prefix());
        assertThat(mirrors()).as("of the cluster nothing was removed").hasSize(2);

        Result rest = purge("--yes");
        assertThat(rest.code()).as(rest.out() + rest.err()).isZero();
        assertThat(rest.out()).contains("to-kubernetes: 3 removed");
        assertThat(mirrors()).isEmpty();
        assertThat(cluster.client()
                        .services()
                        .inNamespace(shop)
                        .withName("users")
                        .get())
                .isNotNull();
        assertThat(LegacyKube.api(cluster.client(), shop, "billing").get()).isNotNull();
        assertThat(purge("--yes").out()).contains("Nothing to remove");
    }

    @Test
    void whatOthersPutOnOurNodesStaysAndIsReported() throws Exception {
        String machine = machineNodes().get(0);
        for (String some : List.of(node, machine)) {
            consul.put(
                    "catalog/register",
                    "{\"Node\": \"%s\", \"SkipNodeUpdate\": true, \"Address\": \"127.0.0.1\", \"Service\": {\"ID\": \"foreign-%s\", \"Service\": \"foreign\"}}"
                            .formatted(some, some));
        }
        Result purged = purge("--yes");

        assertThat(purged.code()).as(purged.out() + purged.err()).isZero();
        assertThat(purged.out())
                .contains(
                        "Node \"" + node + "\" in Consul stays: others have entries on it: foreign-" + node,
                        "Node \"" + machine + "\" in Consul stays: others have entries on it: foreign-" + machine);
        assertThat(CatalogView.of(consul, node).keySet()).containsExactly("foreign-" + node);
        assertThat(CatalogView.of(consul, machine).keySet()).containsExactly("foreign-" + machine);
        assertThat(machineNodes()).containsExactly(machine);
    }

    @Test
    void itRefusesWhileABaileyOfTheClusterRunsUnlessItIsForced() throws Exception {
        lease("bailey-0", ZonedDateTime.now(ZoneOffset.UTC));
        environment.put("BAILEY_LEADER_RETRY_PERIOD", "200ms");

        Result refused = purge("--yes");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains(
                        "Bailey \"bailey-0\" runs: it holds Lease " + shop + "/bailey",
                        "kubectl -n " + shop + " scale deployment/bailey --replicas=0",
                        "Nothing was removed");
        assertThat(CatalogView.of(consul, node)).hasSize(2);
        assertThat(purge("--dry-run").err()).contains("Warning: Bailey \"bailey-0\" runs");

        // It crashed long ago.
        lease("bailey-0", ZonedDateTime.now(ZoneOffset.UTC).minusHours(1));
        assertThat(purge("--yes", "--kubernetes").code()).isZero();

        lease("bailey-0", ZonedDateTime.now(ZoneOffset.UTC));
        Result forced = purge("--yes", "--force");
        assertThat(forced.code()).as(forced.out() + forced.err()).isZero();
        assertThat(CatalogView.of(consul, node)).isEmpty();
    }

    private void lease(String holder, ZonedDateTime renewed) {
        environment.put("BAILEY_LEADER_NAMESPACE", shop);
        cluster.apply(new LeaseBuilder()
                .withNewMetadata()
                .withNamespace(shop)
                .withName("bailey")
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(holder)
                // Longer than the command takes to start on a busy machine.
                .withLeaseDurationSeconds(600)
                .withRenewTime(renewed)
                .endSpec()
                .build());
    }
}
