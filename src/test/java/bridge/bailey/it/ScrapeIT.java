package bridge.bailey.it;

import static bridge.bailey.it.LegacyKube.legacyService;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bridge.bailey.local.LocalEc2;
import bridge.bailey.local.Ports;
import bridge.bailey.model.Ec2Instance;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Service discovery for Prometheus, from the jar as users run it to a Prometheus of this machine, if there is one. */
class ScrapeIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Path PROMETHEUS = Path.of("/usr/bin/prometheus");

    private final HttpClient http = HttpClient.newHttpClient();
    private final int ec2Port = Ports.free();

    @TempDir
    Path directory;

    private Cluster cluster;
    private String shop;
    private Optional<BaileyJar> bailey = Optional.empty();
    private Optional<Process> prometheus = Optional.empty();
    private Optional<LocalEc2> ec2 = Optional.empty();

    @BeforeEach
    void open() {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        LegacyKube.install(cluster);
    }

    @AfterEach
    void close() throws InterruptedException {
        bailey.ifPresent(BaileyJar::kill);
        if (prometheus.isPresent()) {
            prometheus.get().destroyForcibly().waitFor();
        }
        ec2.ifPresent(LocalEc2::close);
        cluster.close();
    }

    private void startBailey(Map<String, String> options) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "BAILEY_CLUSTER",
                cluster.prefix(),
                "BAILEY_EXPORT_ENABLED",
                "false",
                "BAILEY_LEGACY_NAMESPACES",
                cluster.prefix() + "-*",
                "KUBECONFIG",
                cluster.kubeconfig(directory).toString()));
        environment.putAll(options);
        bailey = Optional.of(new BaileyJar(directory, environment).launch());
    }

    private int port() {
        return bailey.orElseThrow().port();
    }

    private void startPrometheus(int at) throws IOException {
        Path config = Files.writeString(
                directory.resolve("prometheus.yml"),
                """
                global: {scrape_interval: 1s, scrape_timeout: 1s}
                scrape_configs:
                - job_name: legacy
                  http_sd_configs:
                  - {url: "http://127.0.0.1:%d/sd/prometheus", refresh_interval: 1s}
                  relabel_configs:
                  - {source_labels: [__meta_bailey_service], target_label: service}
                  - {source_labels: [__meta_ec2_tag_app_name], target_label: app}
                """
                        .formatted(port()));
        prometheus = Optional.of(new ProcessBuilder(
                        PROMETHEUS.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + at)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start());
    }

    private HttpResponse<String> get(int at, String path) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + path))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private JsonNode json(int at, String path) throws IOException {
        return new ObjectMapper().readTree(get(at, path).body());
    }

    private void awaitAnswer(int status) {
        await().ignoreExceptions().atMost(SOON).untilAsserted(() -> assertThat(
                        get(port(), "/sd/prometheus").statusCode())
                .isEqualTo(status));
    }

    private void declareBilling() {
        cluster.apply(
                legacyService(
                        shop,
                        "billing",
                        """
                {ports: [{port: 80}], metrics: {port: 9100, path: /prom},
                 origins: [{static: {instances: [{address: 10.20.0.12, id: two}, {address: "fd00:20::1", id: one}]}}]}"""));
    }

    @Test
    void withoutMetricsThereIsAnEmptyListAndThenEachMachine() throws Exception {
        startBailey(Map.of());
        awaitAnswer(200);
        assertThat(get(port(), "/sd/prometheus").body()).isEqualTo("[]");

        declareBilling();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(json(port(), "/sd/prometheus")).hasSize(2));
        assertThat(get(port(), "/sd/prometheus").headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).matches("application/json(;charset=UTF-8)?"));
        JsonNode targets = json(port(), "/sd/prometheus");
        assertThat(targets.at("/0/targets/0").asText()).isEqualTo("[fd00:20::1]:9100");
        assertThat(targets.at("/1/targets/0").asText()).isEqualTo("10.20.0.12:9100");
        assertThat(targets.at("/1/labels/__meta_bailey_namespace").asText()).isEqualTo(shop);
        assertThat(targets.at("/1/labels/__metrics_path__").asText()).isEqualTo("/prom");
    }

    @Test
    void untilEveryOriginAnsweredPrometheusIsToKeepWhatItHas() throws Exception {
        declareBilling();
        startBailey(Map.of(
                "BAILEY_EC2_ENABLED", "true",
                "BAILEY_EC2_REGIONS", "eu-central-1",
                "BAILEY_EC2_REFRESH", "1s",
                "AWS_ENDPOINT_URL_EC2", "http://127.0.0.1:" + ec2Port,
                "AWS_ACCESS_KEY_ID", "test",
                "AWS_SECRET_ACCESS_KEY", "test"));
        awaitAnswer(503);

        ec2 = Optional.of(LocalEc2.start(ec2Port));
        ec2.get()
                .put(new Ec2Instance(
                        "i-1",
                        "10.20.0.21",
                        "",
                        "",
                        "eu-central-1a",
                        false,
                        Map.of(
                                "bailey:service", shop + "/users:80",
                                "bailey:metrics", "9200",
                                "app name", "users of all")));

        awaitAnswer(200);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(json(port(), "/sd/prometheus")).hasSize(3));
        assumeTrue(Files.isExecutable(PROMETHEUS), "there is no " + PROMETHEUS);
        int at = Ports.free();
        startPrometheus(at);
        await().ignoreExceptions().atMost(SOON).untilAsserted(() -> assertThat(
                        json(at, "/api/v1/targets").at("/data/activeTargets"))
                .hasSize(3)
                .anySatisfy(target -> {
                    assertThat(target.get("scrapeUrl").asText()).isEqualTo("http://10.20.0.21:9200/metrics");
                    assertThat(target.at("/labels/service").asText()).isEqualTo("users");
                    assertThat(target.at("/labels/app").asText()).isEqualTo("users of all");
                })
                .anySatisfy(target ->
                        assertThat(target.get("scrapeUrl").asText()).isEqualTo("http://[fd00:20::1]:9100/prom")));
    }

    @Test
    void openConnectionsAreReadFromTheMachinesOwnMetricsUntilTheyAreClosed() throws Exception {
        AtomicInteger open = new AtomicInteger(4);
        HttpServer machine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        machine.createContext("/prom", exchange -> {
            int half = open.get() / 2;
            String text =
                    "# TYPE app_open gauge\napp_open{peer=\"a\"} %d\napp_open{peer=\"b\"} %d\n".formatted(half, half);
            byte[] page = text.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        machine.start();
        try {
            cluster.apply(legacyService(
                    shop,
                    "billing",
                    "{ports: [{port: 80}], metrics: {port: %d, path: /prom, connections: app_open}, origins: [%s]}"
                            .formatted(
                                    machine.getAddress().getPort(), "{static: {instances: [{address: 127.0.0.1}]}}")));
            startBailey(Map.of("BAILEY_LEGACY_ALLOW_LOOPBACK", "true", "BAILEY_VERDICT_WINDOW", "0s"));

            String series = "bailey_legacy_connections{namespace=\"" + shop + "\",service=\"billing\",}";
            await().ignoreExceptions().atMost(SOON).untilAsserted(() -> assertThat(
                            get(port(), "/metrics").body())
                    .contains(series + " 4.0"));

            cluster.delete(LegacyKube.api(cluster.client(), shop, "billing").get());
            open.set(2);
            await().ignoreExceptions().atMost(SOON).untilAsserted(() -> assertThat(
                            get(port(), "/metrics").body())
                    .contains(series + " 2.0"));

            open.set(0);
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(get(port(), "/metrics").body()).doesNotContain(series));
        } finally {
            machine.stop(0);
        }
    }
}
