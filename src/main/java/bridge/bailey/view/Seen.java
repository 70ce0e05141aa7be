package bridge.bailey.view;

import bridge.bailey.model.BridgedService;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ClusterService;
import bridge.bailey.model.KubeSlice;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.OpenConnections;
import bridge.bailey.model.ServiceKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All that Bailey knows of one service key.
 *
 * @param connections what machines tell of their open connections, by address; also those that were taken out lately
 */
public record Seen(
        ServiceKey key,
        Standing<BridgedService, CatalogEntry> toConsul,
        Standing<LegacyView, MirrorItem> toKubernetes,
        Map<String, OpenConnections> connections) {

    public Seen {
        connections = Map.copyOf(connections);
    }

    /** The Service in the cluster with what is not ours of it; empty if there is none, or only a mirror. */
    Optional<ClusterService> cluster() {
        return toConsul.source()
                .flatMap(BridgedService::cluster)
                .filter(cluster ->
                        !cluster.service().mirror() || !podSlices(cluster).isEmpty());
    }

    /** The slices that are not ours. */
    static List<KubeSlice> podSlices(ClusterService cluster) {
        return cluster.slices().stream().filter(slice -> !slice.mirror()).toList();
    }

    Optional<LegacyView> legacy() {
        return toKubernetes.source();
    }

    /** Whether there is anything of this name. */
    public boolean known() {
        return toConsul.source().isPresent() || bridged();
    }

    /** Whether something of it is, or should be, in the other world. */
    public boolean bridged() {
        return legacy().isPresent()
                || toConsul.inTarget()
                || !toKubernetes.held().isEmpty();
    }

    /** A flow's target among the sources: what it holds is known only while it answers. */
    public static String targetOf(String flow) {
        return "target of " + flow;
    }

    /** The sources that it is read from, by their names in {@code /info}, and the targets that hold, or should hold, it. */
    public Set<String> sources() {
        Set<String> all = new TreeSet<>();
        cluster().ifPresent(cluster -> all.addAll(List.of("services", "endpointslices", "nodes", "ingresses")));
        legacy().ifPresent(view -> {
            if (!view.claims().isEmpty()) {
                all.add("legacyservices");
            }
            view.tagged().forEach(tagged -> all.add(tagged.origin()));
            view.ec2().keySet().forEach(query -> all.add(query.origin()));
            view.consul().keySet().forEach(query -> all.add(query.origin()));
        });
        if (toConsul.inTarget()) {
            all.add(targetOf("to-consul"));
        }
        if (toKubernetes.inTarget()) {
            all.add(targetOf("to-kubernetes"));
        }
        return all;
    }
}
