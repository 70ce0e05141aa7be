package bridge.bailey.source;

import bridge.bailey.model.ClusterService;
import bridge.bailey.model.KubeIngress;
import bridge.bailey.model.KubeNode;
import bridge.bailey.model.KubeSlice;
import bridge.bailey.model.ServiceKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

    private final ClusterWatch cluster;
    private final boolean withIngresses;

    public KubernetesSource(ClusterWatch cluster, boolean withIngresses) {
        this.cluster = cluster;
        this.withIngresses = withIngresses;
    }

    @Override
    public CompletionStage<Void> start(Listener listener) {
        List<CompletionStage<Void>> starts = new ArrayList<>();
        starts.add(cluster.services().start((before, after) -> changed(listener, keys(before, after))));
        starts.add(cluster.slices()
                .start((before, after) -> changed(
                        listener,
                        Stream.of(Optional.ofNullable(before), Optional.ofNullable(after))
                                .flatMap(Optional::stream)
                                .map(KubernetesModel::serviceOf)
                                .flatMap(Optional::stream)
                                .collect(Collectors.toSet()))));
        starts.add(cluster.nodes().start((before, after) -> nodeChanged(listener, before, after)));
        if (withIngresses) {
            starts.add(cluster.ingresses()
                    .start((before, after) -> changed(
                            listener,
                            Stream.of(Optional.ofNullable(before), Optional.ofNullable(after))
                                    .flatMap(Optional::stream)
                                    .flatMap(KubernetesModel::servicesOf)
                                    .collect(Collectors.toSet()))));
        }
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
                    cluster.slicesOnNode(name).stream()
                            .map(KubernetesModel::serviceOf)
                            .flatMap(Optional::stream)
                            .collect(Collectors.toSet()));
        }
    }

    @Override
    public Snapshot<ClusterService> all() {
        Map<String, KubeNode> allNodes = new HashMap<>();
        cluster.nodes().all().forEach(node -> allNodes.put(node.getMetadata().getName(), KubernetesModel.node(node)));
        Map<ServiceKey, ClusterService> all = new TreeMap<>();
        cluster.services().all().forEach(service -> all.put(KubernetesModel.keyOf(service), read(service, allNodes)));
        boolean complete = synced();
        return new Snapshot<>(all, item -> complete);
    }

    @Override
    public Snapshot<ClusterService> of(Set<ServiceKey> keys) {
        Map<ServiceKey, ClusterService> found = new TreeMap<>();
        for (ServiceKey key : keys) {
            cluster.service(key).ifPresent(service -> found.put(key, read(service, null)));
        }
        boolean complete = synced();
        return new Snapshot<>(found, item -> complete);
    }

    /** Reads one service with all that decides about it; {@code known} saves looking up nodes, if not null. */
    private ClusterService read(Service service, Map<String, KubeNode> known) {
        ServiceKey key = KubernetesModel.keyOf(service);
        List<EndpointSlice> own = cluster.slices(key);
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
                    : cluster.nodes().get(name).map(KubernetesModel::node);
            node.ifPresent(found -> itsNodes.put(name, found));
        }
        List<KubeIngress> itsIngresses = withIngresses
                ? cluster.ingressesOf(key).stream()
                        .map(KubernetesModel::ingress)
                        .toList()
                : List.of();
        return new ClusterService(KubernetesModel.service(service), read, itsNodes, itsIngresses);
    }

    private boolean synced() {
        return watches().allMatch(Watch::synced);
    }

    private Stream<Watch<?>> watches() {
        Stream<Watch<?>> always = Stream.of(cluster.services(), cluster.slices(), cluster.nodes());
        return withIngresses ? Stream.concat(always, Stream.of(cluster.ingresses())) : always;
    }

    @Override
    public List<Part> parts() {
        return watches().map(Watch::state).toList();
    }

    /** The informers are shared, and closed by whoever made them. */
    @Override
    public void close() {}
}
