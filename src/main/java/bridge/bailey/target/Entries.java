package bridge.bailey.target;

import bridge.bailey.consul.Catalog;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ExternalNode;
import bridge.bailey.model.Marks;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.target.Shadow.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes entries of what Consul has, and tells which are ours: those with the mark and this cluster's name. */
final class Entries {

    private final String cluster;

    Entries(String cluster) {
        this.cluster = cluster;
    }

    /** Whether meta, of a service or of a node, says that it is ours. */
    boolean ours(Map<String, String> meta) {
        return Marks.ofCluster(meta, cluster);
    }

    /**
     * A registration by hand that names no node meta erases it; then the entries tell whose node it is. A node with an
     * agent is never ours: agents write meta of their own.
     */
    boolean lostItsMeta(Catalog.Node node, List<Catalog.Service> services) {
        Map<String, String> meta = node.meta();
        return !meta.containsKey(Marks.MANAGED_BY)
                && !meta.containsKey(Marks.CLUSTER)
                && meta.keySet().stream().noneMatch(key -> key.startsWith("consul-"))
                && services.stream().anyMatch(service -> ours(service.meta()));
    }

    /**
     * An entry of ours.
     *
     * @param check the check that has the id of the entry's check; null if there is none
     * @param external the node, if it is an external one
     */
    Stored stored(Catalog.Service service, Catalog.Check check, Optional<Catalog.Node> external) {
        boolean its = check != null && service.id().equals(check.serviceId());
        return new Stored(
                new CatalogEntry(
                        keyOf(service),
                        service.id(),
                        service.name(),
                        service.address(),
                        service.port(),
                        service.tags(),
                        metaOf(service, its ? check : null, external),
                        service.weights() == null ? 1 : service.weights().passing(),
                        its ? Optional.of(checkOf(check)) : Optional.empty(),
                        external.map(node -> new ExternalNode(node.name(), node.address()))),
                service.modifyIndex(),
                // Also of a check of that id which others attached to something else: it is in our way.
                check == null ? 0 : check.modifyIndex());
    }

    /** What we never write, but others did, shows as a pair of meta that is not wanted, and so is mended. */
    private Map<String, String> metaOf(Catalog.Service service, Catalog.Check check, Optional<Catalog.Node> external) {
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
        if (check != null && !Operations.checkName(external.isPresent()).equals(check.name())) {
            edited.add("check name");
        }
        if (external.isPresent() && !external.get().meta().equals(ExternalNodes.meta(cluster))) {
            edited.add("node meta");
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
