package bridge.bailey.it;

import static bridge.bailey.it.Kube.notReady;
import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static bridge.bailey.it.LegacyKube.legacyService;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bridge.bailey.it.BaileyJar.Result;
import bridge.bailey.local.Ports;
import bridge.bailey.model.Printable;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What one running Bailey tells of its services: by command, and by HTTP as its OpenAPI document says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplainIT {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Its answer has no end: EventStreamsTest asks for it. */
    private static final String EVENTS = "/api/events";

    private static final String RELEASE = "/api/release/{flow}";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    static Path directory;

    private Cluster cluster;
    private String shop;
    private BaileyJar running;

    @BeforeAll
    void start() throws IOException {
        cluster = Cluster.open();
        assumeTrue(cluster.isLocal(), "a real API server refuses loopback addresses");
        LegacyKube.install(cluster);
        shop = cluster.namespace("shop");
        cluster.apply(service(shop, "users"));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), notReady("10.1.0.2")));
        cluster.apply(legacyService(
                shop,
                "billing",
                "{ports: [{name: http, port: 80, targetPort: " + Ports.free() + "}],"
                        + " origins: [{static: {instances: [{address: 127.0.0.9, id: billing-1, zone: a}]}}],"
                        + " failOpenBelow: 0%, probe: {tcp: {}, interval: 200ms, timeout: 100ms, fall: 1}}"));
        Map<String, String> environment = new HashMap<>(Map.of(
                "BAILEY_CLUSTER",
                cluster.prefix(),
                "BAILEY_EXPORT_NAMESPACES",
                cluster.prefix() + "-*",
                "BAILEY_PROBE_FAIL_OPEN_BELOW",
                "0%",
                "BAILEY_LEGACY_ALLOW_LOOPBACK",
                "true",
                "CONSUL_HTTP_ADDR",
                "127.0.0.1:" + SharedConsul.get().httpPort(),
                "KUBECONFIG",
                cluster.kubeconfig(directory).toString()));
        running = new BaileyJar(directory, environment).start();
        await().untilAsserted(() -> assertThat(
                        get("/api/services/" + shop + "/billing").body())
                .contains("\"state\":\"unhealthy\"", "\"at\":"));
        await().until(() -> status("/health/" + shop + "/users") == 200);
        await("it is known that Consul holds both").untilAsserted(() -> assertThat(
                        json("/api/services/" + shop + "/users").at("/instances"))
                .hasSize(2)
                .allMatch(instance ->
                        instance.path("became").findValuesAsText("how").contains("held")));
    }

    @AfterAll
    void stop() {
        if (running != null) {
            running.close();
        }
        cluster.close();
    }

    /** Without a configuration: a command that asks needs none. */
    private Result ask(String... arguments) throws IOException, InterruptedException {
        return BaileyJar.run(directory, Map.of("BAILEY_URL", running.url("")), arguments);
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(running.url(path))).timeout(Duration.ofSeconds(20));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private int status(String path) throws InterruptedException {
        try {
            return get(path).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        return MAPPER.readTree(get(path).body());
    }

    @Test
    void explainTellsBothSidesAndWhatDecided() throws Exception {
        Result users = ask("explain", shop + "/users");
        assertThat(users.code()).as(users.err()).isZero();
        assertThat(users.err()).isEmpty();
        assertThat(users.out())
                .startsWith(shop + "/users  DEGRADED")
                .contains("exported: bailey.export.default is true")
                .contains("kubernetes pod-10-1-0-1 10.1.0.1:8080 healthy since")
                .contains("held: " + cluster.prefix() + "/" + shop + "/users/10.1.0.1:8080")
                .contains("safe to shift: no")
                .contains("bailey.export.name-pattern {name}")
                .doesNotContain("\u001b");

        Result billing = ask("explain", shop + "/billing");
        assertThat(billing.out())
                .contains("LegacyService " + shop + "/billing spec.probe")
                .contains("legacy billing-1 127.0.0.9:")
                .contains("TCP connection of 127.0.0.9:")
                .contains("every 0.2 s within 0.1 s, rise 2, fall 1")
                .contains("left-out: no LegacyService asks for it by spec.registerInConsul")
                .containsPattern("failed +20");
    }

    @Test
    void explainPrintsTheJsonOfTheApiToo() throws Exception {
        JsonNode json =
                MAPPER.readTree(ask("explain", "-o", "json", shop + "/users").out());
        assertThat(json.at("/service/name").asText()).isEqualTo("users");
        assertThat(json.at("/decisions/0/about").asText()).isEqualTo("export");
        assertThat(json.at("/instances")).hasSize(2);
    }

    @Test
    void theVerdictIsAnExitCode() throws Exception {
        Result both = ask("verdict", shop + "/users");
        assertThat(both.code()).as(both.err()).isEqualTo(2);
        assertThat(both.out())
                .contains("safe to shift: no", "safe to stop the VMs: no", "1 of 2 instances in Kubernetes unhealthy");
        Result one = ask("verdict", "--for", "stop-vms", "-o", "json", shop + "/users");
        assertThat(one.code()).isEqualTo(2);
        assertThat(MAPPER.readTree(one.out()).get("stopVms").asBoolean(true)).isFalse();
    }

    @Test
    void whatCannotBeToldIsAnErrorThatSaysWhatToDo() throws Exception {
        Result unknown = ask("explain", shop + "/nothing");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("Service " + shop + "/nothing is unknown");

        int nobody = Ports.free();
        Result away = BaileyJar.run(directory, Map.of("QUARKUS_HTTP_PORT", Integer.toString(nobody)), "verdict", "a/b");
        assertThat(away.code()).isEqualTo(1);
        assertThat(away.err())
                .contains("Bailey at http://localhost:" + nobody + " does not answer", "--url", "BAILEY_URL")
                .doesNotContain("at bridge.bailey");

        Result noSlash = ask("explain", "users");
        assertThat(noSlash.code()).isEqualTo(1);
        assertThat(noSlash.err()).contains("must be namespace/name, such as shop/billing");
    }

    @Test
    void infoOfAServiceTellsWhatItIsMadeOf() throws Exception {
        JsonNode info = json("/info/" + shop + "/billing");
        assertThat(info.at("/declaredBy/0").asText()).isEqualTo("LegacyService " + shop + "/billing");
        assertThat(info.at("/origins/0/origin").asText()).isEqualTo("static");
        assertThat(info.at("/legacy/zones/0").asText()).isEqualTo("a");
        assertThat(info.at("/mirrorType").asText()).isEqualTo("ClusterIP");
        assertThat(info.at("/ports/0/port").asInt()).isEqualTo(80);
        assertThat(info.at("/probes/0").asText()).isEqualTo("TCP connection");
        assertThat(info.has("kubernetes")).isFalse();
        assertThat(json("/info/" + shop + "/users").at("/consulNames/0").asText())
                .isEqualTo("users");
        assertThat(json("/info").get("name").asText()).isEqualTo("bailey");
    }

    @Test
    void metricsOfAServiceAreItsSeriesAlone() throws Exception {
        String own = get("/metrics/" + shop + "/billing").body();
        assertThat(own)
                .contains("bailey_instances{", "bailey_cutover_safe{", "bailey_probes_total{")
                .contains("bailey_probe_duration_seconds_bucket{")
                .doesNotContain("jvm_", "users");
        assertThat(own.lines().filter(line -> !line.startsWith("#")))
                .allMatch(line -> line.contains("namespace=\"" + shop + "\",service=\"billing\""));
        HttpResponse<String> open =
                get("/metrics/" + shop + "/billing", "Accept", "application/openmetrics-text; version=1.0.0");
        assertThat(open.headers().firstValue("content-type").orElse("")).startsWith("application/openmetrics-text");
        assertThat(open.body()).endsWith("# EOF\n");
    }

    @Test
    void theOpenApiDocumentIsWellFormed() throws Exception {
        JsonNode document = openApi();
        assertThat(document.get("openapi").asText()).startsWith("3.");
        assertThat(document.at("/info/title").asText()).isEqualTo("Bailey");
        assertThat(document.at("/info/version").asText()).startsWith("0.");
        assertThat(document.at("/info/license/name").asText()).isEqualTo("Apache-2.0");
        Set<String> ids = new HashSet<>();
        document.get("paths").properties().forEach(path -> {
            String method = path.getKey().equals(RELEASE) ? "post" : "get";
            assertThat(path.getValue().properties())
                    .as(path.getKey())
                    .extracting(Map.Entry::getKey)
                    .contains(method);
            JsonNode get = path.getValue().get(method);
            assertThat(get.path("summary").asText()).as(path.getKey()).isNotBlank();
            assertThat(ids.add(get.path("operationId").asText()))
                    .as(path.getKey())
                    .isTrue();
            assertThat(get.path("responses").has("200")).as(path.getKey()).isTrue();
            get.path("responses")
                    .forEach(response -> assertThat(response.path("description").asText())
                            .as(path.getKey())
                            .isNotBlank());
        });
        document.findValuesAsText("$ref").forEach(reference -> assertThat(
                        document.at(reference.substring(1)).isMissingNode())
                .as(reference)
                .isFalse());
        assertThat(document.at("/components/schemas/Summary/properties/status/description")
                        .asText())
                .isNotBlank();
        assertThat(MAPPER.readTree(get("/api/openapi?format=json").body())).isEqualTo(document);
    }

    private JsonNode openApi() throws IOException, InterruptedException {
        return new YAMLMapper().readTree(get("/api/openapi").body());
    }

    @Test
    void everyDocumentedPathAnswersAsDocumented() throws Exception {
        JsonNode paths = openApi().get("paths");
        assertThat(paths.properties()).hasSizeGreaterThanOrEqualTo(13);
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            if (path.getKey().equals(EVENTS) || path.getKey().equals(RELEASE)) {
                continue;
            }
            JsonNode responses = path.getValue().at("/get/responses");
            check(path.getKey(), "users", responses, false);
            if (path.getKey().contains("{name}")) {
                check(path.getKey(), "nothing", responses, true);
            }
        }
    }

    private void check(String path, String name, JsonNode responses, boolean unknown)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path.replace("{namespace}", shop).replace("{name}", name));
        String status = Integer.toString(answer.statusCode());
        assertThat(status.equals("404")).as(path).isEqualTo(unknown);
        assertThat(responses.has(status)).as(path + " " + status).isTrue();
        List<String> types = new ArrayList<>();
        responses.path(status).path("content").fieldNames().forEachRemaining(types::add);
        String type = answer.headers().firstValue("content-type").orElse("none").replaceAll(";.*", "");
        assertThat(types).as(path + " " + status).contains(type);
        if (type.equals("application/json")) {
            assertThat(MAPPER.readTree(answer.body()).isMissingNode()).isFalse();
        }
    }

    @Test
    void aServiceThatIsNotBridgedIsNotSaidToBeMissing() throws Exception {
        cluster.apply(service(shop, "inside", Map.of("bailey.bridge/sync", "false")));
        await().until(() -> status("/api/services/" + shop + "/inside") == 200);

        for (String base : List.of("/health/", "/metrics/")) {
            HttpResponse<String> answer = get(base + shop + "/inside");
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains(shop + "/inside is not bridged");
        }
    }

    @Test
    void oddNamesAreUnknownAndNeverAnErrorOfBailey() throws Exception {
        List<String> odd = List.of(
                "a%2Fb/c",
                "a/b%2Fc",
                "a/%00",
                "a/%FF%FE",
                "%20/%20",
                "a/" + "b".repeat(2000),
                "a/%F0%9F%A6%84",
                "a/b;c=d",
                "a/%25zz",
                "a/..%2f..%2f",
                "a/%3Cscript%3E");
        for (String base : List.of("/api/services/", "/health/", "/info/", "/metrics/")) {
            for (String name : odd) {
                HttpResponse<String> answer = get(base + name);
                assertThat(answer.statusCode()).as(base + name).isIn(400, 404);
                if (answer.statusCode() == 404) {
                    assertThat(MAPPER.readTree(answer.body()).path("error").asText())
                            .as(base + name)
                            .isNotBlank();
                }
            }
        }
    }

    @Test
    void rawPathsThatNoClientWouldSendAreNoErrorOfBailey() throws Exception {
        for (String path : List.of(
                "/api/services/a/%zz",
                "/api/services/a/%",
                "/api/services/../../etc/passwd",
                "/api/services/a/b/c/d",
                "/api/services/" + "x".repeat(9000) + "/y")) {
            assertThat(raw("GET " + path)).as(Printable.of(path)).matches("HTTP/1\\.[01] 4\\d\\d .*");
        }
    }

    @Test
    void healthAndTheApiAreReadOnly() throws Exception {
        for (String path :
                List.of("/health", "/api/services", "/api/services/" + shop + "/users", "/api/plan", "/info")) {
            assertThat(raw("HEAD " + path)).as(path).startsWith("HTTP/1.1 200");
            for (String method : List.of("POST", "PUT", "DELETE", "PATCH")) {
                assertThat(raw(method + " " + path)).as(method + " " + path).startsWith("HTTP/1.1 405");
            }
        }
    }

    /** The status line of the answer. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), URI.create(running.url("")).getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((request + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines().findFirst().orElse("");
        }
    }
}
