package bridge.bailey.it;

import bridge.bailey.crd.LegacyService;
import bridge.bailey.local.LocalConsul;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What one side should show of the other, by a reading of the API that shares no line with Bailey: pods of plain Services, and
 * static machines of LegacyServices. Each is a line {@code name address status}.
 */
final class BothSides {

    private static final String MIRROR = "bailey.bridge/legacy-service";

    private final Cluster cluster;
    private final LocalConsul consul;
    private final String namespace;

    BothSides(Cluster cluster, LocalConsul consul, String namespace) {
        this.cluster = cluster;
        this.consul = consul;
        this.namespace = namespace;
    }

    /** What Consul should hold of the pods that the API tells of. */
    List<String> podsByTheApi() {
        Map<String, String> names = new HashMap<>();
        for (Service service :
                cluster.client().services().inNamespace(namespace).list().getItems()) {
            Map<String, String> labels = service.getMetadata().getLabels();
            if (labels == null || !labels.containsKey(MIRROR)) {
                Map<String, String> annotations = service.getMetadata().getAnnotations();
                String name = service.getMetadata().getName();
                names.put(name, annotations == null ? name : annotations.getOrDefault("bailey.bridge/name", name));
            }
        }
        return slices().stream()
                .filter(slice -> names.containsKey(serviceOf(slice)))
                .flatMap(slice -> slice.getEndpoints().stream()
                        .map(endpoint -> names.get(serviceOf(slice)) + " "
                                + endpoint.getAddresses().get(0) + " "
                                + (ready(endpoint) ? "passing" : "critical")))
                .sorted()
                .toList();
    }

    private static boolean ready(Endpoint endpoint) {
        return endpoint.getConditions().getReady();
    }

    private static String serviceOf(EndpointSlice slice) {
        return slice.getMetadata().getLabels().get("kubernetes.io/service-name");
    }

    private List<EndpointSlice> slices() {
        return cluster.client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .list()
                .getItems();
    }

    /** What Consul says that it holds on our node, of ours. */
    List<String> podsByConsul() {
        String node = "k8s-" + cluster.prefix();
        Map<String, String> statuses = new TreeMap<>();
        consul.get("health/node/" + node)
                .forEach(check -> statuses.merge(
                        check.get("ServiceID").asText(), check.get("Status").asText(), (a, b) -> a + "+" + b));
        return stream(consul.get("catalog/node-services/" + node).path("Services"))
                .filter(service -> service.get("ID").asText().startsWith(cluster.prefix()))
                .map(service -> service.get("Service").asText() + " "
                        + service.get("Address").asText() + " "
                        + statuses.getOrDefault(service.get("ID").asText(), "without a check"))
                .sorted()
                .toList();
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** What the mirrors should hold, by the LegacyServices. */
    List<String> machinesByDeclaration() {
        return cluster
                .client()
                .genericKubernetesResources(LegacyService.API)
                .inNamespace(namespace)
                .list()
                .getItems()
                .stream()
                .flatMap(resource -> addresses(resource).stream()
                        .map(address -> resource.getMetadata().getName() + " " + address + " ready"))
                .sorted()
                .toList();
    }

    private static List<String> addresses(GenericKubernetesResource resource) {
        List<Map<String, Object>> instances = resource.get("spec", "origins", 0, "static", "instances");
        return instances.stream()
                .map(instance -> (String) instance.get("address"))
                .toList();
    }

    /** What the mirrors hold, by the API. */
    List<String> machinesByTheApi() {
        return slices().stream()
                .filter(slice -> slice.getMetadata().getLabels().containsKey(MIRROR))
                .flatMap(slice -> slice.getEndpoints().stream()
                        .map(endpoint -> serviceOf(slice) + " "
                                + endpoint.getAddresses().get(0) + " " + (ready(endpoint) ? "ready" : "not ready")))
                .sorted()
                .toList();
    }
}
