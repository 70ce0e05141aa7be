package bridge.bailey.it;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.LoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.Arrays;
import java.util.Map;

/** Makes the objects of the tests; all are such that a real API server takes them. */
final class Kube {

    static final int PORT = 8080;

    private Kube() {}

    /** A ClusterIP Service with one port, {@code http} 80. */
    static Service service(String namespace, String name) {
        return service(namespace, name, Map.of());
    }

    static Service service(String namespace, String name, Map<String, String> annotations) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withType("ClusterIP")
                .addNewPort()
                .withName("http")
                .withPort(80)
                .withNewTargetPort(PORT)
                .withProtocol("TCP")
                .endPort()
                .endSpec()
                .build();
    }

    static Service nodePort(String namespace, String name, int nodePort) {
        return new ServiceBuilder(service(namespace, name))
                .editSpec()
                .withType("NodePort")
                .editFirstPort()
                .withNodePort(nodePort)
                .endPort()
                .endSpec()
                .build();
    }

    /** A LoadBalancer Service with these addresses: IP addresses, or host names. */
    static Service loadBalancer(String namespace, String name, String... addresses) {
        return new ServiceBuilder(service(namespace, name))
                .editSpec()
                .withType("LoadBalancer")
                .endSpec()
                .withNewStatus()
                .withNewLoadBalancer()
                .addAllToIngress(Arrays.stream(addresses).map(Kube::ingress).toList())
                .endLoadBalancer()
                .endStatus()
                .build();
    }

    private static LoadBalancerIngress ingress(String address) {
        boolean ip = address.matches("[0-9.]+");
        return new LoadBalancerIngressBuilder()
                .withIp(ip ? address : null)
                .withHostname(ip ? null : address)
                .build();
    }

    static EndpointSlice slice(String namespace, String name, String service, Endpoint... endpoints) {
        return slice(namespace, name, service, "IPv4", endpoints);
    }

    static EndpointSlice slice(String namespace, String name, String service, String family, Endpoint... endpoints) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .addToLabels("kubernetes.io/service-name", service)
                .addToLabels("endpointslice.kubernetes.io/managed-by", "tests.bailey.bridge.example")
                .endMetadata()
                .withAddressType(family)
                .addNewPort()
                .withName("http")
                .withPort(PORT)
                .withProtocol("TCP")
                .endPort()
                .withEndpoints(endpoints)
                .build();
    }

    static Endpoint ready(String address) {
        return endpoint(address, true, true, false);
    }

    static Endpoint notReady(String address) {
        return endpoint(address, false, false, false);
    }

    static Endpoint draining(String address) {
        return endpoint(address, false, true, true);
    }

    static Endpoint on(String node, Endpoint endpoint) {
        return new EndpointBuilder(endpoint).withNodeName(node).build();
    }

    private static Endpoint endpoint(String address, boolean ready, boolean serving, boolean terminating) {
        return new EndpointBuilder()
                .withAddresses(address)
                .withNewConditions()
                .withReady(ready)
                .withServing(serving)
                .withTerminating(terminating)
                .endConditions()
                .withNewTargetRef()
                .withKind("Pod")
                .withName("pod-" + address.replace('.', '-').replace(':', '-'))
                .endTargetRef()
                .build();
    }

    /** A node with an internal address, and an external one if that is not null. */
    static Node node(String name, String internal, String external) {
        NodeBuilder node = new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewStatus()
                .addNewAddress(internal, "InternalIP")
                .endStatus();
        if (external != null) {
            node = node.editStatus().addNewAddress(external, "ExternalIP").endStatus();
        }
        return node.build();
    }
}
