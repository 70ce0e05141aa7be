package bridge.bailey.bench;

import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.ServiceKey;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
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
import java.util.Map;
import java.util.Optional;

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

    /** Services with pods and, every other one, as many machines as pods; so many instances for each, and the small one. */
    static List<HasMetadata> bothSides(int services, int perService) {
        List<HasMetadata> all = new ArrayList<>();
        all.add(service(FLIPPING));
        all.add(flipping(true));
        for (int i = 0; i < services; i++) {
            String name = "view-%04d".formatted(i);
            boolean both = i % 2 == 0;
            int pods = both ? perService / 2 : perService;
            List<Endpoint> endpoints = new ArrayList<>();
            for (int j = 0; j < perService; j++) {
                int number = i * perService + j;
                if (j < pods) {
                    endpoints.add(endpoint(name, number, address(1, number), true));
                }
            }
            all.add(service(name));
            all.add(slice(name, endpoints));
            if (both) {
                all.add(machines(name, i * perService, perService - pods));
            }
        }
        return all;
    }

    private static String address(int first, int number) {
        return "10.%d.%d.%d".formatted(first + number / 62500, number / 250 % 250, 1 + number % 250);
    }

    private static HasMetadata machines(String name, int from, int count) {
        List<Map<String, Object>> instances = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            instances.add(Map.of("address", address(100, i), "id", "vm-" + i, "zone", "eu-central-1a"));
        }
        return new GenericKubernetesResourceBuilder()
                .withApiVersion("bailey.bridge/v1alpha1")
                .withKind("LegacyService")
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .endMetadata()
                .addToAdditionalProperties(
                        "spec",
                        Map.of(
                                "ports", List.of(Map.of("name", "http", "port", 80, "targetPort", PORT)),
                                "origins", List.of(Map.of("static", Map.of("instances", instances))),
                                "blend", true))
                .build();
    }

    /** What Consul holds of the small service. */
    static List<CatalogEntry> flippingEntries() {
        ServiceKey key = new ServiceKey(NAMESPACE, FLIPPING);
        return List.of(FLIPPED_ADDRESS, STEADY_ADDRESS).stream()
                .map(address -> new CatalogEntry(
                        key,
                        CatalogEntry.id(Bridge.CLUSTER, key, address, PORT, Protocol.TCP),
                        FLIPPING,
                        address,
                        PORT,
                        List.of(),
                        Map.of(),
                        1,
                        Optional.of(new CatalogEntry.Check(CatalogEntry.Status.PASSING, "")),
                        Optional.empty()))
                .toList();
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

    static Service service(String name) {
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

    static EndpointSlice slice(String service, List<Endpoint> endpoints) {
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

    static Endpoint endpoint(String service, int number, String address, boolean ready) {
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
