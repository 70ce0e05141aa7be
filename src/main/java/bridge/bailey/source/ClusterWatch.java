package bridge.bailey.source;

import bridge.bailey.model.KubeService;
import bridge.bailey.model.KubeSlice;
import bridge.bailey.model.ServiceKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSpec;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The informers on the cluster's Services, EndpointSlices, Nodes and Ingresses, which all flows share. Each is started by
 * the first who needs it. What they hold is never older than the event that told of it.
 */
public final class ClusterWatch implements AutoCloseable {

    private static final String BY_SERVICE = "service";
    private static final String BY_NODE = "node";
    private static final String BY_MARK = "mark";

    private final Watch<Service> services;
    private final Watch<EndpointSlice> slices;
    private final Watch<Node> nodes;
    private final Watch<Ingress> ingresses;

    public ClusterWatch(KubernetesClient client, InstantSource clock) {
        services = new Watch<>(
                "services",
                () -> client.services().inAnyNamespace(),
                s -> {},
                Map.of(BY_MARK, service -> mark(KubeMarks.ours(service))),
                clock);
        slices = new Watch<>(
                "endpointslices",
                () -> client.discovery().v1().endpointSlices().inAnyNamespace(),
                s -> {},
                Map.of(
                        BY_SERVICE,
                        slice -> KubernetesModel.serviceOf(slice).map(ServiceKey::toString).stream()
                                .toList(),
                        BY_NODE,
                        slice -> KubernetesModel.nodesOf(slice).distinct().toList(),
                        BY_MARK,
                        slice -> mark(KubeMarks.ours(slice))),
                clock);
        nodes = new Watch<>("nodes", client::nodes, ClusterWatch::keepAddresses, Map.of(), clock);
        ingresses = new Watch<>(
                "ingresses",
                () -> client.network().v1().ingresses().inAnyNamespace(),
                i -> {},
                Map.of(BY_SERVICE, ingress -> KubernetesModel.servicesOf(ingress)
                        .map(ServiceKey::toString)
                        .toList()),
                clock);
    }

    private static List<String> mark(boolean ours) {
        return ours ? List.of(KubeMarks.BAILEY) : List.of();
    }

    /** The rest of a node, its images among it, is large and changes with every heartbeat. */
    private static void keepAddresses(Node node) {
        node.setSpec(new NodeSpec());
        node.getMetadata().setAnnotations(Map.of());
        node.getMetadata().setLabels(Map.of());
        if (node.getStatus() != null) {
            NodeStatus status = new NodeStatus();
            status.setAddresses(node.getStatus().getAddresses());
            node.setStatus(status);
        }
    }

    /** Starts to read Services and slices, without any source; the stage completes when all were read once. */
    public CompletionStage<Void> startMirrors() {
        return CompletableFuture.allOf(
                services.start((before, after) -> {}).toCompletableFuture(),
                slices.start((before, after) -> {}).toCompletableFuture());
    }

    /** How current what {@link #startMirrors} reads is. */
    public List<Source.Part> mirrorParts() {
        return List.of(services.state(), slices.state());
    }

    /** Tells of each Service and slice that went away. */
    public void onDelete(Consumer<HasMetadata> gone) {
        services.listen((before, after) -> tellGone(gone, before, after));
        slices.listen((before, after) -> tellGone(gone, before, after));
    }

    private static void tellGone(Consumer<HasMetadata> gone, HasMetadata before, HasMetadata after) {
        if (after == null) {
            gone.accept(before);
        }
    }

    Watch<Service> services() {
        return services;
    }

    Watch<EndpointSlice> slices() {
        return slices;
    }

    Watch<Node> nodes() {
        return nodes;
    }

    Watch<Ingress> ingresses() {
        return ingresses;
    }

    List<EndpointSlice> slicesOnNode(String node) {
        return slices.byIndex(BY_NODE, node);
    }

    List<Ingress> ingressesOf(ServiceKey key) {
        return ingresses.byIndex(BY_SERVICE, key.toString());
    }

    /** A Service as the cluster has it. */
    public Optional<Service> service(ServiceKey key) {
        return services.get(key.toString());
    }

    /** All slices of a Service, whoever wrote them. */
    public List<EndpointSlice> slices(ServiceKey key) {
        return slices.byIndex(BY_SERVICE, key.toString());
    }

    /** A Service's uid, if the Service exists. */
    public Optional<String> uidOf(ServiceKey key) {
        return service(key).map(service -> service.getMetadata().getUid());
    }

    /** The service keys of which the cluster holds something that Bailey made. */
    public Set<ServiceKey> ours() {
        Set<ServiceKey> keys = new TreeSet<>();
        services.byIndex(BY_MARK, KubeMarks.BAILEY).forEach(service -> keys.add(KubernetesModel.keyOf(service)));
        slices.byIndex(BY_MARK, KubeMarks.BAILEY)
                .forEach(slice -> KubernetesModel.serviceOf(slice).ifPresent(keys::add));
        return keys;
    }

    Optional<KubeService> read(ServiceKey key) {
        return service(key).map(KubernetesModel::service);
    }

    List<KubeSlice> readSlices(ServiceKey key) {
        return slices(key).stream()
                .map(KubernetesModel::slice)
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public void close() {
        Stream.of(services, slices, nodes, ingresses).forEach(Watch::close);
    }
}
