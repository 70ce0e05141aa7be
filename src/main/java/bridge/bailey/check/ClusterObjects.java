package bridge.bailey.check;

import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.source.KubeMarks;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/** The Services of the cluster with their EndpointSlices; read once, by who asks first. */
final class ClusterObjects {

    private final KubernetesClient client;
    private final Declared declared;
    private Optional<List<Found>> all = Optional.empty();

    ClusterObjects(KubernetesClient client, Declared declared) {
        this.client = client;
        this.declared = declared;
    }

    /**
     * A Service.
     *
     * @param machines what machines have to do with it
     */
    record Found(ServiceKey key, Service service, List<EndpointSlice> slices, Machines machines) {
        /** Its name, for a message. */
        String text() {
            return "Service " + key;
        }
    }

    /** Whether machines serve under a Service. */
    enum Machines {
        /** None do. */
        NONE,
        /** Bailey made it for them. */
        MIRROR,
        /** They join its pods. */
        BLENDED
    }

    /** All of them; blocks until they were read. */
    synchronized List<Found> get() throws InterruptedException, ExecutionException {
        if (all.isEmpty()) {
            all = Optional.of(read());
        }
        return all.get();
    }

    private List<Found> read() throws InterruptedException, ExecutionException {
        Map<ServiceKey, List<EndpointSlice>> slices = new TreeMap<>();
        client.discovery()
                .v1()
                .endpointSlices()
                .inAnyNamespace()
                .list()
                .getItems()
                .forEach(slice -> Optional.ofNullable(KubeMarks.labels(slice).get(KubeMarks.SLICE_SERVICE))
                        .ifPresent(name -> slices.computeIfAbsent(
                                        new ServiceKey(slice.getMetadata().getNamespace(), name),
                                        key -> new ArrayList<>())
                                .add(slice)));
        List<ServiceKey> blended = declared.get().stream()
                .filter(LegacyDeclaration::blend)
                .map(LegacyDeclaration::key)
                .toList();
        return client.services().inAnyNamespace().list().getItems().stream()
                .map(service -> {
                    ServiceKey key = keyOf(service);
                    List<EndpointSlice> own = slices.getOrDefault(key, List.of());
                    return new Found(key, service, List.copyOf(own), machines(service, own, blended.contains(key)));
                })
                .toList();
    }

    private static ServiceKey keyOf(HasMetadata object) {
        return new ServiceKey(
                object.getMetadata().getNamespace(), object.getMetadata().getName());
    }

    private static Machines machines(Service service, List<EndpointSlice> slices, boolean wanted) {
        if (KubeMarks.ours(service)) {
            return Machines.MIRROR;
        }
        return wanted || slices.stream().anyMatch(slice -> KubeMarks.ours(slice)) ? Machines.BLENDED : Machines.NONE;
    }
}
