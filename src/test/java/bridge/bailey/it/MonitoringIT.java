package bridge.bailey.it;

import static bridge.bailey.it.Kube.notReady;
import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static bridge.bailey.it.LegacyKube.legacyService;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bridge.bailey.local.LocalConsul;
import bridge.bailey.local.LocalMachines;
import bridge.bailey.local.LocalPrometheus;
import bridge.bailey.local.Ports;
import bridge.bailey.monitoring.Kit;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The monitoring kit on a real Prometheus that scrapes the jar as users run it: with a service on both sides, another whose
 * machine is dead, and something for users to mend.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonitoringIT {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration ENOUGH = Duration.ofMinutes(2);
    private static final Duration AGO = Duration.ofMinutes(1);
    private static final Pattern VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final int machinePort = Ports.free();
    private final Cluster cluster = Cluster.open();
    private final String shop = cluster.namespace("shop");
    private LocalMachines machines;
    private BaileyJar bailey;
    private LocalPrometheus prometheus;
    private boolean flipped;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        assumeTrue(cluster.isLocal(), "a real API server refuses loopback addresses");
        machines = new LocalMachines(machinePort, Ports.free());
        machines.add("one", "127.0.0.2").add("two", "127.0.0.3").add("three", "127.0.0.4");
        LegacyKube.install(cluster);
        play();
        bailey = new BaileyJar(directory, settings(directory)).start();
        prometheus = LocalPrometheus.start(
                directory.resolve("prometheus"), Ports.free(), bailey.port(), Duration.ofSeconds(1));
        occupy("10.1.0.8");
    }

    @AfterAll
    void stop() {
        if (prometheus != null) {
            prometheus.close();
        }
        if (bailey != null) {
            bailey.kill();
        }
        if (machines != null) {
            machines.close();
        }
        cluster.close();
    }

    private void play() {
        cluster.apply(selecting("users"));
        flip();
        declare("users", "127.0.0.2", "vm-1", "127.0.0.3", "vm-2");
        declare("billing", "127.0.0.4", "vm-3", "127.0.0.5", "dead");
        // Things to mend: an annotation, and a Service in the way of a mirror.
        cluster.apply(service(shop, "web", Map.of("bailey.bridge/weight", "heavy")));
        cluster.apply(slice(shop, "web-a", "web", ready("10.1.0.9")));
        cluster.apply(service(shop, "taken"));
        cluster.apply(legacyService(
                shop, "taken", "{ports: [{port: 80}], origins: [{static: {instances: [{address: 10.20.0.11}]}}]}"));
    }

    /** Somebody else's entry has the id that an instance of web should have. */
    private void occupy(String address) {
        String node = "k8s-" + cluster.prefix();
        LocalConsul consul = SharedConsul.get();
        await().atMost(ENOUGH).until(() -> !CatalogView.of(consul, node).isEmpty());
        consul.put(
                "txn",
                """
                [{"Service": {"Verb": "set", "Node": "%s", "Service": {"ID": "%s/%s/web/%s:8080", "Service": "theirs",
                  "Address": "10.7.7.7", "Port": 7}}}]"""
                        .formatted(node, cluster.prefix(), shop, address));
        cluster.apply(slice(shop, "web-a", "web", ready("10.1.0.9"), ready(address)));
    }

    private static Service selecting(Service service) {
        return new ServiceBuilder(service)
                .editSpec()
                .withSelector(Map.of("app", service.getMetadata().getName()))
                .endSpec()
                .build();
    }

    private Service selecting(String name) {
        return selecting(service(shop, name));
    }

    private void declare(String name, String address, String id, String other, String otherId) {
        cluster.apply(legacyService(
                shop,
                name,
                """
                {ports: [{name: http, port: 80, targetPort: %d}], blend: %s,
                 origins: [{static: {instances: [{address: %s, id: %s, zone: a}, {address: %s, id: %s, zone: b}]}}],
                 probe: {http: {path: /health}, interval: 500ms, timeout: 400ms, rise: 1, fall: 2},
                 metrics: {port: %d, path: /metrics, connections: app_connections_open}}"""
                        .formatted(machinePort, name.equals("users"), address, id, other, otherId, machinePort)));
    }

    /** So that both flows always have something to do: pods that come, go and fail, and a machine. */
    private void flip() {
        flipped = !flipped;
        cluster.apply(
                flipped
                        ? slice(shop, "users-a", "users", ready("10.1.0.1"), ready("10.1.0.2"))
                        : slice(shop, "users-a", "users", ready("10.1.0.1"), notReady("10.1.0.2"), ready("10.1.0.3")));
        if (flipped) {
            machines.start("two");
        } else {
            machines.stop("two");
        }
    }

    private Map<String, String> settings(Path directory) throws IOException {
        return Map.of(
                "BAILEY_CLUSTER",
                cluster.prefix(),
                "BAILEY_EXPORT_NAMESPACES",
                cluster.prefix() + "-*",
                "BAILEY_LEGACY_NAMESPACES",
                cluster.prefix() + "-*",
                "BAILEY_LEGACY_ALLOW_LOOPBACK",
                "true",
                "BAILEY_RESYNC",
                "1s",
                "CONSUL_HTTP_ADDR",
                "127.0.0.1:" + SharedConsul.get().httpPort(),
                "KUBECONFIG",
                cluster.kubeconfig(directory).toString());
    }

    private JsonNode ask(String path) throws IOException {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(prometheus.url().resolve("/api/v1/" + path))
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            JsonNode json = MAPPER.readTree(answer.body());
            assertThat(json.path("status").asText()).as("%s: %s", path, json).isEqualTo("success");
            return json.path("data");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** As Grafana fills them in, for a reader who looks at this shop in the last minutes. */
    private String filled(String expression) {
        String filled = expression
                .replace("$__rate_interval", "15s")
                .replace("$__range", "5m")
                .replace("$namespace", shop)
                .replace("$service", "users|billing");
        assertThat(filled).as("every variable is filled in").doesNotContain("$");
        return filled;
    }

    /** Whether there is a number to show. */
    private boolean hasData(Kit.Query query) {
        try {
            Instant now = Instant.now();
            JsonNode found = query.isInstant()
                    ? ask("query?query=" + encoded(filled(query.expression())))
                    : ask("query_range?step=1&start=" + now.minus(AGO).getEpochSecond() + "&end=" + now.getEpochSecond()
                            + "&query=" + encoded(filled(query.expression())));
            return hasNumber(found.path("result"));
        } catch (IOException e) {
            throw new AssertionError(query.toString(), e);
        }
    }

    private static boolean hasNumber(JsonNode series) {
        for (JsonNode one : series) {
            if (isNumber(one.path("value"))) {
                return true;
            }
            for (JsonNode value : one.path("values")) {
                if (isNumber(value)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isNumber(JsonNode sample) {
        return sample.size() == 2 && !sample.path(1).asText().equals("NaN");
    }

    private boolean has(String expression) {
        return hasData(new Kit.Query(expression, expression, true, false));
    }

    @Test
    void everyPanelShowsSomething() {
        List<Kit.Query> empty = new ArrayList<>(Kit.dashboards().stream()
                .flatMap(dashboard -> dashboard.queries().stream())
                .toList());

        await("data for every panel")
                .atMost(ENOUGH)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    flip();
                    empty.removeIf(this::hasData);
                    assertThat(empty).as("queries without data").isEmpty();
                });
    }

    /** Grafana merges the columns by their labels, so these must be the same. */
    @Test
    void theColumnsOfATableAreAboutTheSameThings() throws IOException {
        List<Kit.Query> columns = Kit.dashboards().stream()
                .flatMap(dashboard -> dashboard.queries().stream())
                .filter(Kit.Query::isTable)
                .toList();
        assertThat(columns).hasSizeGreaterThan(5);
        for (Kit.Query column : columns) {
            await(column.toString()).atMost(ENOUGH).until(() -> hasData(column));
            ask("query?query=" + encoded(filled(column.expression())))
                    .path("result")
                    .forEach(one -> assertThat(one.path("metric").fieldNames())
                            .toIterable()
                            .as(column.toString())
                            .containsExactlyInAnyOrder("namespace", "service"));
        }
    }

    @Test
    void annotationsMarkChangesAndVariablesListWhatThereIs() throws IOException {
        for (Kit.Dashboard dashboard : Kit.dashboards()) {
            for (Kit.Query annotation : dashboard.annotations()) {
                ask("query?query=" + encoded(filled(annotation.expression())));
            }
            for (Kit.Query variable : dashboard.variables()) {
                Matcher values = VALUES.matcher(variable.expression());
                assertThat(values.matches()).isTrue();
                String path = "label/" + values.group(2) + "/values?match[]=";
                await(variable.toString()).atMost(ENOUGH).until(() -> ask(path.replace("[]", "%5B%5D")
                                + encoded(filled(values.group(1))))
                        .toString()
                        .matches(".*\"(users|" + shop + ")\".*"));
            }
        }
        await("a change is marked").atMost(ENOUGH).until(() -> {
            flip();
            return has(filled(Kit.dashboards().stream()
                    .flatMap(dashboard -> dashboard.annotations().stream())
                    .filter(annotation -> annotation.where().contains("Instances changed"))
                    .findFirst()
                    .orElseThrow()
                    .expression()));
        });
    }

    @Test
    void everyRuleIsEvaluatedAndEachThatRecordsHasValues() {
        await("all rules were evaluated").atMost(ENOUGH).untilAsserted(() -> {
            List<JsonNode> rules = new ArrayList<>();
            ask("rules").path("groups").forEach(group -> group.path("rules").forEach(rules::add));
            assertThat(rules).hasSameSizeAs(Kit.rules()).allSatisfy(rule -> assertThat(
                            rule.path("health").asText())
                    .as(rule.path("name").asText() + ": "
                            + rule.path("lastError").asText())
                    .isEqualTo("ok"));
        });
        List<String> empty = new ArrayList<>(Kit.rules().stream()
                .filter(rule -> !rule.isAlert())
                .map(Kit.Rule::name)
                .toList());
        await("values of every recording rule")
                .atMost(ENOUGH)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    flip();
                    empty.removeIf(this::has);
                    assertThat(empty).isEmpty();
                });
    }

    @Test
    void alertsSeeWhatIsWrong() {
        Stream.of("BaileyFindings", "BaileyChangesWithheld", "BaileySideUnhealthy", "BaileyLegacyMetricsDown")
                .forEach(name -> await(name + " sees it")
                        .atMost(ENOUGH)
                        .until(() -> has(Kit.rules().stream()
                                .filter(rule -> rule.name().equals(name))
                                .findFirst()
                                .orElseThrow()
                                .expression())));
    }

    @Test
    void machinesAreScrapedUnderTheNamesThatBaileyGivesThem() {
        String labels = "{job=\"legacy\", namespace=\"%s\", service=\"users\", instance_id=\"vm-1\", zone=\"a\","
                        .formatted(shop)
                + " origin=\"static\", side=\"legacy\"}";

        await().atMost(ENOUGH).until(() -> has("app_requests_total" + labels + " > 0"));
        await().atMost(ENOUGH).until(() -> has("up" + labels + " == 1"));
        await("a dead machine stays a target")
                .atMost(ENOUGH)
                .until(() -> has("up{job=\"legacy\", instance_id=\"dead\"} == 0"));
    }

    @Test
    void whatBaileyServesIsInTheFormatOfPrometheus() throws Exception {
        HttpResponse<String> metrics = http.send(
                HttpRequest.newBuilder(URI.create(bailey.url("/metrics"))).build(),
                HttpResponse.BodyHandlers.ofString());
        Process promtool = new ProcessBuilder("promtool", "check", "metrics")
                .redirectErrorStream(true)
                .start();
        promtool.getOutputStream().write(metrics.body().getBytes(StandardCharsets.UTF_8));
        promtool.getOutputStream().close();
        List<String> said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                // What the Java client of Prometheus names is not ours to name.
                .filter(line -> line.startsWith("bailey_") || line.startsWith("error"))
                .toList();

        assertThat(said).isEmpty();
    }
}
