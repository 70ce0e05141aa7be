package bridge.bailey.target;

import bridge.bailey.consul.Catalog;
import bridge.bailey.consul.ConsulException;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.ConsulHttp.Indexed;
import bridge.bailey.consul.ConsulHttp.NodeWithServices;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Marks;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.target.Shadow.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads our node, and tells what is ours on it: what carries the mark and this cluster's name. */
final class CatalogReader {

    private final ConsulHttp consul;
    private final String cluster;
    private final String node;

    CatalogReader(ConsulHttp consul, String cluster, String node) {
        this.consul = consul;
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
                if (ours(service.meta())) {
                    shadow.put(stored(service, byId.get(CatalogEntry.checkId(service.id()))));
                } else {
                    shadow.addForeign(service.id());
                }
            }
        }
        return new Found(found.map(NodeWithServices::node), shadow, services.index(), checks.index());
    }

    private void refuseForeign(NodeWithServices found) throws TargetException {
        if (!ours(found.node().meta()) && !lostItsMeta(found)) {
            throw new TargetException(
                    "Node \"" + node + "\" in Consul is not ours: its meta has not " + Marks.MANAGED_BY + "="
                            + Marks.BAILEY
                            + " and "
                            + Marks.CLUSTER + "=" + cluster
                            + ". Nothing is written. Choose another bailey.export.node, or find out who uses that one.",
                    null);
        }
    }

    /** A registration by hand that names no node meta erases it; then the entries tell whose node it is. */
    private boolean lostItsMeta(NodeWithServices found) {
        Map<String, String> meta = found.node().meta();
        return !meta.containsKey(Marks.MANAGED_BY)
                && !meta.containsKey(Marks.CLUSTER)
                && found.services().stream().anyMatch(service -> ours(service.meta()));
    }

    private boolean ours(Map<String, String> meta) {
        return Marks.ofCluster(meta, cluster);
    }

    private Stored stored(Catalog.Service service, Catalog.Check check) {
        boolean its = check != null && service.id().equals(check.serviceId());
        return new Stored(
                new CatalogEntry(
                        keyOf(service),
                        service.id(),
                        service.name(),
                        service.address(),
                        service.port(),
                        service.tags(),
                        metaOf(service, its ? check : null),
                        service.weights() == null ? 1 : service.weights().passing(),
                        its ? Optional.of(checkOf(check)) : Optional.empty()),
                service.modifyIndex(),
                // Also of a check of that id which others attached to something else: it is in our way.
                check == null ? 0 : check.modifyIndex());
    }

    /** What we never write, but others did, shows as a pair of meta that is not wanted, and so is mended. */
    private static Map<String, String> metaOf(Catalog.Service service, Catalog.Check check) {
        List<String> edited = new ArrayList<>();
        if (!service.taggedAddresses().isEmpty()) {
            edited.add("tagged addresses");
        }
        if (service.enableTagOverride()) {
            edited.add("tag override");
        }
        if (service.weights() != null && service.weights().warning() != 1) {
            edited.add("warning weight");
        }
        if (check != null && !ConsulTarget.CHECK_NAME.equals(check.name())) {
            edited.add("check name");
        }
        if (edited.isEmpty()) {
            return service.meta();
        }
        Map<String, String> meta = new HashMap<>(service.meta());
        meta.put("(edited by others)", String.join(", ", edited));
        return meta;
    }

    private static CatalogEntry.Check checkOf(Catalog.Check check) {
        CatalogEntry.Status status =
                switch (check.status().toLowerCase(Locale.ROOT)) {
                    case "passing" -> CatalogEntry.Status.PASSING;
                    case "warning" -> CatalogEntry.Status.WARNING;
                    default -> CatalogEntry.Status.CRITICAL;
                };
        return new CatalogEntry.Check(status, check.output());
    }

    /** From the id, which can't be edited; from the meta if the id is none of ours; else a key that no Service has. */
    private ServiceKey keyOf(Catalog.Service service) {
        String[] parts = service.id().split("/", 4);
        if (parts.length == 4 && parts[0].equals(cluster)) {
            return new ServiceKey(parts[1], parts[2]);
        }
        String namespace = service.meta().get("k8s-namespace");
        String name = service.meta().get("k8s-service");
        return namespace == null || name == null ? new ServiceKey("", service.id()) : new ServiceKey(namespace, name);
    }
}
