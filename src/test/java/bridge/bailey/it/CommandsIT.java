package bridge.bailey.it;

import static bridge.bailey.it.Kube.notReady;
import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.it.BaileyJar.Result;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.local.Ports;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as users run it: a process of its own. */
class CommandsIT {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final LocalConsul consul = SharedConsul.get();
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    private Cluster cluster;
    private String shop;
    private Map<String, String> environment;
    private BaileyJar running;

    @BeforeEach
    void start() throws IOException {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        environment = new HashMap<>(Map.of(
                "BAILEY_CLUSTER",
                cluster.prefix(),
                "BAILEY_EXPORT_NAMESPACES",
                cluster.prefix() + "-*",
                "CONSUL_HTTP_ADDR",
                "127.0.0.1:" + consul.httpPort(),
                "KUBECONFIG",
                cluster.kubeconfig(directory).toString(),
                "QUARKUS_HTTP_HOST",
                "127.0.0.1"));
    }

    @AfterEach
    void stop() {
        if (running != null) {
            running.kill();
        }
        cluster.close();
    }

    private Result execute(String... arguments) throws IOException, InterruptedException {
        return BaileyJar.run(directory, environment, arguments);
    }

    private void run() {
        running = new BaileyJar(directory, environment).start();
    }

    private int status(String path) {
        try {
            return get(path).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private HttpResponse<String> get(String path) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(running.url(path)))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void applyShop() {
        cluster.apply(service(shop, "users"));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), notReady("10.1.0.2")));
    }

    @Test
    void planPrintsWhatRunWouldDoAndRunDoesIt() throws Exception {
        applyShop();

        Result table = execute("plan");
        assertThat(table.code()).as(table.err()).isEqualTo(2);
        assertThat(table.out())
                .contains(
                        "to-consul\n  " + shop + "/users → users  (",
                        "\n    + 10.1.0.1:8080  passing\n    + 10.1.0.2:8080  critical\n",
                        "2 to create, 0 to update, 0 to delete");
        assertThat(table.err()).isEmpty();

        Result json = execute("plan", "--output", "json");
        assertThat(json.code()).isEqualTo(2);
        JsonNode changes = MAPPER.readTree(json.out()).get("changes");
        assertThat(changes).hasSize(2);
        assertThat(changes.get(0).get("action").asText()).isEqualTo("create");
        assertThat(changes.get(0).get("after").get("address").asText()).isEqualTo("10.1.0.1");
        assertThat(CatalogView.of(consul, "k8s-" + cluster.prefix()))
                .as("plan writes nothing")
                .isEmpty();

        run();
        assertThat(CatalogView.of(consul, "k8s-" + cluster.prefix())).hasSize(2);

        Result nothing = execute("plan");
        assertThat(nothing.code()).as(nothing.out() + nothing.err()).isZero();
        assertThat(nothing.out()).contains("No changes");
    }

    @Test
    void planSaysWhatIsAwayAndEndsWithAnError() throws Exception {
        environment.put("CONSUL_HTTP_ADDR", "127.0.0.1:" + Ports.free());
        Result noConsul = execute("plan");
        assertThat(noConsul.code()).isEqualTo(1);
        assertThat(noConsul.err()).contains("Consul at http://127.0.0.1:", "does not answer");
        assertThat(noConsul.out()).isEmpty();

        environment.put(
                "KUBECONFIG",
                Files.writeString(
                                directory.resolve("nowhere"),
                                Files.readString(Path.of(environment.get("KUBECONFIG")))
                                        .replaceAll("(server: \"?https?://[^:]*):\\d+", "$1:" + Ports.free()))
                        .toString());
        Result noCluster = execute("plan", "--timeout", "2");
        assertThat(noCluster.code()).isEqualTo(1);
        assertThat(noCluster.err()).contains("the API server at", "can't be read within 2 s");
    }

    @Test
    void wrongConfigurationIsToldAtOnceAndInFull() throws Exception {
        environment.put("BAILEY_CLUSTER", "Not_A_Label");
        environment.put("BAILEY_QUIET", "soon");
        environment.put("BAILEY_EXPORT_NODE_ADRESS", "internal-only");
        environment.put("CONSUL_HTTP_SSL", "perhaps");

        Result result = execute("run");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .contains("4 problems")
                .contains("bailey.cluster = \"Not_A_Label\"")
                .contains("bailey.quiet = \"soon\"")
                .contains("did you mean bailey.export.node-address?")
                .contains("CONSUL_HTTP_SSL = \"perhaps\"")
                .doesNotContain("at bridge.bailey");
    }

    @Test
    void helpAndVersionNeedNoConfiguration() throws Exception {
        environment.remove("BAILEY_CLUSTER");
        environment.remove("KUBECONFIG");

        assertThat(execute("--help").out()).contains("run", "plan", "check", "purge", "adopt", "docs/configuration.md");
        assertThat(execute("plan", "--help").out()).contains("--output", "0   no changes");
        assertThat(execute("--version").out()).startsWith("bailey 0.");
        Result wrong = execute("plam");
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.err()).contains("plam");
    }

    @Test
    void healthMetricsAndInfoAreServed() throws Exception {
        applyShop();
        run();

        assertThat(status("/health/live")).isEqualTo(200);
        assertThat(status("/health/started")).isEqualTo(200);
        JsonNode ready = MAPPER.readTree(get("/health/ready").body());
        assertThat(ready.get("status").asText()).isEqualTo("UP");
        assertThat(ready.at("/checks/0/data/to-consul").asText()).isEqualTo("up");

        String metrics = get("/metrics").body();
        assertThat(metrics)
                .contains("bailey_owned{flow=\"to-consul\",kind=\"instances\",} 2.0")
                .contains("bailey_changes_total{flow=\"to-consul\",action=\"create\",outcome=\"applied\",} 2.0")
                .contains("bailey_source_up{source=\"services\",} 1.0")
                .contains("bailey_propagation_seconds_bucket{flow=\"to-consul\"")
                .contains("bailey_passes_total{flow=\"to-consul\",scope=\"full\",outcome=\"ok\",}")
                .contains("bailey_target_request_seconds_count{target=\"kubernetes\",kind=\"list\",}")
                .contains("bailey_target_errors_total{target=\"kubernetes\",kind=\"watch\",} 0.0")
                .contains("jvm_memory_bytes_used")
                .doesNotContain("_created");

        JsonNode info = MAPPER.readTree(get("/info").body());
        assertThat(info.get("cluster").asText()).isEqualTo(cluster.prefix());
        assertThat(info.at("/flows/to-consul/instances").asInt()).isEqualTo(2);
        assertThat(info.at("/consul/version").asText()).isNotEmpty();
    }

    @Test
    void itStopsSoonAndLeavesWhatItWrote() throws Exception {
        applyShop();
        run();

        assertThat(running.stop()).isLessThan(Duration.ofSeconds(5));

        assertThat(running.exitCode()).isIn(0, 143);
        assertThat(CatalogView.of(consul, "k8s-" + cluster.prefix())).hasSize(2);
    }

    @Test
    void logsAreOneLineForEachChangedServiceAndJsonOnRequest() throws Exception {
        applyShop();
        environment.put("BAILEY_LOG_JSON", "true");
        run();

        List<String> lines = Files.readAllLines(running.log());
        assertThat(lines).hasSize(3);
        assertThat(MAPPER.readTree(lines.get(1)).get("message").asText()).contains("leads from now on");
        JsonNode line = MAPPER.readTree(lines.get(2));
        assertThat(line.get("level").asText()).isEqualTo("INFO");
        assertThat(line.get("message").asText()).startsWith(shop + "/users → users: 2 added (10.1.0.1:8080 passing");
    }

    @Test
    void aTakenPortIsToldAndEndsIt() throws Exception {
        int port = Ports.free();
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        try (ServerSocket taken = new ServerSocket(port)) {
            Result result = execute("run");
            assertThat(result.code()).as("taken: " + taken).isNotZero();
            assertThat(result.out() + result.err())
                    .contains(Integer.toString(port))
                    .contains("in use");
        }
    }

    @Test
    void settingsAreReadFromYaml() throws Exception {
        applyShop();
        environment.remove("BAILEY_EXPORT_NAMESPACES");
        Files.createDirectories(directory.resolve("config"));
        Files.writeString(
                directory.resolve("config/application.yaml"),
                """
                bailey:
                  export:
                    namespaces: ["%s-*"]
                    tags: [from-yaml]
                    prefix: yy-
                """
                        .formatted(cluster.prefix()));

        Result json = execute("plan", "-o", "json");

        JsonNode after = MAPPER.readTree(json.out()).at("/changes/0/after");
        assertThat(after.get("name").asText()).isEqualTo("yy-users");
        assertThat(after.get("tags").toString()).isEqualTo("[\"from-yaml\"]");
    }
}
