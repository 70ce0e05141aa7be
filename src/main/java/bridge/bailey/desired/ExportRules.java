package bridge.bailey.desired;

import java.util.List;

/**
 * The configured rules by which the cluster's services are exported to Consul; the keys below {@code bailey.export}
 * document them.
 *
 * @param cluster the name that marks all that this cluster owns in Consul
 */
public record ExportRules(
        String cluster,
        boolean byDefault,
        List<Glob> namespaces,
        List<Glob> denyNamespaces,
        LabelSelector selector,
        String namePattern,
        String prefix,
        List<String> tags,
        IpFamilies ipFamilies,
        NodeAddress nodeAddress,
        boolean loadBalancerEndpoints,
        boolean ingress,
        IngressAddresses ingressAddresses,
        Checks checks) {

    public ExportRules {
        namespaces = List.copyOf(namespaces);
        denyNamespaces = List.copyOf(denyNamespaces);
        tags = List.copyOf(tags);
    }

    /** Which families of addresses are registered. */
    public enum IpFamilies {
        /** The Service's first family. */
        PRIMARY,
        IPV4,
        IPV6,
        /** Every address of both families is an instance. */
        DUAL
    }

    /** Which of a node's addresses stand for a NodePort. */
    public enum NodeAddress {
        EXTERNAL_FIRST,
        EXTERNAL_ONLY,
        INTERNAL_ONLY
    }

    /** What is registered for an Ingress rule. */
    public enum IngressAddresses {
        /** The rule's host name. */
        HOST,
        /** The addresses that the Ingress' load balancer published. */
        LOAD_BALANCER
    }

    /** Whether entries carry the endpoints' readiness. */
    public enum Checks {
        READINESS,
        /** No checks: only ready endpoints are registered. */
        NONE
    }
}
