package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.consul.ConsulException;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.local.LocalConsul;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The login through Consul's auth method for Kubernetes, with the service account's token. */
class LoginIT {

    private static final AtomicInteger COUNTER = new AtomicInteger();

    private static LocalConsul consul;
    private static TokenReviews reviews;

    @TempDir
    Path directory;

    private Cluster cluster;
    private String shop;
    private String method;
    private Path bearer;
    private Bailey bailey;

    @BeforeAll
    static void startConsul() {
        consul = LocalConsul.startWithAcl();
        reviews = new TokenReviews();
    }

    @AfterAll
    static void stopConsul() {
        consul.close();
        reviews.close();
    }

    @BeforeEach
    void start() throws IOException {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        cluster.apply(service(shop, "users"));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1")));
        method = "kube-" + COUNTER.incrementAndGet();
        bearer = directory.resolve("token");
        present("one");
        reviews.makeAuthMethod(consul, method);
    }

    @AfterEach
    void stop() {
        if (bailey != null) {
            bailey.close();
        }
        cluster.close();
    }

    /** Makes this what the kubelet wrote last, and what alone the API takes. */
    private void present(String number) throws IOException {
        Files.writeString(bearer, TokenReviews.bearer(number));
        reviews.accept(TokenReviews.bearer(number));
    }

    /** Whoever logs in as Bailey gets the documented policy. */
    private void bind() {
        Acl acl = new Acl(consul);
        acl.policy(cluster.prefix(), Acl.documented(cluster.prefix()));
        acl.put(
                "acl/binding-rule",
                Map.of(
                        "AuthMethod",
                        method,
                        "BindType",
                        "role",
                        "BindName",
                        cluster.prefix(),
                        "Selector",
                        "serviceaccount.namespace==\"bailey\" and serviceaccount.name==\"bailey\""));
        acl.put("acl/role", Map.of("Name", cluster.prefix(), "Policies", List.of(Map.of("Name", cluster.prefix()))));
    }

    private void startBailey(String authMethod) {
        bailey = new Bailey(
                        cluster.newClient(),
                        Map.of("CONSUL_HTTP_ADDR", "127.0.0.1:" + consul.httpPort()),
                        Bailey.forTest(
                                cluster,
                                Map.of(
                                        "resync",
                                        "1s",
                                        "consul.login.auth-method",
                                        authMethod,
                                        "consul.login.bearer-token-file",
                                        bearer.toString())))
                .start();
    }

    private Map<String, String> entries() {
        return CatalogView.of(consul, "k8s-" + cluster.prefix());
    }

    /** The AccessorIDs of the tokens that logins gave. */
    private List<String> tokens() {
        List<String> accessors = new ArrayList<>();
        for (JsonNode token : consul.get("acl/tokens")) {
            if (token.path("AuthMethod").asText().equals(method)) {
                accessors.add(token.get("AccessorID").asText());
            }
        }
        return accessors;
    }

    @Test
    void theLoginGivesATokenThatAllRequestsUseAndThatIsGivenBackAtTheEnd() {
        bind();
        startBailey(method);

        await().untilAsserted(() -> assertThat(entries()).hasSize(1));
        assertThat(tokens()).hasSize(1);
        assertThat(consul.get("acl/token/" + tokens().get(0)).get("Description").asText())
                .contains("bailey-cluster", cluster.prefix());
        assertThat(bailey.requests("login")).isEqualTo(1);

        bailey.close();
        assertThat(tokens()).isEmpty();
        assertThat(entries()).as("what was written stays").hasSize(1);
    }

    @Test
    void theAgentIsAskedWithTheSameToken() {
        bind();
        Acl acl = new Acl(consul);
        acl.policy(method, "agent_prefix \"\" { policy = \"read\" }");
        acl.put("acl/role", Map.of("Name", method, "Policies", List.of(Map.of("Name", method))));
        acl.put("acl/binding-rule", Map.of("AuthMethod", method, "BindType", "role", "BindName", method));
        startBailey(method);

        assertThat(bailey.consul().agent(InstantSource.system()).describe())
                .hasValueSatisfying(agent -> assertThat(agent.datacenter()).isEqualTo("dc1"));
        await().untilAsserted(() -> assertThat(entries()).hasSize(1));
        assertThat(tokens()).hasSize(1);
    }

    @Test
    void aTokenThatIsDeletedWhileRequestsGoOnIsReplacedAndNothingIsLost() throws IOException {
        bind();
        startBailey(method);
        await().untilAsserted(() -> assertThat(entries()).hasSize(1));
        String first = tokens().get(0);

        present("two");
        consul.delete("acl/token/" + first);
        cluster.apply(slice(shop, "b", "users", ready("10.1.0.2")));

        await().untilAsserted(() -> assertThat(entries()).hasSize(2));
        assertThat(tokens()).hasSize(1).doesNotContain(first);
        assertThat(bailey.requests("login")).isEqualTo(2);
        assertThat(bailey.outages()).isEmpty();
        assertThat(bailey.outcomes()).allMatch(outcome -> outcome.applied());
    }

    @Test
    void aTokenIsRenewedWellBeforeItEndsWithTheBearerOfThen() throws IOException {
        bind();
        startBailey(method);
        await().untilAsserted(
                        () -> assertThat(entries()).as("Bailey has logged in").hasSize(1));
        AtomicLong nanos = new AtomicLong();
        try (ConsulHttp http = new ConsulHttp(bailey.settings().consul(), (kind, status, seconds) -> {}, nanos::get)) {
            http.nodes(Map.of());
            List<String> before = tokens();

            present("two");
            nanos.addAndGet(Duration.ofSeconds(39).toNanos());
            http.nodes(Map.of());
            assertThat(tokens()).containsExactlyInAnyOrderElementsOf(before);

            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            http.nodes(Map.of());
            assertThat(tokens()).hasSize(before.size() + 1).containsAll(before);
        }
    }

    @Test
    void aMethodThatConsulDoesNotHaveIsTold() {
        startBailey("nonesuch");

        await().until(() -> !bailey.outages().isEmpty());
        assertThat(bailey.outages().get(0))
                .startsWith("the login to Consul by auth method \"nonesuch\" failed: Consul at http://127.0.0.1:")
                .contains("answered 403: ACL not found")
                .endsWith("; Consul has no such auth method");
    }

    @Test
    void aBearerThatTheClusterDoesNotTakeIsToldAndNotQuoted() throws IOException {
        bind();
        Files.writeString(bearer, TokenReviews.bearer("expired"));
        startBailey(method);

        await().until(() -> !bailey.outages().isEmpty());
        assertThat(bailey.outages().get(0))
                .contains("auth method \"" + method + "\"", "token … has expired")
                .doesNotContain(TokenReviews.bearer("expired"));

        present("new");
        await().untilAsserted(() -> assertThat(entries()).hasSize(1));
    }

    @Test
    void withoutABindingRuleNothingIsWrittenUntilThereIsOne() {
        startBailey(method);

        await().until(() -> !bailey.outages().isEmpty());
        assertThat(bailey.outages().get(0))
                .contains("answered 403: Permission denied", "no binding rule of the auth method");
        assertThat(entries()).isEmpty();

        bind();
        await().untilAsserted(() -> assertThat(entries()).hasSize(1));
    }

    @Test
    void whoeverMayNotDoSomethingDoesNotLogInAgainAndAgain() throws ConsulException {
        Acl acl = new Acl(consul);
        acl.policy(method, "key_prefix \"bailey/\" { policy = \"write\" }");
        acl.put("acl/role", Map.of("Name", method, "Policies", List.of(Map.of("Name", method))));
        acl.put("acl/binding-rule", Map.of("AuthMethod", method, "BindType", "role", "BindName", method));
        startBailey(method);

        await().until(() -> bailey.outages().size() >= 3);
        assertThat(bailey.outages().get(0))
                .contains(
                        "node \"k8s-" + cluster.prefix() + "\" can't be registered",
                        "the policy of Bailey's token needs node \"k8s-" + cluster.prefix()
                                + "\" { policy = \"write\" }; Consul says: Permission denied");
        assertThat(bailey.requests("login")).isEqualTo(1);
    }
}
