package bridge.bailey.target;

import bridge.bailey.consul.Catalog;
import bridge.bailey.consul.ConsulException;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.ConsulHttp.NodeWithServices;
import bridge.bailey.consul.Txn;
import bridge.bailey.consul.Writes;
import bridge.bailey.model.Marks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The nodes in Consul that are this cluster's: what others have on them, and their removal once they are empty. */
public final class OwnNodes {

    private final ConsulHttp consul;
    private final Writes writes;
    private final Entries entries;
    private final String cluster;
    private final String clusterNode;

    /**
     * Makes it.
     *
     * @param writes through which nodes are removed
     */
    public OwnNodes(ConsulHttp consul, Writes writes, String cluster, String clusterNode) {
        this.consul = consul;
        this.writes = writes;
        this.entries = new Entries(cluster);
        this.cluster = cluster;
        this.clusterNode = clusterNode;
    }

    /**
     * A node of ours.
     *
     * @param owned how many entries on it are ours
     * @param foreign the ids of those that are not
     */
    public record OwnNode(String name, int owned, List<String> foreign) {
        public OwnNode {
            foreign = List.copyOf(foreign);
        }
    }

    /** A node that stays, and why. */
    public record Kept(String name, String why) {}

    /** All of them, by name. */
    public List<OwnNode> look() throws ConsulException {
        List<OwnNode> all = new ArrayList<>();
        for (String name : names()) {
            ours(name)
                    .ifPresent(found -> all.add(new OwnNode(
                            name,
                            (int) found.services().stream()
                                    .filter(service -> entries.ours(service.meta()))
                                    .count(),
                            foreign(found))));
        }
        return all;
    }

    private Set<String> names() throws ConsulException {
        Set<String> names = new TreeSet<>();
        names.add(clusterNode);
        consul.nodes(Map.of(Marks.MANAGED_BY, Marks.BAILEY, Marks.CLUSTER, cluster))
                .forEach(node -> names.add(node.name()));
        return names;
    }

    private Optional<NodeWithServices> ours(String name) throws ConsulException {
        return consul.node(name, ConsulHttp.NO_INDEX)
                .orElseThrow()
                .value()
                .filter(found ->
                        entries.ours(found.node().meta()) || entries.lostItsMeta(found.node(), found.services()));
    }

    private List<String> foreign(NodeWithServices found) {
        return found.services().stream()
                .filter(service -> !entries.ours(service.meta()))
                .map(Catalog.Service::id)
                .sorted()
                .toList();
    }

    /**
     * Removes those with nothing on them. Consul removes with a node whatever is on it, so each is looked at right before,
     * and removed only if it still is that one.
     *
     * @return those that stay
     */
    public List<Kept> removeEmpty() throws ConsulException {
        List<Kept> kept = new ArrayList<>();
        for (String name : names()) {
            Optional<NodeWithServices> found = ours(name);
            if (found.isEmpty()) {
                continue;
            }
            if (found.get().services().isEmpty()) {
                remove(found.get().node()).ifPresent(why -> kept.add(new Kept(name, why)));
            } else {
                List<String> foreign = foreign(found.get());
                kept.add(new Kept(
                        name,
                        foreign.isEmpty()
                                ? "entries of ours are still on it"
                                : "others have entries on it: " + String.join(", ", foreign)));
            }
        }
        return kept;
    }

    /** Why it could not be removed; empty if it was. */
    private Optional<String> remove(Catalog.Node node) throws ConsulException {
        Txn.Answer answer = writes.transact(List.of(Txn.deleteNode(node.name(), node.modifyIndex())));
        return answer.errors().stream().findFirst().map(Txn.Failure::what);
    }
}
