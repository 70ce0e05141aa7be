package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.local.LocalConsul;
import bridge.bailey.model.Finding;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Consul that denies by default. */
class AclIT {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static LocalConsul consul;
    private Cluster cluster;
    private String shop;
    private Bailey bailey;

    @BeforeAll
    static void startConsul() {
        consul = LocalConsul.startWithAcl();
    }

    @AfterAll
    static void stopConsul() {
        consul.close();
    }

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        cluster.apply(service(shop, "users"));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1")));
        cluster.apply(service(shop, "orders"));
        cluster.apply(slice(shop, "b", "orders", ready("10.1.0.2")));
    }

    @AfterEach
    void stop() {
        bailey.close();
        cluster.close();
    }

    private static String json(Object value) throws IOException {
        return MAPPER.writeValueAsString(value);
    }

    private static String policy(String name, String rules) throws IOException {
        return consul.put("acl/policy", json(Map.of("Name", name, "Rules", rules)))
                .get("ID")
                .asText();
    }

    private static String token(String policyId) throws IOException {
        return consul.put("acl/token", json(Map.of("Policies", List.of(Map.of("ID", policyId)))))
                .get("SecretID")
                .asText();
    }

    private void startBailey(String token) {
        bailey = new Bailey(
                        cluster.newClient(), consul.httpPort(), token, Bailey.forTest(cluster, Map.of("resync", "1s")))
                .start();
    }

    private Map<String, String> entries() {
        return CatalogView.of(consul, "k8s-" + cluster.prefix());
    }

    @Test
    void theDocumentedPolicyIsEnough() throws IOException {
        String rules =
                Files.readString(Path.of("k8s", "consul", "bailey-policy.hcl")).replace("CLUSTER", cluster.prefix());
        startBailey(token(policy(cluster.prefix(), rules)));

        await().untilAsserted(() -> assertThat(entries()).hasSize(2));
        cluster.delete(service(shop, "users"));
        await().untilAsserted(() -> assertThat(entries()).hasSize(1));
        bailey.awaitFullPass();
        assertThat(bailey.findings()).isEmpty();
        assertThat(bailey.outcomes()).hasSize(3).allMatch(o -> o.applied());
    }

    @Test
    void aNameThatTheTokenMayNotWriteIsReportedAndTheOthersAreServed() throws IOException {
        String narrow =
                """
                node "k8s-%1$s" { policy = "write" }
                key_prefix "bailey/%1$s/" { policy = "write" }
                service "users" { policy = "write" }
                """
                        .formatted(cluster.prefix());
        String id = policy(cluster.prefix(), narrow);
        startBailey(token(id));

        await().untilAsserted(() ->
                assertThat(entries().keySet()).singleElement().asString().contains("users"));
        await().untilAsserted(
                        () -> assertThat(bailey.findings()).singleElement().satisfies(finding -> {
                            assertThat(finding.kind()).isEqualTo(Finding.Kind.REFUSED);
                            assertThat(finding.text()).contains(shop + "/orders", "ermission denied");
                        }));

        consul.put(
                "acl/policy/" + id,
                json(Map.of(
                        "ID",
                        id,
                        "Name",
                        cluster.prefix(),
                        "Rules",
                        narrow.replace("\"users\"", "\"orders\"") + "service \"users\" { policy = \"write\" }")));

        await().untilAsserted(() -> assertThat(entries()).hasSize(2));
        await().untilAsserted(() -> assertThat(bailey.findings()).isEmpty());
    }

    @Test
    void withoutATokenNothingIsWrittenAndTheReasonIsTold() {
        startBailey("");

        await().until(() -> !bailey.outcomes().isEmpty() || !bailey.outages().isEmpty());
        assertThat(entries()).isEmpty();
        assertThat(bailey.outcomes()).noneMatch(o -> o.applied());
    }

    @Test
    void aTokenThatIsNoTokenIsToldAndNeverLogged() {
        startBailey("11111111-2222-3333-4444-555555555555");

        await().until(() -> !bailey.outages().isEmpty());
        assertThat(bailey.outages().get(0)).contains("403").doesNotContain("11111111-2222");
        assertThat(bailey.settings().consul().toString()).doesNotContain("11111111-2222");
    }
}
