package bridge.bailey.model;

import java.util.List;
import java.util.Map;

/**
 * Everything in the cluster that decides what Consul should hold for one service key.
 *
 * @param slices all slices of the Service, in no particular order
 * @param nodes the nodes on which it has endpoints, by name; a node that the API does not know is absent
 * @param ingresses those with a rule for the Service; empty unless Ingresses are read
 */
public record ClusterService(
        KubeService service, List<KubeSlice> slices, Map<String, KubeNode> nodes, List<KubeIngress> ingresses) {

    public ClusterService {
        slices = List.copyOf(slices);
        nodes = Map.copyOf(nodes);
        ingresses = List.copyOf(ingresses);
    }

    public ServiceKey key() {
        return service.key();
    }
}
