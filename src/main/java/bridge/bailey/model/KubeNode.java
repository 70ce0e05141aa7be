package bridge.bailey.model;

import java.util.List;

/** The addresses of a cluster's node, in the order in which the API gives them. */
public record KubeNode(String name, List<String> internalIps, List<String> externalIps) {

    public KubeNode {
        internalIps = List.copyOf(internalIps);
        externalIps = List.copyOf(externalIps);
    }
}
