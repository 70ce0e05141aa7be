package bridge.bailey.model;

import java.util.List;
import java.util.Map;

/**
 * What Bailey reads of a Kubernetes Service.
 *
 * @param families the families that the Service asks for, the primary one first; empty where the API server gave none
 * @param clusterIps its cluster addresses; empty if it is headless
 * @param loadBalancers what a load balancer published in the status: IP addresses or host names
 * @param selector whether it selects pods
 * @param mirror whether Bailey made it, to stand for a legacy service
 */
public record KubeService(
        ServiceKey key,
        Type type,
        Map<String, String> labels,
        Map<String, String> annotations,
        List<IpFamily> families,
        List<String> clusterIps,
        List<String> externalIps,
        List<String> loadBalancers,
        List<Port> ports,
        boolean selector,
        boolean mirror) {

    public KubeService {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        families = List.copyOf(families);
        clusterIps = List.copyOf(clusterIps);
        externalIps = List.copyOf(externalIps);
        loadBalancers = List.copyOf(loadBalancers);
        ports = List.copyOf(ports);
    }

    /** The type of a Service; a headless one is a {@code CLUSTER_IP} without cluster addresses. */
    public enum Type {
        CLUSTER_IP,
        NODE_PORT,
        LOAD_BALANCER,
        EXTERNAL_NAME
    }

    /**
     * A port of the Service.
     *
     * @param name the name, or "" where there is none
     * @param nodePort 0 where none is allocated
     */
    public record Port(String name, int port, int nodePort, Protocol protocol) {}
}
