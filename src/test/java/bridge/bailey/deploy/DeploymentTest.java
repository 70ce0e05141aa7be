package bridge.bailey.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is rendered fits together: names that are referred to are there, and mean in Bailey what they mean in the cluster. */
class DeploymentTest {

    static Stream<Rendered> rendered() {
        return Everything.rendered();
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void everySelectorChoosesThePods(Rendered rendered) {
        JsonNode labels = rendered.pod().at("/metadata/labels");
        List<JsonNode> selectors = new ArrayList<>();
        selectors.add(rendered.deployment().at("/spec/selector/matchLabels"));
        rendered.all("Service").forEach(s -> selectors.add(s.at("/spec/selector")));
        selectors.add(rendered.one("PodDisruptionBudget", "bailey").at("/spec/selector/matchLabels"));
        rendered.all("NetworkPolicy").forEach(p -> selectors.add(p.at("/spec/podSelector/matchLabels")));
        rendered.pod()
                .at("/spec/topologySpreadConstraints")
                .forEach(c -> selectors.add(c.at("/labelSelector/matchLabels")));

        assertThat(selectors).hasSizeGreaterThanOrEqualTo(7).allSatisfy(selector -> {
            assertThat(selector.properties()).isNotEmpty();
            assertThat(labels.properties()).containsAll(selector.properties());
        });
    }

    @Test
    void theProbesAskForWhatBaileyAnswers() throws IOException {
        Properties build = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            build.load(reader);
        }
        JsonNode container = Rendered.with().container();
        for (Map.Entry<String, String> probe : Map.of(
                        "startupProbe", "startup", "readinessProbe", "readiness", "livenessProbe", "liveness")
                .entrySet()) {
            assertThat(container.get(probe.getKey()).at("/httpGet/path").asText())
                    .isEqualTo(build.getProperty("quarkus.smallrye-health." + probe.getValue() + "-path"));
            assertThat(container.get(probe.getKey()).at("/httpGet/port").asText())
                    .isEqualTo("http");
        }
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void everyPortThatIsNamedIsThatOfTheContainer(Rendered rendered) throws IOException {
        int port = new YAMLMapper()
                .readTree(Path.of("src/main/resources/application.yaml").toFile())
                .at("/quarkus/http/port")
                .asInt();
        JsonNode declared = rendered.container().at("/ports");
        assertThat(declared).hasSize(1);
        assertThat(declared.get(0).get("name").asText()).isEqualTo("http");
        assertThat(declared.get(0).get("containerPort").asInt()).isEqualTo(port);
        JsonNode service = rendered.one("Service", "bailey").at("/spec/ports");
        assertThat(service).hasSize(1);
        // What alerts, dashboards and docs say: bailey.bailey.svc:8080, and the port's name for Prometheus.
        assertThat(service.get(0).get("name").asText()).isEqualTo("http");
        assertThat(service.get(0).get("port").asInt()).isEqualTo(8080);
        assertThat(service.get(0).get("targetPort").asText()).isEqualTo("http");
        assertThat(rendered.one("NetworkPolicy", "bailey")
                        .at("/spec/ingress/0/ports/0/port")
                        .asText())
                .isEqualTo("http");
        assertThat(rendered.pod()
                        .at("/metadata/annotations/prometheus.io~1port")
                        .asInt())
                .isEqualTo(port);
        rendered.all("Ingress").forEach(ingress -> {
            JsonNode backend = ingress.at("/spec/rules/0/http/paths/0/backend/service");
            assertThat(backend.get("name").asText()).isEqualTo("bailey");
            assertThat(backend.at("/port/name").asText()).isEqualTo("http");
            assertThat(ingress.at("/spec/tls/0/hosts/0")).isEqualTo(ingress.at("/spec/rules/0/host"));
        });
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void thePodTakesInAConfigMapThatIsThereAndNoSecretIsWrittenDown(Rendered rendered) {
        assertThat(rendered.environment()).containsKey("BAILEY_CLUSTER");
        assertThat(rendered.container().at("/envFrom")).hasSize(1);
        assertThat(rendered.all("Secret")).isEmpty();
        assertThat(rendered.environment().keySet())
                .noneMatch(key -> key.equals("CONSUL_HTTP_TOKEN") || key.startsWith("AWS_SECRET"));
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void everyFileThatIsConfiguredIsMounted(Rendered rendered) {
        Map<String, JsonNode> volumes = new TreeMap<>();
        rendered.pod()
                .at("/spec/volumes")
                .forEach(v -> volumes.put(v.get("name").asText(), v));
        Map<String, String> mounts = new TreeMap<>();
        rendered.container()
                .at("/volumeMounts")
                .forEach(m ->
                        mounts.put(m.get("mountPath").asText(), m.get("name").asText()));
        assertThat(volumes.keySet()).containsExactlyInAnyOrderElementsOf(mounts.values());

        Set<String> used = new TreeSet<>(Set.of("/tmp"));
        rendered.environment().forEach((key, value) -> {
            if (value.startsWith("/")) {
                String folder = Path.of(value).getParent().toString();
                assertThat(mounts).as(key + "=" + value).containsKey(folder);
                used.add(folder);
            }
        });
        assertThat(mounts.keySet()).as("mounts that nothing uses").isEqualTo(used);
        assertThat(volumes.get(mounts.get("/tmp")).has("emptyDir")).isTrue();
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void aVariableStandsBeforeTheOneThatRefersToIt(Rendered rendered) {
        Set<String> before = new TreeSet<>();
        rendered.container().path("env").forEach(entry -> {
            Matcher reference = Pattern.compile("\\$\\((\\w+)\\)")
                    .matcher(entry.path("value").asText());
            while (reference.find()) {
                assertThat(before).contains(reference.group(1));
            }
            before.add(entry.get("name").asText());
        });
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void thePodIsWhatTheRestrictedStandardAsksFor(Rendered rendered) {
        JsonNode pod = rendered.pod().get("spec");
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/runAsUser").asInt()).isPositive();
        assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        for (String host : List.of("hostNetwork", "hostPID", "hostIPC")) {
            assertThat(pod.has(host)).as(host).isFalse();
        }
        assertThat(pod.get("containers")).hasSize(1);
        JsonNode security = rendered.container().get("securityContext");
        assertThat(security.get("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(security.get("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
        assertThat(security.at("/capabilities/add").isMissingNode()).isTrue();
        assertThat(rendered.one("Namespace", "bailey")
                        .at("/metadata/labels/pod-security.kubernetes.io~1enforce")
                        .asText())
                .isEqualTo("restricted");
        assertThat(rendered.one("ServiceAccount", "bailey")
                        .get("automountServiceAccountToken")
                        .asBoolean(true))
                .isFalse();
        assertThat(pod.get("automountServiceAccountToken").asBoolean()).isTrue();
    }

    @Test
    void aRolloutKeepsALeaderAndTheEndIsWaitedFor() {
        JsonNode spec = Rendered.with().deployment().get("spec");

        assertThat(spec.get("replicas").asInt()).isEqualTo(2);
        assertThat(spec.at("/strategy/rollingUpdate/maxUnavailable").asInt(-1)).isZero();
        assertThat(spec.at("/strategy/rollingUpdate/maxSurge").asInt()).isEqualTo(1);
        // ShutdownIT: within 5 s though Consul does not answer.
        assertThat(spec.at("/template/spec/terminationGracePeriodSeconds").asInt())
                .isGreaterThanOrEqualTo(10);
        assertThat(Rendered.with().environment()).containsEntry("BAILEY_LEADER_ENABLED", "true");
    }

    @Test
    void theHeapLeavesRoomForTheRestAndForACommandBesideTheDaemon() throws IOException {
        JsonNode container = Rendered.with().container();
        Matcher share = Pattern.compile("-XX:MaxRAMPercentage=(\\d+)").matcher(Files.readString(Path.of("Dockerfile")));
        assertThat(share.find()).isTrue();
        long mebibytes = Quantity.getAmountInBytes(new Quantity(
                                container.at("/resources/limits/memory").asText()))
                        .longValueExact()
                / (1 << 20);

        // Measured: 110 MiB beside the heap, and 225 MiB for `plan` with as large a heap, more than it has in the
        // image.
        assertThat(mebibytes * Long.parseLong(share.group(1)) / 100 + 110 + 225).isLessThanOrEqualTo(mebibytes);
        assertThat(container.at("/resources/limits").has("cpu")).isFalse();
        assertThat(Rendered.with().environment())
                .as("commands beside it would inherit that")
                .doesNotContainKey("JAVA_TOOL_OPTIONS");
    }

    @Test
    void writingIsAllowedInTheNamespacesThatAreConfiguredAndInNoOther() {
        Rendered shop = Rendered.inShopAlone();

        assertThat(shop.all("RoleBinding"))
                .extracting(Rendered::titleOf)
                .containsExactlyInAnyOrder(
                        "RoleBinding bailey/bailey-leader",
                        "RoleBinding shop/bailey-legacy-mirrors-write",
                        "RoleBinding shop/bailey-legacyservices-write");
        assertThat(shop.all("ClusterRoleBinding"))
                .extracting(Rendered::nameOf)
                .noneMatch(name -> name.endsWith("-write"));
        assertThat(shop.environment()).containsEntry("BAILEY_LEGACY_NAMESPACES", "shop");
    }

    @Test
    void oneImageIsNamedInOnePlace() throws IOException {
        for (String overlay : Everything.overlays()) {
            assertThat(Rendered.overlay(overlay).container().get("image").asText())
                    .startsWith("bailey:");
        }
        try (Stream<Path> files = Files.walk(Path.of("k8s"))) {
            assertThat(files.filter(f -> f.toString().endsWith("kustomization.yaml"))
                            .filter(DeploymentTest::namesImages))
                    .containsExactly(Path.of("k8s/base/kustomization.yaml"));
        }
    }

    private static boolean namesImages(Path file) {
        try {
            return new YAMLMapper().readTree(file.toFile()).has("images");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyFileOfPermissionsIsTaken() throws IOException {
        JsonNode listed = new YAMLMapper()
                .readTree(Path.of("k8s/rbac/kustomization.yaml").toFile())
                .get("resources");
        try (Stream<Path> files = Files.list(Path.of("k8s/rbac"))) {
            assertThat(files.map(f -> f.getFileName().toString()).filter(f -> !f.equals("kustomization.yaml")))
                    .containsExactlyInAnyOrderElementsOf(StreamSupport.stream(listed.spliterator(), false)
                            .map(JsonNode::asText)
                            .toList());
        }
    }
}
