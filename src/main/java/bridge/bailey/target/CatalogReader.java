package bridge.bailey.target;

import bridge.bailey.consul.Catalog;
import bridge.bailey.consul.ConsulException;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.ConsulHttp.Indexed;
import bridge.bailey.consul.ConsulHttp.NodeWithServices;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Marks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the cluster's node, and tells what is ours on it. */
final class CatalogReader {

    private final ConsulHttp consul;
    private final Entries entries;
    private final String cluster;
    private final String node;

    CatalogReader(ConsulHttp consul, String cluster, String node) {
        this.consul = consul;
        this.entries = new Entries(cluster);
        this.cluster = cluster;
        this.node = node;
    }

    /**
     * What our node holds; {@code node} is empty if Consul has none of that name.
     *
     * @param servicesIndex the index of Consul's data about the services, and
     * @param checksIndex that about the checks
     */
    record Found(Optional<Catalog.Node> node, Shadow shadow, long servicesIndex, long checksIndex) {}

    /** Reads our node; empty if Consul's data still is what was found last. */
    Optional<Found> read(Optional<Found> last) throws ConsulException, TargetException {
        Optional<Indexed<Optional<NodeWithServices>>> services =
                consul.node(node, last.map(Found::servicesIndex).orElse(ConsulHttp.NO_INDEX));
        Optional<Indexed<List<Catalog.Check>>> checks =
                consul.checks(node, last.map(Found::checksIndex).orElse(ConsulHttp.NO_INDEX));
        if (services.isEmpty() && checks.isEmpty()) {
            return Optional.empty();
        }
        // Only one of them changed: the other is needed too.
        if (services.isEmpty()) {
            services = consul.node(node, ConsulHttp.NO_INDEX);
        }
        if (checks.isEmpty()) {
            checks = consul.checks(node, ConsulHttp.NO_INDEX);
        }
        return Optional.of(found(services.orElseThrow(), checks.orElseThrow()));
    }

    private Found found(Indexed<Optional<NodeWithServices>> services, Indexed<List<Catalog.Check>> checks)
            throws TargetException {
        Shadow shadow = new Shadow();
        Optional<NodeWithServices> found = services.value();
        if (found.isPresent()) {
            refuseForeign(found.get());
            Map<String, Catalog.Check> byId = new HashMap<>();
            checks.value().forEach(check -> byId.put(check.id(), check));
            for (Catalog.Service service : found.get().services()) {
                if (entries.ours(service.meta())) {
                    Catalog.Check check = byId.get(CatalogEntry.checkId(service.id()));
                    shadow.put(entries.stored(service, check, Optional.empty()));
                } else {
                    shadow.addForeign(service.id());
                }
            }
        }
        return new Found(found.map(NodeWithServices::node), shadow, services.index(), checks.index());
    }

    private void refuseForeign(NodeWithServices found) throws TargetException {
        if (!entries.ours(found.node().meta()) && !entries.lostItsMeta(found.node(), found.services())) {
            throw new TargetException(
                    "Node \"" + node + "\" in Consul is not ours: its meta has not " + Marks.MANAGED_BY + "="
                            + Marks.BAILEY + " and " + Marks.CLUSTER + "=" + cluster
                            + ". Nothing is written. Choose another bailey.export.node, or find out who uses that one.",
                    null);
        }
    }
}
