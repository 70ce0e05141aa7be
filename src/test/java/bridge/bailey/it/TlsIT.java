package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import bridge.bailey.consul.ConsulAgent;
import bridge.bailey.local.LocalConsul;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Consul by HTTPS, with the certificates that {@code consul tls} makes, and its standard variables. */
class TlsIT {

    private static LocalConsul consul;

    @TempDir
    Path directory;

    private Cluster cluster;
    private Bailey bailey;

    @BeforeAll
    static void startConsul() {
        consul = LocalConsul.startWithTls();
    }

    @AfterAll
    static void stopConsul() {
        consul.close();
    }

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        String shop = cluster.namespace("shop");
        cluster.apply(service(shop, "users"));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1")));
    }

    @AfterEach
    void stop() {
        if (bailey != null) {
            bailey.close();
        }
        cluster.close();
    }

    private Map<String, String> variables() {
        return new HashMap<>(Map.of(
                "CONSUL_HTTP_ADDR", "127.0.0.1:" + consul.httpsPort(),
                "CONSUL_HTTP_SSL", "true",
                "CONSUL_CACERT", consul.certificate("consul-agent-ca.pem").toString(),
                "CONSUL_CLIENT_CERT",
                        consul.certificate("dc1-client-consul-0.pem").toString(),
                "CONSUL_CLIENT_KEY",
                        consul.certificate("dc1-client-consul-0-key.pem").toString()));
    }

    private void startBailey(Map<String, String> variables) {
        bailey = new Bailey(cluster.newClient(), variables, Bailey.forTest(cluster, Map.of())).start();
    }

    private void awaitEntry() {
        await().untilAsserted(() ->
                assertThat(CatalogView.of(consul, "k8s-" + cluster.prefix())).hasSize(1));
    }

    @Test
    void theOwnCaAndAClientCertificateWithItsKeyAreEnough() {
        startBailey(variables());

        awaitEntry();
        ConsulAgent agent = bailey.consul().agent(InstantSource.system());
        assertThat(agent.describe())
                .hasValueSatisfying(d -> assertThat(d.datacenter()).isEqualTo("dc1"));
    }

    @Test
    void aCertificateMayBeForAnotherNameThanTheAddress() {
        Map<String, String> variables = variables();
        variables.put("CONSUL_TLS_SERVER_NAME", "server.dc1.consul");
        startBailey(variables);

        awaitEntry();
    }

    @Test
    void aCertificateForAnotherNameIsRefused() {
        Map<String, String> variables = variables();
        variables.put("CONSUL_TLS_SERVER_NAME", "other.dc1.consul");
        startBailey(variables);

        await().until(() -> !bailey.outages().isEmpty());
        assertThat(bailey.outages().get(0)).contains("does not answer");
        assertThat(CatalogView.of(consul, "k8s-" + cluster.prefix())).isEmpty();
    }

    @Test
    void withoutTheCaConsulIsNotTrustedUnlessVerificationIsTurnedOff() {
        Map<String, String> variables = variables();
        variables.remove("CONSUL_CACERT");
        startBailey(variables);
        await().until(() -> !bailey.outages().isEmpty());
        bailey.close();

        variables.put("CONSUL_HTTP_SSL_VERIFY", "false");
        startBailey(variables);

        awaitEntry();
    }

    @Test
    void filesThatAreNotWhatTheyShouldBeStopTheStartAndAreNotQuoted() throws IOException {
        Map<String, String> badCa = variables();
        badCa.put(
                "CONSUL_CACERT", Files.writeString(directory.resolve("ca"), "").toString());
        assertThatThrownBy(() -> startBailey(badCa)).hasMessageContaining("CA file");

        Map<String, String> badKey = variables();
        String secret = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
        badKey.put(
                "CONSUL_CLIENT_KEY",
                Files.writeString(directory.resolve("key"), secret).toString());
        assertThatThrownBy(() -> startBailey(badKey))
                .hasMessageContaining("client certificate")
                .hasMessageNotContaining("c2VjcmV0");
    }
}
