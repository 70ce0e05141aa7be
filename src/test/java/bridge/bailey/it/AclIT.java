package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.local.LocalConsul;
import bridge.bailey.model.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Consul that denies by default. */
class AclIT {

    private static LocalConsul consul;
    private static Acl acl;

    @TempDir
    Path directory;

    private Cluster cluster;
    private String shop;
    private Bailey bailey;

    @BeforeAll
    static void startConsul() {
        consul = LocalConsul.startWithAcl();
        acl = new Acl(consul);
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

    private String documented() {
        return acl.policy(cluster.prefix(), Acl.documented(cluster.prefix()));
    }

    private void startBailey(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(variables);
        all.put("CONSUL_HTTP_ADDR", "127.0.0.1:" + consul.httpPort());
        bailey = new Bailey(cluster.newClient(), all, Bailey.forTest(cluster, Map.of("resync", "1s"))).start();
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
    void theDocumentedPolicyIsEnough() {
        startBailey(acl.token(documented()).secret());

        await().untilAsserted(() -> assertThat(entries()).hasSize(2));
        cluster.delete(service(shop, "users"));
        await().untilAsserted(() -> assertThat(entries()).hasSize(1));
        bailey.awaitFullPass();
        assertThat(bailey.findings()).isEmpty();
        assertThat(bailey.outcomes()).hasSize(3).allMatch(o -> o.applied());
    }

    @Test
    void aNameThatTheTokenMayNotWriteIsReportedAndTheOthersAreServed() {
        String narrow =
                """
                node "k8s-%1$s" { policy = "write" }
                key_prefix "bailey/%1$s/" { policy = "write" }
                service "users" { policy = "write" }
                """
                        .formatted(cluster.prefix());
        String id = acl.policy(cluster.prefix(), narrow);
        startBailey(acl.token(id).secret());

        await().untilAsserted(() ->
                assertThat(entries().keySet()).singleElement().asString().contains("users"));
        await().untilAsserted(
                        () -> assertThat(bailey.findings()).singleElement().satisfies(finding -> {
                            assertThat(finding.kind()).isEqualTo(Finding.Kind.REFUSED);
                            assertThat(finding.text())
                                    .contains(
                                            shop + "/orders",
                                            "the policy of Bailey's token needs service \"orders\" { policy = \"write\" };"
                                                    + " Consul says: Permission denied");
                        }));

        acl.change(
                id,
                cluster.prefix(),
                narrow.replace("\"users\"", "\"orders\"") + "service \"users\" { policy = \"write\" }");

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

    @Test
    void aTokenThatIsRotatedWhileRequestsGoOnLosesNothing() throws IOException {
        String policy = documented();
        Acl.Made old = acl.token(policy);
        Path file = Files.writeString(directory.resolve("token"), old.secret());
        startBailey(Map.of("CONSUL_HTTP_TOKEN_FILE", file.toString()));
        await().untilAsserted(() -> assertThat(entries()).hasSize(2));

        for (int i = 0; i < 20; i++) {
            cluster.apply(slice(shop, "rotating-" + i, "users", ready("10.1.1." + i)));
            if (i == 5) {
                // The new token is there first, as it should be.
                Acl.Made next = acl.token(policy);
                Files.writeString(file, next.secret());
                acl.delete(old);
                old = next;
            }
            if (i == 10) {
                // The old one is gone before the kubelet brings the new one.
                acl.delete(old);
            }
            if (i == 15) {
                await().until(() -> !bailey.outages().isEmpty());
                Files.writeString(file, acl.token(policy).secret());
            }
        }

        await().untilAsserted(() -> assertThat(entries()).hasSize(22));
        assertThat(bailey.outages()).allSatisfy(message -> assertThat(message)
                .contains("ACL not found", "Consul does not know the token in " + file));
        bailey.awaitFullPass();
        assertThat(bailey.findings()).isEmpty();
        assertThat(entries()).hasSize(22);
    }

    @Test
    void aPermissionThatIsTakenWhileRequestsGoOnIsNamedAndNothingIsLostWhenItIsGivenBack() {
        String policy = documented();
        startBailey(acl.token(policy).secret());
        await().untilAsserted(() -> assertThat(entries()).hasSize(2));

        acl.change(
                policy,
                cluster.prefix(),
                "node \"k8s-" + cluster.prefix() + "\" { policy = \"write\" } " + key()
                        + " service \"users\" { policy = \"write\" }");
        cluster.apply(slice(shop, "c", "users", ready("10.1.0.3")));
        cluster.apply(slice(shop, "d", "orders", ready("10.1.0.4")));

        await().untilAsserted(() -> assertThat(entries()).hasSize(3));
        await().untilAsserted(() -> assertThat(bailey.findings()).isNotEmpty().allSatisfy(finding -> assertThat(
                        finding.text())
                .contains(shop + "/orders", "service \"orders\" { policy = \"write\" }")));

        acl.change(policy, cluster.prefix(), Acl.documented(cluster.prefix()));
        await().untilAsserted(() -> assertThat(entries()).hasSize(4));
        await().untilAsserted(() -> assertThat(bailey.findings()).isEmpty());
    }

    @Test
    void aNodeThatMayNoLongerBeSeenIsNotTakenForOneThatIsGone() {
        String policy = documented();
        startBailey(acl.token(policy).secret());
        await().untilAsserted(() -> assertThat(entries()).hasSize(2));

        acl.change(policy, cluster.prefix(), key() + " service_prefix \"\" { policy = \"write\" }");
        await().untilAsserted(() -> assertThat(bailey.outages()).anySatisfy(message -> assertThat(message)
                .contains("the policy of Bailey's token needs node \"k8s-" + cluster.prefix()
                        + "\" { policy = \"write\" }")));
        cluster.apply(slice(shop, "c", "users", ready("10.1.0.3")));
        assertThat(entries()).hasSize(2);

        acl.change(policy, cluster.prefix(), Acl.documented(cluster.prefix()));
        // The pauses between tries grow up to 15 s.
        await().untilAsserted(() -> assertThat(entries()).hasSize(3));
    }

    private String key() {
        return "key_prefix \"bailey/" + cluster.prefix() + "/\" { policy = \"write\" }";
    }
}
