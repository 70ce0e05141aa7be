package bridge.bailey.model;

import java.util.List;

/**
 * The rules of an Ingress that point at Services.
 *
 * @param loadBalancers what a load balancer published in the status: IP addresses or host names
 */
public record KubeIngress(String namespace, String name, List<Rule> rules, List<String> loadBalancers) {

    public KubeIngress {
        rules = List.copyOf(rules);
        loadBalancers = List.copyOf(loadBalancers);
    }

    /** A host that is routed to a Service of the Ingress' namespace. */
    public record Rule(String host, String service, boolean tls) {}
}
