package bridge.bailey.target;

import bridge.bailey.consul.Catalog;
import bridge.bailey.consul.ConsulException;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.ConsulHttp.Indexed;
import bridge.bailey.consul.ConsulHttp.NodeWithServices;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Marks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the external nodes. That costs a request for the list of those with our mark and, if there are any, one for the
 * names of the services on them and one for each name (two where something changed), however many machines there are. A
 * node that is not in the list though it was expected there is read by itself.
 */
final class ExternalReader {

    private final ConsulHttp consul;
    private final Entries entries;
    private final Map<String, String> marks;
    private final String clusterNode;

    ExternalReader(ConsulHttp consul, String cluster, String clusterNode) {
        this.consul = consul;
        this.entries = new Entries(cluster);
        this.marks =
                Map.of(Marks.MANAGED_BY, Marks.BAILEY, Marks.CLUSTER, cluster, ExternalNodes.EXTERNAL_NODE, "true");
        this.clusterNode = clusterNode;
    }

    /**
     * What external nodes hold. Names of nodes are in lower case.
     *
     * @param ours the nodes that are ours
     * @param foreign the nodes that were expected to be ours, and are not
     * @param shared the nodes of ours with something on them that is not
     * @param state by which it is known whether that still holds
     */
    record Found(Map<String, Catalog.Node> ours, Set<String> foreign, Set<String> shared, Shadow shadow, State state) {}

    /** The nodes in the list, and for each name of a service on them the index of Consul's data about it. */
    record State(List<Catalog.Node> nodes, Map<String, Long> services) {}

    /** A node as Consul knows it under the names of our nodes. */
    static String key(String node) {
        return node.toLowerCase(Locale.ROOT);
    }

    /** Whether this is the node that was created then, and nobody has put a mark of their own on it. */
    static boolean erased(Catalog.Node node, long createdAs) {
        return node.meta().isEmpty() && node.createIndex() == createdAs;
    }

    /** Whether this is one of the nodes that are in the list. */
    boolean listed(Catalog.Node node) {
        return !key(node.name()).equals(key(clusterNode))
                && node.meta().entrySet().containsAll(marks.entrySet());
    }

    /**
     * Reads; empty if Consul's data still is what was found last.
     *
     * @param expected nodes that are read by themselves if the list lacks them, with the index of creation of those that
     *     are ours
     */
    Optional<Found> read(Optional<Found> last, Map<String, Long> expected) throws ConsulException {
        List<Catalog.Node> nodes =
                consul.nodes(marks).stream().filter(this::listed).toList();
        Set<String> names = nodes.isEmpty() ? Set.of() : consul.serviceNames(marks);
        Map<String, Catalog.Node> ours = new HashMap<>();
        nodes.forEach(node -> ours.put(key(node.name()), node));
        Map<String, Long> missing = new HashMap<>(expected);
        missing.keySet().removeAll(ours.keySet());
        if (missing.isEmpty() && last.isPresent() && holds(last.get().state(), nodes, names)) {
            return Optional.empty();
        }
        // All of them: where others gave an entry another name, the index of the old one stays as it was.
        Map<String, Long> indexes = new HashMap<>();
        List<Catalog.Instance> instances = new ArrayList<>();
        for (String name : names) {
            Indexed<List<Catalog.Instance>> answer =
                    consul.instances(name, marks, ConsulHttp.NO_INDEX).orElseThrow();
            indexes.put(name, answer.index());
            instances.addAll(answer.value());
        }
        return Optional.of(found(new State(nodes, Map.copyOf(indexes)), instances, ours, missing));
    }

    private boolean holds(State state, List<Catalog.Node> nodes, Set<String> names) throws ConsulException {
        if (!state.nodes().equals(nodes) || !state.services().keySet().equals(names)) {
            return false;
        }
        for (Map.Entry<String, Long> known : state.services().entrySet()) {
            if (consul.instances(known.getKey(), marks, known.getValue()).isPresent()) {
                return false;
            }
        }
        return true;
    }

    private Found found(
            State state, List<Catalog.Instance> instances, Map<String, Catalog.Node> ours, Map<String, Long> missing)
            throws ConsulException {
        Set<String> foreign = new HashSet<>();
        for (String name : missing.keySet()) {
            Optional<NodeWithServices> alone =
                    consul.node(name, ConsulHttp.NO_INDEX).orElseThrow().value();
            if (alone.isEmpty()) {
                continue;
            }
            Catalog.Node node = alone.get().node();
            List<Catalog.Service> services = alone.get().services();
            if (entries.ours(node.meta()) || entries.lostItsMeta(node, services) || erased(node, missing.get(name))) {
                ours.put(name, node);
                List<Catalog.Check> checks =
                        consul.checks(name, ConsulHttp.NO_INDEX).orElseThrow().value();
                services.forEach(service -> instances.add(new Catalog.Instance(node, service, checks)));
            } else {
                foreign.add(name);
            }
        }
        Shadow shadow = new Shadow();
        Set<String> shared = new HashSet<>();
        for (Catalog.Instance instance : instances) {
            String name = key(instance.node().name());
            Catalog.Node node = ours.get(name);
            if (node != null && entries.ours(instance.service().meta())) {
                shadow.put(entries.stored(instance.service(), checkOf(instance), Optional.of(node)));
            } else if (node != null) {
                shadow.addForeign(instance.service().id());
                shared.add(name);
            }
        }
        return new Found(Map.copyOf(ours), Set.copyOf(foreign), Set.copyOf(shared), shadow, state);
    }

    private static Catalog.Check checkOf(Catalog.Instance instance) {
        String id = CatalogEntry.checkId(instance.service().id());
        return instance.checks().stream()
                .filter(check -> check.id().equals(id))
                .findFirst()
                .orElse(null);
    }
}
