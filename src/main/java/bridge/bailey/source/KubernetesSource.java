package bridge.bailey.source;

import bridge.bailey.model.ClusterService;
import bridge.bailey.model.KubeIngress;
import bridge.bailey.model.KubeNode;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The cluster's services, by informers on Services, EndpointSlices, Nodes and, if wanted, Ingresses. An event only marks
 * service keys; what a pass reads comes from the informers' stores, which are never older than the event. There is no
 * request to the API server for a service.
 */
public final class KubernetesSource implements Source<ClusterService> {

    private static final String BY_SERVICE = "service";
    private static final String BY_NODE = "node";

    private final Watch<Service> services;
    private final Watch<EndpointSlice> slices;
    private final Watch<Node> nodes;
    private final Optional<Watch<Ingress>> ingresses;

    public KubernetesSource(KubernetesClient client, boolean withIngresses, InstantSource clock) {
        services = new Watch<>("services", () -> client.services().inAnyNamespace(), s -> {}, Map.of(), clock);
        slices = new Watch<>(
                "endpointslices",
                () -> client.discovery().v1().endpointSlices().inAnyNamespace(),
                s -> {},
                Map.of(
                        BY_SERVICE,
                        slice -> KubernetesModel.serviceOf(slice).map(ServiceKey::toString).stream()
                                .toList(),
                        BY_NODE,
                        slice -> KubernetesModel.nodesOf(slice).distinct().toList()),
                clock);
        nodes = new Watch<>("nodes", client::nodes, KubernetesSource::keepAddresses, Map.of(), clock);
        ingresses = withIngresses
                ? Optional.of(new Watch<>(
                        "ingresses",
                        () -> client.network().v1().ingresses().inAnyNamespace(),
                        i -> {},
                        Map.of(BY_SERVICE, ingress -> servicesOf(ingress)
                                .map(ServiceKey::toString)
                                .toList()),
                        clock))
                : Optional.empty();
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

    @Override
    public CompletionStage<Void> start(Listener listener) {
        List<CompletionStage<Void>> starts = new ArrayList<>();
        starts.add(services.start((before, after) -> changed(listener, keys(before, after))));
        starts.add(slices.start((before, after) -> changed(
                listener,
                Stream.of(Optional.ofNullable(before), Optional.ofNullable(after))
                        .flatMap(Optional::stream)
                        .map(KubernetesModel::serviceOf)
                        .flatMap(Optional::stream)
                        .collect(Collectors.toSet()))));
        starts.add(nodes.start((before, after) -> nodeChanged(listener, before, after)));
        ingresses.ifPresent(watch -> starts.add(watch.start((before, after) -> changed(
                listener,
                Stream.of(Optional.ofNullable(before), Optional.ofNullable(after))
                        .flatMap(Optional::stream)
                        .flatMap(KubernetesSource::servicesOf)
                        .collect(Collectors.toSet())))));
        return CompletableFuture.allOf(
                starts.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new));
    }

    private static void changed(Listener listener, Set<ServiceKey> keys) {
        if (!keys.isEmpty()) {
            listener.changed(keys);
        }
    }

    private static Set<ServiceKey> keys(HasMetadata before, HasMetadata after) {
        return Set.of(KubernetesModel.keyOf(after == null ? before : after));
    }

    /** A node's heartbeat changes nothing; its addresses concern the services with endpoints on it. */
    private void nodeChanged(Listener listener, Node before, Node after) {
        Optional<KubeNode> was = Optional.ofNullable(before).map(KubernetesModel::node);
        Optional<KubeNode> is = Optional.ofNullable(after).map(KubernetesModel::node);
        if (!was.equals(is)) {
            String name = is.or(() -> was).map(KubeNode::name).orElseThrow();
            changed(
                    listener,
                    slices.byIndex(BY_NODE, name).stream()
                            .map(KubernetesModel::serviceOf)
                            .flatMap(Optional::stream)
                            .collect(Collectors.toSet()));
        }
    }

    private static Stream<ServiceKey> servicesOf(Ingress ingress) {
        KubeIngress read = KubernetesModel.ingress(ingress);
        return read.rules().stream()
                .map(rule -> new ServiceKey(read.namespace(), rule.service()))
                .distinct();
    }

    @Override
    public Snapshot<ClusterService> all() {
        Map<String, KubeNode> allNodes = new HashMap<>();
        nodes.all().forEach(node -> allNodes.put(node.getMetadata().getName(), KubernetesModel.node(node)));
        Map<ServiceKey, ClusterService> all = new TreeMap<>();
        services.all().forEach(service -> all.put(KubernetesModel.keyOf(service), read(service, allNodes)));
        return new Snapshot<>(all, synced());
    }

    @Override
    public Snapshot<ClusterService> of(Set<ServiceKey> keys) {
        Map<ServiceKey, ClusterService> found = new TreeMap<>();
        for (ServiceKey key : keys) {
            services.get(key.toString()).ifPresent(service -> found.put(key, read(service, null)));
        }
        return new Snapshot<>(found, synced());
    }

    /** Reads one service with all that decides about it; {@code known} saves looking up nodes, if not null. */
    private ClusterService read(Service service, Map<String, KubeNode> known) {
        String key = KubernetesModel.keyOf(service).toString();
        List<EndpointSlice> own = slices.byIndex(BY_SERVICE, key);
        List<KubeSlice> read = own.stream()
                .map(KubernetesModel::slice)
                .flatMap(Optional::stream)
                .toList();
        Set<String> names = new HashSet<>();
        own.forEach(slice -> KubernetesModel.nodesOf(slice).forEach(names::add));
        Map<String, KubeNode> itsNodes = new HashMap<>();
        for (String name : names) {
            Optional<KubeNode> node = known != null
                    ? Optional.ofNullable(known.get(name))
                    : nodes.get(name).map(KubernetesModel::node);
            node.ifPresent(found -> itsNodes.put(name, found));
        }
        List<KubeIngress> itsIngresses = ingresses.stream()
                .flatMap(watch -> watch.byIndex(BY_SERVICE, key).stream())
                .map(KubernetesModel::ingress)
                .filter(Objects::nonNull)
                .toList();
        return new ClusterService(KubernetesModel.service(service), read, itsNodes, itsIngresses);
    }

    /** A Service's uid, if the Service exists. */
    public Optional<String> uidOf(ServiceKey key) {
        return services.get(key.toString()).map(service -> service.getMetadata().getUid());
    }

    private boolean synced() {
        return watches().allMatch(Watch::synced);
    }

    private Stream<Watch<?>> watches() {
        return Stream.concat(Stream.of(services, slices, nodes), ingresses.stream());
    }

    @Override
    public List<Part> parts() {
        return watches().map(Watch::state).toList();
    }

    @Override
    public void close() {
        watches().forEach(Watch::close);
    }
}
