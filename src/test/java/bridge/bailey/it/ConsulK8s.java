package bridge.bailey.it;

import bridge.bailey.local.LocalConsul;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The catalog sync of consul-k8s, as Consul sees it: registers what its control-plane/catalog/to-consul/resource.go does, to
 * the letter of ids, meta and checks.
 */
final class ConsulK8s {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final LocalConsul consul;
    private final String node;

    ConsulK8s(LocalConsul consul, String node) {
        this.consul = consul;
        this.node = node;
    }

    /** An id as service_id.go makes it. */
    static String id(String service, String address) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-1")
                    .digest((service + "-" + address).getBytes(StandardCharsets.UTF_8));
            return service + "-" + HexFormat.of().formatHex(sum).substring(0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The Deployment by which its Helm chart runs it. */
    static Deployment deployment(String namespace) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("consul-sync-catalog")
                .addToLabels("component", "sync-catalog")
                .endMetadata()
                .withNewSpec()
                .withReplicas(1)
                .withNewSelector()
                .addToMatchLabels("component", "sync-catalog")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("component", "sync-catalog")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("sync-catalog")
                .withImage("none")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    /** Registers an endpoint of a service, with the check that versions since 1.0.3 give it. */
    void register(String namespace, String service, String address, int port, boolean ready) {
        String id = id(service, address);
        put(
                namespace,
                service,
                address,
                port,
                Map.of(
                        "CheckID",
                        namespace + "/" + id,
                        "Name",
                        "Kubernetes Readiness Check",
                        "Type",
                        "kubernetes-readiness",
                        "ServiceID",
                        id,
                        "Status",
                        ready ? "passing" : "critical",
                        "Output",
                        ready ? "Kubernetes health checks passing" : "Kubernetes health checks failing"));
    }

    /** Registers it without a check, as older versions do. */
    void registerUnchecked(String namespace, String service, String address, int port) {
        put(namespace, service, address, port, Map.of());
    }

    private void put(String namespace, String service, String address, int port, Map<String, Object> check) {
        Map<String, Object> registered = Map.of(
                "ID",
                id(service, address),
                "Service",
                service,
                "Address",
                address,
                "Port",
                port,
                "Tags",
                List.of("k8s"),
                "Meta",
                Map.of(
                        "external-source",
                        "kubernetes",
                        "external-k8s-ns",
                        namespace,
                        "external-k8s-ref-kind",
                        "Pod",
                        "external-k8s-ref-name",
                        service + "-1",
                        "port-http",
                        "80"));
        Map<String, Object> all = new HashMap<>(Map.of(
                "Node",
                node,
                "Address",
                "127.0.0.1",
                "NodeMeta",
                Map.of("external-source", "kubernetes"),
                "SkipNodeUpdate",
                true,
                "Service",
                registered));
        if (!check.isEmpty()) {
            all.put("Check", check);
        }
        try {
            consul.put("catalog/register", MAPPER.writeValueAsString(all));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
