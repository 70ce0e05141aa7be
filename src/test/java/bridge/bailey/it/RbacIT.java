package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The files in k8s/rbac against what Bailey really asks the API for: each feature is exercised, each request recorded, and the
 * files that are documented for it must grant exactly that.
 */
class RbacIT {

    private static final Path FOLDER = Path.of("k8s", "rbac");
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String USER_AGENT = "bailey-under-test";

    private final Set<String> asked = new ConcurrentSkipListSet<>();
    private final AtomicBoolean refuseOneStatus = new AtomicBoolean();
    private Cluster cluster;
    private String shop;
    private Bailey bailey;

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        assumeTrue(cluster.isLocal(), "the requests are recorded in this process");
        shop = cluster.namespace("shop");
        LegacyKube.install(cluster);
        cluster.local().intercept(this::record);
    }

    @AfterEach
    void stop() {
        if (bailey != null) {
            bailey.close();
        }
        cluster.close();
    }

    private Optional<MockResponse> record(RecordedRequest request) {
        // /version is open to whoever has an account.
        boolean open = request.getPath().startsWith("/version");
        if (open || !USER_AGENT.equals(request.getHeader("User-Agent"))) {
            return Optional.empty();
        }
        asked.add(permission(request.method(), request.getPath()));
        boolean status = request.method() == HttpMethod.PUT && request.getPath().endsWith("/status");
        return status && refuseOneStatus.compareAndSet(true, false)
                ? Optional.of(new MockResponse()
                        .setResponseCode(409)
                        .setBody("{\"kind\": \"Status\", \"code\": 409, \"reason\": \"Conflict\"}"))
                : Optional.empty();
    }

    /** What RBAC calls a request: verb, group, resource with subresource. */
    private static String permission(HttpMethod method, String uri) {
        String[] parts = uri.split("\\?", 2);
        List<String> words = new ArrayList<>(Arrays.stream(parts[0].split("/", -1))
                .filter(word -> !word.isEmpty())
                .toList());
        String group = words.get(0).equals("apis") ? words.get(1) : "";
        words.subList(0, words.get(0).equals("apis") ? 3 : 2).clear();
        if (words.size() > 2 && words.get(0).equals("namespaces")) {
            words.subList(0, 2).clear();
        }
        String resource = words.get(0) + (words.size() > 2 ? "/" + words.get(2) : "");
        boolean named = words.size() > 1;
        String verb =
                switch (method) {
                    case GET -> parts.length > 1 && parts[1].contains("watch=true") ? "watch" : named ? "get" : "list";
                    case POST -> "create";
                    case PUT -> "update";
                    case PATCH -> "patch";
                    case DELETE -> named ? "delete" : "deletecollection";
                    default -> method.toString();
                };
        return permission(verb, group, resource);
    }

    private static String permission(String verb, String group, String resource) {
        return resource + (group.isEmpty() ? "" : "." + group) + ": " + verb;
    }

    private void startBailey(String... options) {
        Map<String, String> all = new HashMap<>(Map.of("resync", "1s"));
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(cluster.client().getConfiguration())
                        .withUserAgent(USER_AGENT)
                        .build())
                .build();
        bailey = new Bailey(
                        client,
                        Map.of(
                                "CONSUL_HTTP_ADDR",
                                "127.0.0.1:" + SharedConsul.get().httpPort()),
                        Bailey.forTest(cluster, all))
                .start();
    }

    /** One document of a file, and what it grants. */
    private record Grant(String kind, String namespace, Set<String> permissions) {}

    private static List<Grant> grants(String file) {
        List<Grant> all = new ArrayList<>();
        YAMLMapper yaml = new YAMLMapper();
        try (var documents = yaml.readerFor(JsonNode.class)
                .<JsonNode>readValues(new YAMLFactory().createParser(Files.readString(FOLDER.resolve(file))))) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                String namespace = document.at("/metadata/namespace").asText();
                all.add(new Grant(document.get("kind").asText(), namespace, permissions(document.path("rules"))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static Set<String> permissions(JsonNode rules) {
        Set<String> all = new TreeSet<>();
        rules.forEach(rule -> rule.get("apiGroups")
                .forEach(group -> rule.get("resources").forEach(resource -> rule.get("verbs")
                        .forEach(verb -> all.add(permission(verb.asText(), group.asText(), resource.asText()))))));
        return all;
    }

    private static Set<String> granted(String... files) {
        return Arrays.stream(files)
                .flatMap(file -> grants(file).stream())
                .flatMap(grant -> grant.permissions().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Events come where there is something to tell, so they may come anywhere; so does the cluster's identity. */
    private void assertGrantedExactly(String... files) {
        await().atMost(SOON).untilAsserted(() -> assertThat(asked).containsAll(granted(files)));
        Set<String> most = granted(files);
        most.addAll(granted("events.yaml"));
        most.add("namespaces: get");
        assertThat(asked).as("what " + List.of(files) + " lack").isSubsetOf(most);
    }

    @Test
    void theExportAsksForWhatItIsGranted() {
        cluster.apply(service(shop, "odd", Map.of("bailey.bridge/port", "nonesuch")));
        cluster.apply(slice(shop, "odd-a", "odd", ready("10.1.0.1")));
        startBailey();
        await().until(() -> !bailey.findings().isEmpty());

        assertGrantedExactly("export.yaml", "events.yaml");
    }

    @Test
    void ingressesAreReadOnlyWhereTheyAreExported() {
        cluster.apply(service(shop, "odd", Map.of("bailey.bridge/port", "nonesuch")));
        cluster.apply(slice(shop, "odd-a", "odd", ready("10.1.0.1")));
        startBailey("export.ingress", "true");
        await().until(() -> !bailey.findings().isEmpty());

        assertGrantedExactly("export.yaml", "export-ingress.yaml", "events.yaml");
    }

    @Test
    void theLegacySideAsksForWhatItIsGranted() {
        refuseOneStatus.set(true);
        startBailey("export.enabled", "false", "legacy.enabled", "true");
        declare("10.20.0.11", 80);
        await().atMost(SOON)
                .until(() -> cluster.client()
                                .services()
                                .inNamespace(shop)
                                .withName("billing")
                                .get()
                        != null);
        declare("10.20.0.12", 81);
        await().atMost(SOON)
                .until(() -> asked.contains("services: update")
                        && asked.contains("endpointslices.discovery.k8s.io: update"));
        LegacyKube.api(cluster.client(), shop, "billing").delete();

        assertGrantedExactly("legacy-mirrors.yaml", "legacyservices.yaml");
    }

    private void declare(String address, int port) {
        GenericKubernetesResource resource = LegacyKube.legacyService(
                shop,
                "billing",
                "{ports: [{port: %d}], origins: [{static: {instances: [{address: %s}]}}]}".formatted(port, address));
        cluster.apply(resource);
    }

    @Test
    void theNamespacedVariantsGrantTheSameAndWriteInOneNamespaceOnly() {
        for (String file : List.of("legacy-mirrors", "legacyservices")) {
            assertThat(granted(file + "-namespaced.yaml")).isEqualTo(granted(file + ".yaml"));
            assertThat(grants(file + "-namespaced.yaml"))
                    .filteredOn(grant -> grant.namespace().isEmpty())
                    .flatExtracting(Grant::permissions)
                    .allMatch(permission -> permission.endsWith(": list") || permission.endsWith(": watch"));
        }
    }

    @Test
    void theElectionAsksForWhatItIsGranted() {
        startBailey("leader.namespace", shop, "leader.retry-period", "200ms");

        assertGrantedExactly("leader.yaml", "export.yaml");
        assertThat(grants("leader.yaml"))
                .filteredOn(grant -> grant.permissions().contains("leases.coordination.k8s.io: update"))
                .extracting(Grant::namespace)
                .containsExactly("bailey");
    }

    @Test
    void everyRoleIsBoundToBaileysAccountAndNothingIsGrantedByAStar() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.toList()) {
                String text = Files.readString(file);
                assertThat(text).as(file.toString()).doesNotContain("*\"", "[*", "secrets", "escalate", "impersonate");
                long roles = grants(file.getFileName().toString()).stream()
                        .filter(grant -> List.of("Role", "ClusterRole").contains(grant.kind()))
                        .count();
                long bindings = text.lines()
                        .filter("subjects: [{kind: ServiceAccount, name: bailey, namespace: bailey}]"::equals)
                        .count();
                assertThat(bindings).as(file.toString()).isEqualTo(roles);
            }
        }
    }
}
