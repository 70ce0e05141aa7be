package bridge.bailey.source;

import bridge.bailey.model.BridgedService;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ClusterService;
import bridge.bailey.model.Item;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.ServiceKey;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** Both sides of each service: what Consul is to hold of the cluster's, and of the machines that are registered there. */
public final class BridgedSource implements Source<BridgedService> {

    private final KubernetesSource cluster;
    private final Optional<LegacySource> legacy;

    /**
     * Makes a source.
     *
     * @param legacy empty if the legacy side is not read
     */
    public BridgedSource(KubernetesSource cluster, Optional<LegacySource> legacy) {
        this.cluster = cluster;
        this.legacy = legacy;
    }

    /** Waits for the cluster alone: an origin of legacy machines that does not answer must not hold it up. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // What is not known yet is not complete.
    public CompletionStage<Void> start(Listener listener) {
        legacy.ifPresent(source -> source.start(listener));
        return cluster.start(listener);
    }

    @Override
    public Snapshot<BridgedService> all() {
        Map<ServiceKey, LegacyView> machines =
                legacy.map(source -> source.all().services()).orElse(Map.of());
        return joined(cluster.all(), machines);
    }

    @Override
    public Snapshot<BridgedService> of(Set<ServiceKey> keys) {
        Map<ServiceKey, LegacyView> machines =
                legacy.map(source -> source.of(keys).services()).orElse(Map.of());
        return joined(cluster.of(keys), machines);
    }

    private Snapshot<BridgedService> joined(Snapshot<ClusterService> services, Map<ServiceKey, LegacyView> machines) {
        Set<ServiceKey> keys = new HashSet<>(services.services().keySet());
        keys.addAll(machines.keySet());
        Map<ServiceKey, BridgedService> all = new TreeMap<>();
        keys.forEach(key -> all.put(
                key,
                new BridgedService(
                        key,
                        Optional.ofNullable(services.services().get(key)),
                        Optional.ofNullable(machines.get(key)))));
        return new Snapshot<>(all, item -> complete(item, services));
    }

    /** What is missing on one side says nothing of the other. */
    private boolean complete(Item item, Snapshot<ClusterService> services) {
        boolean isMachine = item instanceof CatalogEntry entry && entry.node().isPresent();
        return isMachine
                ? legacy.map(source -> source.complete(item.key())).orElse(false)
                : services.complete().test(item);
    }

    @Override
    public List<Part> parts() {
        return cluster.parts();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
