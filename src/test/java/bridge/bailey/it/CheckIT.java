package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static bridge.bailey.it.LegacyKube.legacyService;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bridge.bailey.it.BaileyJar.Result;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.local.Ports;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewStatusBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The preflight check, on an API server that says what a test wants it to say, and a real Consul. */
class CheckIT {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final LocalConsul consul = SharedConsul.get();

    @TempDir
    Path directory;

    private Cluster cluster;
    private String shop;
    private Map<String, String> environment;

    @BeforeEach
    void start() throws IOException {
        cluster = Cluster.open();
        assumeTrue(cluster.isLocal(), "the API server is told what to say");
        shop = cluster.namespace("shop");
        environment = new HashMap<>(Map.of(
                "BAILEY_CLUSTER",
                cluster.prefix(),
                "BAILEY_EXPORT_NAMESPACES",
                cluster.prefix() + "-*",
                "CONSUL_HTTP_ADDR",
                "127.0.0.1:" + consul.httpPort(),
                "KUBECONFIG",
                cluster.kubeconfig(directory).toString()));
        allow(verb -> true);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    /** Answers each review by the resource and verb, such as {@code services list}. */
    private void allow(Predicate<String> allowed) {
        cluster.local().intercept(request -> review(request, allowed));
    }

    private static Optional<MockResponse> review(RecordedRequest request, Predicate<String> allowed) {
        if (!request.getPath().endsWith("/selfsubjectaccessreviews")) {
            return Optional.empty();
        }
        SelfSubjectAccessReview review = Serialization.unmarshal(request.getUtf8Body(), SelfSubjectAccessReview.class);
        var asked = review.getSpec().getResourceAttributes();
        review.setStatus(new SubjectAccessReviewStatusBuilder()
                .withAllowed(allowed.test(asked.getResource() + " " + asked.getVerb()))
                .build());
        return Optional.of(new MockResponse()
                .setResponseCode(201)
                .addHeader("Content-Type", "application/json")
                .setBody(Serialization.asJson(review)));
    }

    private Result check(String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("check"));
        arguments.addAll(List.of(more));
        return BaileyJar.run(directory, environment, arguments.toArray(String[]::new));
    }

    private static List<JsonNode> results(Result result) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        MAPPER.readTree(result.out()).get("checks").forEach(all::add);
        return all;
    }

    private static JsonNode about(List<JsonNode> results, String level, String what) {
        return results.stream()
                .filter(result -> result.get("level").asText().equals(level)
                        && result.get("what").asText().contains(what))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + level + " about " + what + " in " + results));
    }

    @Test
    void whereAllIsThereNothingFails() throws Exception {
        LegacyKube.install(cluster);
        cluster.apply(service(shop, "users"));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1")));

        Result checked = check("--dns", "127.0.0.1:" + consul.dnsPort());

        assertThat(checked.code()).as(checked.out() + checked.err()).isZero();
        assertThat(checked.out())
                .contains(
                        "Kubernetes permissions\n  OK    services: may get, list, watch, create, update, delete\n",
                        "  OK    endpointslices (discovery.k8s.io): listed and watched\n",
                        "  OK    leases (coordination.k8s.io) in namespace default: listed and watched\n",
                        "  OK    CustomResourceDefinition legacyservices.bailey.bridge: is installed, and is that of this"
                                + " version\n",
                        "  OK    leader of Consul's servers: 127.0.0.1:",
                        "  OK    clock of the API server:",
                        "  OK    clock of Consul: agrees with ours\n",
                        "  OK    service:write: may, for 1 exported names\n",
                        "  OK    DNS 127.0.0.1:" + consul.dnsPort() + ": consul.service.consul is 127.0.0.1\n",
                        " 0 FAIL\n")
                .doesNotContain("FAIL  ");
    }

    @Test
    void eachProblemIsFoundAndNamesTheObjectTheFieldAndTheFix() throws Exception {
        LegacyKube.install(cluster);
        var definition = cluster.client()
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("legacyservices.bailey.bridge");
        definition.edit(found -> {
            found.getSpec()
                    .getVersions()
                    .get(0)
                    .getSchema()
                    .getOpenAPIV3Schema()
                    .getProperties()
                    .get("spec")
                    .getProperties()
                    .remove("blend");
            return found;
        });
        allow(what ->
                !what.equals("endpointslices delete") && !what.equals("nodes watch") && !what.equals("namespaces get"));
        cluster.apply(legacyService(shop, "billing"));
        cluster.apply(legacyService(
                shop,
                "users-on-machines",
                "{serviceName: users, blend: true, ports: [{name: http, port: 80}],"
                        + " origins: [{static: {instances: [{address: 10.20.0.12}]}}]}"));
        Service users = new ServiceBuilder(service(shop, "users"))
                .editMetadata()
                .addToAnnotations("service.kubernetes.io/topology-mode", "Auto")
                .endMetadata()
                .editSpec()
                .addToSelector("app", "users")
                .withInternalTrafficPolicy("Local")
                .withTrafficDistribution("PreferClose")
                .endSpec()
                .build();
        cluster.apply(users);
        cluster.apply(new EndpointSliceBuilder(slice(shop, "users-1", "users", ready("10.1.0.1")))
                .editFirstPort()
                .withName("web")
                .endPort()
                .build());
        cluster.apply(new EndpointsBuilder()
                .withNewMetadata()
                .withNamespace(shop)
                .withName("billing")
                .endMetadata()
                .addNewSubset()
                .addNewAddress()
                .withIp("10.20.0.11")
                .endAddress()
                .endSubset()
                .build());

        cluster.apply(ConsulK8s.deployment(shop));

        Result checked = check("--output", "json", "--dns", "127.0.0.1:" + Ports.free());

        assertThat(checked.code()).as(checked.err()).isEqualTo(1);
        List<JsonNode> results = results(checked);
        assertThat(about(results, "fail", "endpointslices").get("detail").asText())
                .isEqualTo("may not delete");
        assertThat(about(results, "fail", "endpointslices").get("fix").asText())
                .contains("apiGroups: [\"discovery.k8s.io\"]", "resources: [endpointslices]", "delete");
        assertThat(about(results, "fail", "nodes").get("detail").asText()).isEqualTo("may not watch");
        assertThat(about(results, "warn", "CustomResourceDefinition")
                        .get("detail")
                        .asText())
                .contains("it lacks spec.blend");
        assertThat(about(results, "warn", "Service " + shop + "/users spec.internalTrafficPolicy")
                        .get("fix")
                        .asText())
                .contains("kubectl -n " + shop + " patch service users");
        about(results, "warn", "Service " + shop + "/users spec.trafficDistribution");
        about(
                results,
                "warn",
                "Service " + shop + "/users metadata.annotations[\"service.kubernetes.io/topology-mode\"]");
        assertThat(about(results, "warn", "EndpointSlice " + shop + "/users-1 ports[].name")
                        .get("detail")
                        .asText())
                .contains("\"web\" is none of the ports of Service " + shop + "/users, which has \"http\"");
        assertThat(about(results, "warn", "Endpoints " + shop + "/billing")
                        .get("fix")
                        .asText())
                .contains("endpointslice.kubernetes.io/skip-mirror=true");
        assertThat(about(results, "fail", "Deployment " + shop + "/consul-sync-catalog")
                        .get("fix")
                        .asText())
                .contains("scale deployment/consul-sync-catalog --replicas=0");
        assertThat(about(results, "warn", "namespaces kube-system").get("fix").asText())
                .contains("resourceNames: [kube-system]");
        about(results, "fail", "DNS 127.0.0.1:");
        assertThat(results)
                .filteredOn(result -> !result.get("level").asText().equals("ok"))
                .allMatch(result -> !result.get("fix").asText().isEmpty());
    }

    @Test
    void systemsThatAreAwayFailAloneAndInTime() throws Exception {
        cluster.local().intercept(request -> {
            if (request.getPath().contains("/endpointslices")) {
                return Optional.of(new MockResponse().setResponseCode(403));
            }
            return review(request, verb -> true);
        });
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            environment.put("CONSUL_HTTP_ADDR", "127.0.0.1:" + silent.getLocalPort());

            Result checked = check("--timeout", "8", "-o", "json");

            assertThat(checked.code()).isEqualTo(1);
            List<JsonNode> results = results(checked);
            assertThat(about(results, "fail", "Consul").get("detail").asText()).isEqualTo("no answer within 8000 ms");
            about(results, "ok", "services");
            assertThat(results)
                    .filteredOn(result -> result.get("area").asText().equals("Kubernetes reads")
                            && result.get("level").asText().equals("fail"))
                    .as("what a review allows may still be refused")
                    .singleElement()
                    .satisfies(result -> {
                        assertThat(result.get("what").asText()).startsWith("endpointslices");
                        assertThat(result.get("fix").asText()).contains("resources: [endpointslices]");
                    });
            assertThat(about(results, "fail", "CustomResourceDefinition")
                            .get("fix")
                            .asText())
                    .contains("kubectl apply --server-side -k k8s/crd");
        }
    }

    @Test
    void whatTheTokenLacksIsToldAsTheRuleThatIsMissing() throws Exception {
        cluster.apply(service(shop, "users"));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1")));
        cluster.apply(service(shop, "orders"));
        cluster.apply(slice(shop, "b", "orders", ready("10.1.0.2")));
        LegacyKube.install(cluster);
        cluster.apply(legacyService(
                shop,
                "billing",
                "{ports: [{port: 80}], registerInConsul: true,"
                        + " origins: [{static: {instances: [{address: 10.20.0.11}]}}, {consul: {service: billing}}]}"));
        try (LocalConsul strict = LocalConsul.startWithAcl()) {
            environment.put("CONSUL_HTTP_ADDR", "127.0.0.1:" + strict.httpPort());
            String policy = strict.put(
                            "acl/policy",
                            MAPPER.writeValueAsString(Map.of(
                                    "Name",
                                    "narrow",
                                    "Rules",
                                    "node \"k8s-%1$s\" { policy = \"write\" } key_prefix \"bailey/%1$s/\" { policy = \"write\" } service \"users\" { policy = \"write\" }"
                                            .formatted(cluster.prefix()))))
                    .get("ID")
                    .asText();
            environment.put(
                    "CONSUL_HTTP_TOKEN",
                    strict.put(
                                    "acl/token",
                                    MAPPER.writeValueAsString(Map.of("Policies", List.of(Map.of("ID", policy)))))
                            .get("SecretID")
                            .asText());

            Result checked = check("-o", "json");

            assertThat(checked.code()).as(checked.err()).isEqualTo(1);
            List<JsonNode> results = results(checked);
            about(results, "ok", "key:write on \"bailey/" + cluster.prefix() + "/leader\"");
            about(results, "ok", "node:write on \"k8s-" + cluster.prefix());
            assertThat(about(results, "fail", "service:write").get("fix").asText())
                    .isEqualTo("service \"orders\" { policy = \"write\" }");
            assertThat(about(results, "fail", "node:write on \"vm-").get("fix").asText())
                    .isEqualTo("node_prefix \"vm-" + cluster.prefix() + "-\" { policy = \"write\" }");
            assertThat(about(results, "fail", "node:read").get("fix").asText())
                    .isEqualTo("node_prefix \"\" { policy = \"read\" }");
            about(results, "fail", "service:read on \"billing\"");

            environment.put("CONSUL_HTTP_TOKEN", "11111111-2222-3333-4444-555555555555");
            Result unknown = check("-o", "json");
            assertThat(about(results(unknown), "fail", "Consul token")
                            .get("fix")
                            .asText())
                    .contains("CONSUL_HTTP_TOKEN");
            assertThat(unknown.out() + unknown.err()).doesNotContain("11111111-2222");
        }
    }

    @Test
    void warningsAloneEndItWithTwoOnlyIfThatIsAskedFor() throws Exception {
        environment.put("BAILEY_LEGACY_ENABLED", "false");
        cluster.apply(service(shop, "users"));
        cluster.apply(new EndpointSliceBuilder(slice(shop, "users-1", "users", ready("10.1.0.1")))
                .editFirstPort()
                .withName("web")
                .endPort()
                .build());

        Result strict = check("--strict");
        assertThat(strict.code()).as(strict.out() + strict.err()).isEqualTo(2);
        assertThat(strict.out())
                .contains("  WARN  EndpointSlice " + shop + "/users-1", "\n        fix: kubectl -n " + shop)
                .doesNotContain("LegacyService", "EC2");
    }
}
