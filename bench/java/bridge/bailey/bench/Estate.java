package bridge.bailey.bench;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.ArrayList;
import java.util.List;

/** A cluster's objects: services of one slice of 100 endpoints each, and a small one whose readiness flips. */
final class Estate {

    static final String NAMESPACE = "bench";

    /** So small that a plain DNS answer holds all its addresses. */
    static final String FLIPPING = "flipping";

    static final String FLIPPED_ADDRESS = "10.200.0.1";

    private static final String STEADY_ADDRESS = "10.200.0.2";
    private static final int PER_SLICE = 100;
    private static final int NODES = 20;
    private static final int PORT = 8080;

    private Estate() {}

    /** Objects with so many endpoints in all. */
    static List<HasMetadata> of(int instances) {
        List<HasMetadata> all = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            all.add(new NodeBuilder()
                    .withNewMetadata()
                    .withName(node(i))
                    .endMetadata()
                    .withNewStatus()
                    .addNewAddress("10.100.0." + (i + 1), "InternalIP")
                    .endStatus()
                    .build());
        }
        all.add(service(FLIPPING));
        all.add(flipping(true));
        for (int from = 2; from < instances; from += PER_SLICE) {
            String name = "service-%03d".formatted(from / PER_SLICE);
            List<Endpoint> endpoints = new ArrayList<>();
            for (int i = from; i < Math.min(from + PER_SLICE, instances); i++) {
                endpoints.add(
                        endpoint(name, i, "10.%d.%d.%d".formatted(1 + i / 62500, i / 250 % 250, 1 + i % 250), true));
            }
            all.add(service(name));
            all.add(slice(name, endpoints));
        }
        return all;
    }

    /** The slice of the small service, with one of its two endpoints ready or not. */
    static EndpointSlice flipping(boolean ready) {
        return slice(
                FLIPPING,
                List.of(endpoint(FLIPPING, 0, FLIPPED_ADDRESS, ready), endpoint(FLIPPING, 1, STEADY_ADDRESS, true)));
    }

    private static String node(int number) {
        return "node-%02d.eu-central-1.example.net".formatted(number % NODES);
    }

    private static Service service(String name) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
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

    private static EndpointSlice slice(String service, List<Endpoint> endpoints) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(service + "-x7k2p")
                .addToLabels("kubernetes.io/service-name", service)
                .addToLabels("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io")
                .endMetadata()
                .withAddressType("IPv4")
                .addNewPort()
                .withName("http")
                .withPort(PORT)
                .withProtocol("TCP")
                .endPort()
                .withEndpoints(endpoints)
                .build();
    }

    private static Endpoint endpoint(String service, int number, String address, boolean ready) {
        return new EndpointBuilder()
                .withAddresses(address)
                .withNewConditions()
                .withReady(ready)
                .withServing(ready)
                .withTerminating(false)
                .endConditions()
                .withNodeName(node(number))
                .withZone("eu-central-1" + (char) ('a' + number % 3))
                .withNewTargetRef()
                .withKind("Pod")
                .withNamespace(NAMESPACE)
                .withName("%s-7d9f8b6c5d-%05d".formatted(service, number))
                .endTargetRef()
                .build();
    }
}
