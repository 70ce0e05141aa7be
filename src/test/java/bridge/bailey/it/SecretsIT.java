package bridge.bailey.it;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.local.Ports;
import com.github.tomakehurst.wiremock.WireMockServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets in every place where Bailey takes one, a log that tells all that it can, and systems that refuse, some of which
 * repeat what they were sent: no secret may be in the log, in an answer, among the names of threads or in the arguments of the
 * process.
 */
class SecretsIT {

    private static final String CONSUL = "5ec4e700-c045-4ec4-9e70-c0450000000a";
    private static final String BEARER_SIGNATURE = "c2VjcmV0LWJlYXJlci1zaWduYXR1cmU";
    private static final String BEARER = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzZWNyZXQtYmVhcmVyIn0." + BEARER_SIGNATURE;
    private static final String KUBERNETES = "kube-s3cr3t-4-the-api";
    private static final String AWS_ID = "AKIAS3CR3TS3CR3TS3CR";
    private static final String AWS_KEY = "aws-s3cr3t-k3y-wJalrXUtnFEMI";
    private static final String AWS_SESSION = "aws-s3cr3t-s3ssion-FwoGZXIvYXdz";
    private static final String KEY = "a2V5LXMzY3IzdC1rZXk";
    private static final String PASSWORD = "p4ss/w0rd-s3cr3t";

    private static final List<String> SECRETS =
            List.of(CONSUL, BEARER, BEARER_SIGNATURE, KUBERNETES, AWS_KEY, AWS_SESSION, KEY, PASSWORD, "w0rd-s3cr3t");

    @TempDir
    Path directory;

    private final WireMockServer systems = new WireMockServer(
            wireMockConfig().dynamicPort().bindAddress("127.0.0.1").globalTemplating(true));
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        systems.start();
        // Whoever refuses repeats what it was sent, as badly made proxies do.
        systems.stubFor(
                any(anyUrl())
                        .willReturn(
                                aResponse()
                                        .withStatus(401)
                                        .withBody(
                                                """
                                {"kind": "Status", "code": 401, "reason": "Unauthorized",
                                 "message": "no good: {{request.headers.Authorization}}"}""")));
        systems.stubFor(any(urlPathMatching("/v1/.*"))
                .willReturn(
                        aResponse().withStatus(403).withBody("Permission denied: {{request.headers.X-Consul-Token}}")));
        systems.stubFor(any(urlPathEqualTo("/v1/acl/login"))
                .willReturn(aResponse().withStatus(500).withBody("lookup failed: {{request.body}}")));
        systems.stubFor(
                any(urlPathEqualTo("/"))
                        .willReturn(
                                aResponse()
                                        .withStatus(401)
                                        .withBody(
                                                """
                                                <Response><Errors><Error><Code>AuthFailure</Code>\
                                                <Message>AWS was not able to validate {{request.headers.X-Amz-Security-Token}}\
                                                </Message></Error></Errors><RequestID>1</RequestID></Response>""")));
    }

    @AfterEach
    void stop() {
        systems.stop();
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private Map<String, String> environment(Map<String, String> more) throws IOException {
        Path kubeconfig = file(
                "kubeconfig",
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: local, cluster: {server: "%s"}}]
                users: [{name: local, user: {token: %s}}]
                contexts: [{name: local, context: {cluster: local, user: local}}]
                current-context: local
                """
                        .formatted(systems.baseUrl(), KUBERNETES));
        Map<String, String> all = new HashMap<>(Map.of(
                "BAILEY_CLUSTER", "east",
                "BAILEY_LOG_LEVEL", "trace",
                "BAILEY_RESYNC", "1s",
                "BAILEY_EC2_ENABLED", "true",
                "BAILEY_EC2_REFRESH", "1s",
                "KUBECONFIG", kubeconfig.toString(),
                "CONSUL_HTTP_ADDR", systems.baseUrl()));
        // All that a library could be made to tell; the client of the API is quiet by default.
        all.put("QUARKUS_LOG_CATEGORY__IO_FABRIC8__LEVEL", "TRACE");
        all.putAll(Map.of(
                "AWS_ENDPOINT_URL_EC2",
                systems.baseUrl(),
                "AWS_REGION",
                "eu-central-1",
                "AWS_ACCESS_KEY_ID",
                AWS_ID,
                "AWS_SECRET_ACCESS_KEY",
                AWS_KEY,
                "AWS_SESSION_TOKEN",
                AWS_SESSION,
                "AWS_EC2_METADATA_DISABLED",
                "true"));
        all.putAll(more);
        return all;
    }

    private void runs(Map<String, String> more) throws IOException, InterruptedException {
        try (BaileyJar bailey = new BaileyJar(directory, environment(more)).launch()) {
            await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> assertThat(Files.readString(bailey.log()))
                    .contains("the target can't be used", "EC2 in eu-central-1", "The watch of services"));
            List<String> seen = new ArrayList<>();
            for (String path : List.of(
                    "/",
                    "/plan",
                    "/health",
                    "/health/live",
                    "/health/ready",
                    "/metrics",
                    "/info",
                    "/api/services",
                    "/api/plan",
                    "/api/openapi",
                    "/sd/prometheus",
                    "/services/a/b",
                    "/api/services/a/b",
                    "/nonesuch")) {
                seen.add(answer(bailey, path).body());
            }
            seen.add(firstEvents(bailey));
            seen.add(bailey.arguments());
            bailey.dumpThreads();
            await().until(() -> Files.readString(bailey.log()).contains("Full thread dump"));
            seen.add(Files.readString(bailey.log()));
            assertNoSecret(String.join("\n", seen));
            assertThat(seen.get(6)).as("/info tells where, not with what").contains(systems.baseUrl());
        }
        assertNoSecret(Files.readString(directory.resolve("bailey.log")));
    }

    private HttpResponse<String> answer(BaileyJar bailey, String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(bailey.url(path))).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private String firstEvents(BaileyJar bailey) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(bailey.url("/api/events"))).build();
        try (InputStream body =
                http.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
            return new String(body.readNBytes(300), StandardCharsets.UTF_8);
        }
    }

    private static void assertNoSecret(String text) {
        Map<String, String> told = new TreeMap<>();
        for (String secret : SECRETS) {
            int at = text.indexOf(secret);
            if (at >= 0) {
                told.put(secret, text.substring(Math.max(0, at - 300), at));
            }
        }
        assertThat(told).as("secrets, and what stands before them").isEmpty();
    }

    @Test
    void aGivenTokenAndTheKeysOfTheOtherSystemsAreToldNowhere() throws IOException, InterruptedException {
        runs(Map.of("CONSUL_HTTP_TOKEN_FILE", file("token", CONSUL).toString()));
    }

    @Test
    void theBearerOfALoginIsToldNowhere() throws IOException, InterruptedException {
        runs(Map.of(
                "BAILEY_CONSUL_LOGIN_AUTH_METHOD",
                "kube",
                "BAILEY_CONSUL_LOGIN_BEARER_TOKEN_FILE",
                file("bearer", BEARER).toString()));
    }

    @Test
    void aConfigurationThatIsRefusedQuotesNoSecret() throws IOException, InterruptedException {
        String pem = "-----BEGIN PRIVATE KEY-----\n" + KEY + "\n-----END PRIVATE KEY-----\n";
        String key = file("key", pem).toString();
        List<Map<String, String>> wrong = List.of(
                Map.of("CONSUL_HTTP_ADDR", "http://user:" + PASSWORD + "@consul:8500"),
                Map.of("CONSUL_HTTP_ADDR", "http://consul:8500/?token=" + CONSUL),
                Map.of("CONSUL_HTTP_TOKEN_FILE", CONSUL, "BAILEY_CONSUL_TOKEN_FILE", CONSUL),
                Map.of("BAILEY_CONSUL_TOKEN", CONSUL, "BAILEY_CONSUL_LOGIN_BEARER_TOKEN", BEARER),
                Map.of("CONSUL_HTTP_TOKEN", CONSUL, "BAILEY_CONSUL_LOGIN_AUTH_METHOD", "kube"),
                Map.of("CONSUL_CLIENT_KEY", pem, "CONSUL_CLIENT_CERT", key),
                Map.of(
                        "CONSUL_HTTP_ADDR",
                        "https://127.0.0.1:" + Ports.free(),
                        "CONSUL_CLIENT_KEY",
                        key,
                        "CONSUL_CLIENT_CERT",
                        key));
        for (Map<String, String> variables : wrong) {
            BaileyJar.Result result = BaileyJar.run(directory, environment(variables), "plan");
            assertThat(result.code()).as(variables.toString()).isEqualTo(1);
            assertThat(result.err()).contains("Bailey can't start");
            assertNoSecret(result.out() + result.err());
        }
    }

    @Test
    void aKubeconfigWhoseKeyCannotBeReadQuotesNothingOfIt() throws IOException, InterruptedException {
        String data = Base64.getEncoder().encodeToString(KEY.getBytes(StandardCharsets.UTF_8));
        Path kubeconfig = file(
                "other",
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: local, cluster: {server: "https://127.0.0.1:1"}}]
                users: [{name: local, user: {client-certificate-data: %s, client-key-data: %s}}]
                contexts: [{name: local, context: {cluster: local, user: local}}]
                current-context: local
                """
                        .formatted(data, data));
        BaileyJar.Result result = BaileyJar.run(
                directory, environment(Map.of("KUBECONFIG", kubeconfig.toString())), "plan", "--timeout", "2");
        assertThat(result.code()).isEqualTo(1);
        assertNoSecret(result.out() + result.err());
        assertThat(result.out() + result.err()).doesNotContain(data);
    }
}
