package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pod's port lets clients do and see, and what it makes of hostile names in the cluster. */
class HttpSurfaceIT {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Markup, quotes, a turn of direction, a terminal's escape, and a line that poses as one of the log. */
    private static final String HOSTILE = "<script>alert(1)</script>\"'&\u202E\u001B[31mred\u0007\u009B2J\n"
            + "2026-11-23 00:00:00,000 INFO  forged line\u2028forged too";

    /** What no answer, no log line and no terminal gets to see. */
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cf}&&[^\\n\\t]]");

    @TempDir
    static Path directory;

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static Cluster cluster;
    private static String shop;
    private static Map<String, String> environment;
    private static BaileyJar bailey;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        cluster = Cluster.open();
        LegacyKube.install(cluster);
        shop = cluster.namespace("shop");
        if (cluster.isLocal()) {
            cluster.apply(service(
                    shop,
                    "odd",
                    Map.of(
                            "bailey.bridge/port", HOSTILE,
                            "bailey.bridge/tags", HOSTILE,
                            "bailey.bridge/meta-x", HOSTILE,
                            "bailey.bridge/weight", HOSTILE)));
            cluster.apply(slice(shop, "odd-a", "odd", ready("10.1.0.1")));
            cluster.apply(
                    service(shop, "tagged", Map.of("bailey.bridge/tags", HOSTILE, "bailey.bridge/meta-x", HOSTILE)));
            cluster.apply(slice(shop, "tagged-a", "tagged", ready("10.1.0.2")));
            cluster.apply(LegacyKube.legacyService(
                    shop,
                    "billing",
                    "{ports: [{port: 80}], origins: [{consul: {service: hostile}}, {static: {instances:"
                            + " [{address: 10.20.0.11, id: %s}]}}]}"
                                    .formatted(
                                            MAPPER.writeValueAsString(HOSTILE).replace("\u009B", "\\u009B"))));
        }
        SharedConsul.get()
                .put(
                        "catalog/register",
                        MAPPER.writeValueAsString(Map.of(
                                "Node",
                                "legacy-hostile",
                                "Address",
                                "10.0.0.9",
                                "Service",
                                Map.of("ID", "h1", "Service", "hostile", "Port", 80),
                                "Check",
                                Map.of(
                                        "CheckID",
                                        "c1",
                                        "Name",
                                        HOSTILE,
                                        "ServiceID",
                                        "h1",
                                        "Status",
                                        "critical",
                                        "Output",
                                        HOSTILE))));
        environment = new HashMap<>(Map.of(
                "BAILEY_CLUSTER", cluster.prefix(),
                "BAILEY_EXPORT_NAMESPACES", cluster.prefix() + "-*",
                "BAILEY_LEGACY_NAMESPACES", cluster.prefix() + "-*",
                "CONSUL_HTTP_ADDR", "127.0.0.1:" + SharedConsul.get().httpPort(),
                "KUBECONFIG", cluster.kubeconfig(directory).toString()));
        bailey = new BaileyJar(directory, environment).start();
        if (cluster.isLocal()) {
            await().until(() -> json("/api/services").get("services").size() >= 3);
        }
    }

    @AfterAll
    static void stop() {
        if (bailey != null) {
            bailey.close();
        }
        cluster.close();
        SharedConsul.get().put("catalog/deregister", "{\"Node\": \"legacy-hostile\"}");
    }

    private static HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return send(method, path, "");
    }

    private static HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(bailey.url(path)))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(String path) throws IOException, InterruptedException {
        return MAPPER.readTree(send("GET", path).body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/plan",
                "/services/no/such",
                "/health",
                "/health/live",
                "/health/ready",
                "/health/started",
                "/health/no/such",
                "/metrics",
                "/metrics/no/such",
                "/info",
                "/info/no/such",
                "/api/services",
                "/api/services/no/such",
                "/api/plan",
                "/api/openapi",
                "/api/nonesuch",
                "/nonesuch",
                "/sd/prometheus",
                "/board.css",
                "/board.js",
                "/board.svg"
            })
    void everyPathCanOnlyBeReadAndForbidsBrowsersWhatNoPageNeeds(String path) throws IOException, InterruptedException {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND")) {
            HttpResponse<String> refused = send(method, path);
            assertThat(refused.statusCode()).as(method).isEqualTo(405);
            assertThat(refused.headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS");
            assertThat(MAPPER.readTree(refused.body()).get("error").asText()).contains("can only be read");
            assertProtected(refused);
        }
        assertThat(send("OPTIONS", path).headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS");
        HttpResponse<String> answer = send("GET", path);
        assertProtected(answer);
        boolean page = answer.headers().firstValue("Content-Type").orElse("").startsWith("text/html");
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'none'")
                .contains("frame-ancestors 'none'", "base-uri 'none'")
                .doesNotContain("unsafe")
                .satisfies(policy ->
                        assertThat(policy.contains("script-src 'self'")).isEqualTo(page));
        assertThat(answer.headers().firstValue("Cache-Control").orElse(""))
                .isEqualTo(path.startsWith("/board.") ? "public, immutable, max-age=31536000" : "no-store");
        if (answer.statusCode() >= 400 && !page) {
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
            MAPPER.readTree(answer.body());
        }
        assertThat(send("HEAD", path).statusCode()).isEqualTo(answer.statusCode());
    }

    private static void assertProtected(HttpResponse<?> answer) {
        Map.of(
                        "X-Content-Type-Options", "nosniff",
                        "X-Frame-Options", "DENY",
                        "Referrer-Policy", "no-referrer",
                        "Cross-Origin-Opener-Policy", "same-origin",
                        "Cross-Origin-Embedder-Policy", "require-corp",
                        "Cross-Origin-Resource-Policy", "same-origin")
                .forEach((name, value) ->
                        assertThat(answer.headers().allValues(name)).as(name).containsExactly(value));
        assertThat(answer.headers().firstValue("Permissions-Policy").orElse("")).contains("camera=()");
        assertThat(answer.headers().firstValue("Server")).isEmpty();
    }

    @Test
    void theStreamOfEventsIsProtectedTooAndLivesOn() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(bailey.url("/api/events"))).build();
        HttpResponse<InputStream> stream = HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = stream.body()) {
            assertProtected(stream);
            assertThat(stream.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(new String(body.readNBytes(20), StandardCharsets.UTF_8)).isNotBlank();
        }
        assertThat(send("HEAD", "/api/events").statusCode()).isEqualTo(200);
    }

    @Test
    void aReleaseIsTakenFromNoBrowserAndReachesItsOwnEndpointOnly() throws IOException, InterruptedException {
        String word = "X-Bailey-Release";
        assertThat(send("POST", "/api/release/to-consul", "", word, "yes").statusCode())
                .isEqualTo(200);
        assertThat(send("POST", "/api/release/nowhere", "", word, "yes").statusCode())
                .isEqualTo(404);
        assertThat(send("POST", "/api/release/to-consul").statusCode()).isEqualTo(403);
        assertThat(send("POST", "/api/release/to-consul", "", word, "yes", "Origin", "http://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(send("POST", "/api/release/to-consul", "", word, "yes", "X-Forwarded-For", "10.0.0.1")
                        .statusCode())
                .isEqualTo(403);
        assertThat(send("POST", "/api/release/to-consul/more").statusCode()).isEqualTo(405);
        assertThat(send("DELETE", "/api/release/to-consul").statusCode()).isEqualTo(405);
    }

    @Test
    void whatReadsTakesNoBody() throws IOException, InterruptedException {
        HttpResponse<String> refused = send("GET", "/api/services", "{}");
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(MAPPER.readTree(refused.body()).get("error").asText()).contains("no body");
        assertThat(send("POST", "/api/release/to-consul", "x".repeat(20_000), "X-Bailey-Release", "yes")
                        .statusCode())
                .isEqualTo(413);
    }

    @ParameterizedTest
    @CsvSource({"/api/services?q=, 5000, 414", "/api/services, 0, 431"})
    void whatIsTooLongIsRefused(String path, int more, int status) throws IOException, InterruptedException {
        HttpResponse<String> refused = status == 414
                ? send("GET", path + "x".repeat(more))
                : send("GET", path, "", "X-Long", "x".repeat(9_000));
        assertThat(refused.statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GE T / HTTP/1.1\r\n\r\n", "nonsense\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"})
    void whatIsNoRequestHarmsNothing(String text) throws IOException, InterruptedException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bailey.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .matches("HTTP/1\\.[01] 4\\d\\d");
        }
        assertThat(send("GET", "/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void hostileNamesAreTextAndNothingElseInThePagesTheApiAndTheMetrics() throws IOException, InterruptedException {
        assumeTrue(cluster.isLocal(), "a real API refuses some of them");
        await().untilAsserted(() ->
                assertThat(json("/api/services/" + shop + "/odd").toString()).contains("script"));
        for (String name : List.of("odd", "tagged", "billing")) {
            String service = shop + "/" + name;
            for (String path : List.of("/services/" + service, "/", "/plan")) {
                assertThat(send("GET", path).body())
                        .as(path)
                        .doesNotContain("<script>alert", "alert(1)</script>\"")
                        .doesNotContainPattern(UNFIT);
            }
            for (String path : List.of("/api/services/" + service, "/info/" + service, "/api/plan")) {
                HttpResponse<String> answer = send("GET", path);
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
                MAPPER.readTree(answer.body());
                assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                        .startsWith("application/json");
            }
        }
        assertThat(send("GET", "/metrics").body().lines())
                .allMatch(line -> line.startsWith("#") || line.matches("[a-z_]+(\\{.*})? [-+0-9.eENaInf]+"));
    }

    @Test
    void aPathIsNotReflectedAsMarkup() throws IOException, InterruptedException {
        for (String path : List.of(
                "/services/%3Cscript%3Ealert(1)%3C/x",
                "/api/services/%3Cscript%3E/x%0Ay",
                "/health/%1B%5B31m/x",
                "/?q=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E")) {
            assertThat(send("GET", path).body())
                    .as(path)
                    .doesNotContain("<script>alert")
                    .doesNotContainPattern(UNFIT);
        }
    }

    @Test
    void hostileNamesForgeNoLineOfTheLogAndMoveNoTerminal() throws IOException, InterruptedException {
        assumeTrue(cluster.isLocal(), "a real API refuses some of them");
        await().untilAsserted(() -> assertThat(Files.readString(bailey.log())).contains("script"));
        assertThat(Files.readAllLines(bailey.log())).allSatisfy(line -> assertThat(line)
                .doesNotStartWith("2026-11-23 00:00:00,000")
                .doesNotContainPattern(UNFIT));
        for (String[] command : new String[][] {
            {"plan"},
            {"explain", shop + "/odd", "--url", bailey.url("")},
            {"explain", shop + "/billing", "--url", bailey.url("")},
            {"verdict", shop + "/billing", "--url", bailey.url("")}
        }) {
            BaileyJar.Result result = BaileyJar.run(directory, environment, command);
            assertThat((result.out() + result.err()).lines())
                    .as(String.join(" ", command))
                    .allSatisfy(line -> assertThat(line)
                            .doesNotStartWith("2026-11-23 00:00:00,000")
                            .doesNotContainPattern(UNFIT));
        }
    }
}
