package bridge.bailey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bridge.bailey.deploy.Rendered;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What k8s/ renders on a real API server ({@code make test_cluster}): it takes each object with strict validation, admits the pods,
 * and lets Bailey's account do what {@code check} asks for. A cluster in which Bailey is deployed is left alone.
 */
class DeployIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAMESPACE = "bailey";

    @TempDir
    Path directory;

    private Cluster cluster;
    private KubernetesClient client;

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        client = cluster.client();
        assumeTrue(!cluster.isLocal(), "the one in this process validates nothing");
        assumeTrue(
                client.apps()
                                .deployments()
                                .inNamespace(NAMESPACE)
                                .withName(NAMESPACE)
                                .get()
                        == null,
                "Bailey is deployed there");
        for (String namespace : List.of("monitoring", "shop")) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace)
                            .endMetadata()
                            .build())
                    .createOr(existing -> null);
        }
        Rendered base = Rendered.with();
        base.all("Namespace").forEach(o -> apply(o, false));
        LegacyKube.install(cluster);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private HasMetadata apply(JsonNode object, boolean dryRun) {
        PatchContext.Builder how = new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("bailey-tests")
                .withFieldValidation("Strict")
                .withForce(true);
        if (dryRun) {
            how.withDryRun(List.of("All"));
        }
        return client.resource(JSON.convertValue(object, GenericKubernetesResource.class))
                .patch(how.build());
    }

    @Test
    void theApiServerTakesEachObjectOfEachOverlay() {
        for (Rendered rendered : List.of(
                Rendered.overlay("dev"),
                Rendered.overlay("staging"),
                Rendered.overlay("production"),
                Rendered.inShopAlone(),
                Rendered.with("export-ingress", "consul-login", "consul-node-agent", "egress", "board-ingress"),
                Rendered.with("legacy-only", "ec2", "egress"))) {
            assertThat(rendered.objects()).allSatisfy(object -> apply(object, true));
        }
    }

    @Test
    void theNamespaceAdmitsThePodAndNoneThatMayDoMore() {
        JsonNode template =
                Rendered.overlay("production").all("Deployment").get(0).at("/spec/template");
        ObjectNode pod = template.deepCopy();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        ((ObjectNode) pod.get("metadata")).put("name", "bailey-0").put("namespace", NAMESPACE);
        apply(pod, true);

        ((ObjectNode) pod.at("/spec/containers/0/securityContext")).put("allowPrivilegeEscalation", true);
        assertThatThrownBy(() -> apply(pod, true))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("violates PodSecurity \"restricted");
    }

    @Test
    void checkFindsThatBaileysAccountMayDoWhatItHasTo() throws Exception {
        assertThat(check(Rendered.with()))
                .contains("services: may get, list, watch, create, update, delete", " 0 FAIL");
    }

    @Test
    void checkIsContentWhereWritingIsNarrowedToANamespace() throws Exception {
        assertThat(check(Rendered.inShopAlone()))
                .contains("services in namespace shop: may get, create, update, delete", " 0 FAIL");
    }

    /** Applies what makes the account, asks {@code check} under it, and takes it away again. */
    private String check(Rendered rendered) throws Exception {
        List<JsonNode> account = rendered.objects().stream()
                .filter(o -> o.path("kind").asText().matches("ServiceAccount|(Cluster)?Role(Binding)?"))
                .toList();
        try {
            account.forEach(o -> apply(o, false));
            Map<String, String> environment = new HashMap<>(rendered.environment());
            environment.put(
                    "CONSUL_HTTP_ADDR", "127.0.0.1:" + SharedConsul.get().httpPort());
            environment.put("KUBECONFIG", kubeconfig().toString());

            BaileyJar.Result check = BaileyJar.run(directory, environment, "check");

            assertThat(check.code()).as(check.out()).isZero();
            return check.out();
        } finally {
            account.forEach(o -> client.resource(JSON.convertValue(o, GenericKubernetesResource.class))
                    .delete());
        }
    }

    /** With a token of the service account, and the namespace that a pod would have. */
    private Path kubeconfig() throws IOException {
        String token = client.serviceAccounts()
                .inNamespace(NAMESPACE)
                .withName(NAMESPACE)
                .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
                .getStatus()
                .getToken();
        Config config = client.getConfiguration();
        String authority = config.getCaCertData() != null
                ? "certificate-authority-data: " + config.getCaCertData()
                : "certificate-authority: " + config.getCaCertFile();
        return Files.writeString(
                directory.resolve("kubeconfig"),
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s", %s}}]
                users: [{name: bailey, user: {token: "%s"}}]
                contexts: [{name: c, context: {cluster: c, user: bailey, namespace: bailey}}]
                current-context: c
                """
                        .formatted(config.getMasterUrl(), authority, token));
    }
}
