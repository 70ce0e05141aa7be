package bridge.bailey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import bridge.bailey.crd.Examples;
import bridge.bailey.crd.LegacyService;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real API server makes of the definition; the API in this process checks nothing. */
class LegacyDefinitionIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STATIC = "{static: {instances: [{address: 10.0.0.1}]}}";

    private static Cluster cluster;
    private static String shop;
    private static int counter;

    @BeforeAll
    static void install() {
        cluster = Cluster.open();
        assumeFalse(cluster.isLocal(), "needs a real API server: set BAILEY_TEST_KUBECONFIG");
        LegacyKube.install(cluster);
        shop = cluster.namespace("shop");
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    private static GenericKubernetesResource create(String spec) {
        GenericKubernetesResource resource = LegacyKube.legacyService(shop, "it-" + ++counter, spec);
        cluster.apply(resource);
        return LegacyKube.api(cluster.client(), shop, "it-" + counter).get();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ports: [{port: 80}], origins: [" + STATIC + "]}",
                "{origins: [{hostname: billing.legacy.example.com}]}",
                "{ports: [{name: a, port: 53}, {name: b, port: 53, protocol: UDP}], origins: [" + STATIC + "]}",
                "{ports: [{port: 80}], origins: [{static: {instances: []}}, {consul: {service: b}}]}",
                "{ports: [{name: a, port: 80}], origins: [" + STATIC + "], probe: {tcp: {port: a}, interval: 500ms}}",
                "{ports: [{name: a, port: 80}], origins: [" + STATIC + "], probe: {grpc: {tls: {}}, timeout: 1m}}",
                "{ports: [{port: 80}], origins: [" + STATIC + "], probe: {http: {expect: 200-200}}, failOpenBelow: 0%}",
                "{ports: [{port: 80}], origins: [" + STATIC + "], future: {x: 1}}",
            })
    void whatIsGoodIsTaken(String spec) {
        assertThat(create(spec).getMetadata().getUid()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | spec.origins: Required value",
                "{ports: [{port: 80}], origins: []} | should have at least 1 items",
                "{origins: [" + STATIC + "]} | ports are required, unless the only origin is a hostname",
                "{ports: [{port: 80}], origins: [{}]} | an origin has exactly one of static, ec2, consul and hostname",
                "{ports: [{port: 80}], origins: [{consul: {service: a}, hostname: a.example}]} | exactly one of static",
                "{ports: [{port: 80}], origins: [" + STATIC
                        + ", {hostname: a.example}]} | a hostname is the only origin",
                "{origins: [{hostname: 10.0.0.1}]} | spec.origins[0].hostname",
                "{origins: [{hostname: a.example}], blend: true} | no instances that could be blended",
                "{origins: [{hostname: a.example}], probe: {tcp: {}}} | no instances that could be probed",
                "{ports: [{port: 80}, {port: 81}], origins: [" + STATIC + "]} | each of several ports needs a name",
                "{ports: [{name: a, port: 80}, {name: a, port: 81}], origins: [" + STATIC
                        + "]} | no two ports the same",
                "{ports: [{name: a, port: 80}, {name: b, port: 80}], origins: [" + STATIC + "]} | Duplicate value",
                "{ports: [{port: 0}], origins: [" + STATIC + "]} | should be greater than or equal to 1",
                "{ports: [{port: 80, protocol: tcp}], origins: [" + STATIC + "]} | supported values",
                "{ports: [{port: 80}], serviceName: Billing, origins: [" + STATIC + "]} | spec.serviceName",
                "{ports: [{port: 80}], origins: [{static: {instances: [{id: a}]}}]} | address: Required value",
                "{ports: [{port: 80}], origins: [{static: {instances: [{address: 10.0.0.1, id: a},"
                        + " {address: 10.0.0.2, id: a}]}}]} | no two instances have the same id",
                "{ports: [{port: 80}], origins: [{static: {instances: [{address: 10.0.0.1},"
                        + " {address: 10.0.0.2, id: 10.0.0.1}]}}]} | no two instances have the same id",
                "{ports: [{port: 80}], origins: [{ec2: {}}]} | spec.origins[0].ec2.filters: Required value",
                "{ports: [{port: 80}], origins: [{ec2: {filters: [{name: a, values: []}]}}]} | at least 1 items",
                "{ports: [{port: 80}], origins: [{ec2: {roleArn: x, filters: [{name: a, values: [b]}]}}]} | roleArn",
                "{ports: [{port: 80}], origins: [" + STATIC + "], probe: {}} | exactly one of http, tcp and grpc",
                "{ports: [{port: 80}], origins: [" + STATIC
                        + "], probe: {tcp: {}, http: {}}} | exactly one of http, tcp",
                "{ports: [{port: 80}], origins: [" + STATIC + "], probe: {tcp: {port: a}}} | the port of the probe is",
                "{ports: [{port: 80, protocol: UDP}], origins: [" + STATIC + "], probe: {tcp: {}}} | the protocol TCP",
                "{ports: [{port: 80}], origins: [" + STATIC + "], probe: {http: {expect: 2xx}}} | probe.http.expect",
                "{ports: [{port: 80}], origins: [" + STATIC
                        + "], probe: {http: {expect: 400-200}}} | not above the last",
                "{ports: [{port: 80}], origins: [" + STATIC + "], probe: {tcp: {}, interval: 10}} | probe.interval",
                "{ports: [{port: 80}], origins: [" + STATIC + "], probe: {tcp: {}, interval: 50ms}} | from 100ms to 1h",
                "{ports: [{port: 80}], origins: [" + STATIC
                        + "], probe: {tcp: {}, interval: 999999h}} | from 100ms to 1h",
                "{ports: [{port: 80}], origins: [" + STATIC + "], probe: {tcp: {}, timeout: 6m}} | from 10ms to 5m",
                "{ports: [{port: 80}], origins: [" + STATIC
                        + "], probe: {tcp: {}, interval: 1s, timeout: 1001ms}} | at most as long as the interval",
                "{ports: [{port: 80}], origins: [" + STATIC + "], probe: {tcp: {}, rise: 0}} | probe.rise",
                "{ports: [{port: 80}], origins: [" + STATIC + "], failOpenBelow: 101%} | spec.failOpenBelow",
                "{ports: [{port: 80}], origins: [" + STATIC + "], metrics: {}} | spec.metrics.port: Required value",
                "{ports: [{port: 80}], origins: [" + STATIC
                        + "], metrics: {port: 1, connections: a-b}} | spec.metrics.connections",
                "{origins: [{hostname: a.example.com}], metrics: {port: 1, connections: a}} | could be counted",
            })
    void whatIsBadIsRefusedWithAReason(String spec, String reason) {
        KubernetesClientException refusal = catchThrowableOfType(KubernetesClientException.class, () -> create(spec));

        assertThat(refusal).as(spec).isNotNull();
        assertThat(refusal.getCode()).isEqualTo(422);
        assertThat(refusal.getMessage()).contains(reason);
    }

    @Test
    void aNameThatNoServiceCanHaveNeedsAServiceName() {
        cluster.apply(LegacyKube.legacyService(
                shop, "a.b", "{serviceName: ab, ports: [{port: 80}], origins: [" + STATIC + "]}"));

        assertThat(catchThrowableOfType(
                        KubernetesClientException.class,
                        () -> cluster.apply(LegacyKube.legacyService(
                                shop, "c.d", "{ports: [{port: 80}], origins: [" + STATIC + "]}"))))
                .hasMessageContaining("set spec.serviceName");
    }

    @Test
    void defaultsAreSetExceptThoseOfTheConfiguration() {
        GenericKubernetesResource made = create(
                """
                {ports: [{port: 80}], metrics: {port: 9100}, probe: {http: {tls: {}}},
                 origins: [{ec2: {filters: [{name: a, values: [b]}]}}]}""");

        assertThat(made.<Object>get("spec"))
                .isEqualTo(Map.of(
                        "ports", List.of(Map.of("port", 80, "protocol", "TCP")),
                        "metrics", Map.of("port", 9100, "path", "/metrics", "annotateService", false),
                        "probe",
                                Map.of(
                                        "http",
                                        Map.of(
                                                "path", "/",
                                                "scheme", "HTTP",
                                                "expect", "200-399",
                                                "tls", Map.of("verify", true))),
                        "origins",
                                List.of(Map.of(
                                        "ec2",
                                        Map.of(
                                                "address",
                                                "private",
                                                "filters",
                                                List.of(Map.of("name", "a", "values", List.of("b")))))),
                        "blend", false,
                        "headless", false,
                        "registerInConsul", false));
    }

    @Test
    void asManyInstancesAsFitAreTaken() {
        String instances = IntStream.range(0, 100)
                .mapToObj(i -> "{address: 10.0.0." + i + ", id: billing-" + i + "}")
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();
        String origins = ("{static: {instances: [" + instances + "]}},").repeat(10);

        assertThat(create("{ports: [{port: 80}], origins: [" + origins + "]}")).isNotNull();
    }

    @Test
    void theColumnsTellTheState() throws IOException {
        GenericKubernetesResource made = create("{ports: [{port: 80}], origins: [" + STATIC + "]}");
        made.setAdditionalProperty(
                "status",
                Map.of(
                        "service", "billing",
                        "ready", "3/4",
                        "originNames", "ec2/eu-central-1, static",
                        "conditions",
                                List.of(
                                        Map.of("type", "Healthy", "status", "True", "reason", "AllHealthy"),
                                        Map.of("type", "Ready", "status", "False", "reason", "EndpointUnhealthy"))));
        cluster.client().resource(made).updateStatus();

        JsonNode table = table(made.getMetadata().getName());

        assertThat(texts(table.at("/columnDefinitions"), "name"))
                .containsExactly("Name", "Service", "Ready", "Origins", "Status", "Age");
        assertThat(table.at("/rows/0/cells"))
                .extracting(JsonNode::asText)
                .startsWith(
                        made.getMetadata().getName(),
                        "billing",
                        "3/4",
                        "ec2/eu-central-1, static",
                        "EndpointUnhealthy");
    }

    private static List<String> texts(JsonNode list, String field) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(element -> element.get(field).asText())
                .toList();
    }

    /** As {@code kubectl get} asks for it. */
    private static JsonNode table(String name) throws IOException {
        String path = "/apis/%s/%s/namespaces/%s/%s/%s"
                .formatted(LegacyService.GROUP, LegacyService.VERSION, shop, LegacyService.PLURAL, name);
        try {
            return JSON.readTree(cluster.client()
                    .getHttpClient()
                    .sendAsync(
                            cluster.client()
                                    .getHttpClient()
                                    .newHttpRequestBuilder()
                                    .uri(cluster.address().resolve(path))
                                    .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                                    .build(),
                            String.class)
                    .join()
                    .bodyString());
        } catch (IOException e) {
            throw new IOException(path, e);
        }
    }

    @Test
    void theExamplesAreTaken() throws IOException {
        for (Map<String, Object> example : Examples.all()) {
            create(JSON.writeValueAsString(example.get("spec")));
        }
    }
}
