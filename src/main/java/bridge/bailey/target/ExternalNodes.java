package bridge.bailey.target;

import bridge.bailey.consul.Catalog;
import bridge.bailey.consul.ConsulException;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.ConsulHttp.NodeWithServices;
import bridge.bailey.consul.Txn;
import bridge.bailey.consul.Writes;
import bridge.bailey.model.ExternalNode;
import bridge.bailey.model.Marks;
import bridge.bailey.target.Transactions.Done;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * The external nodes that bear our entries, one for each machine without an agent. A node comes with the first entry on it,
 * in one transaction, and goes after the last one, if nothing else is on it. Nodes of others are never written to.
 */
final class ExternalNodes {

    /** By this mark consul-esm finds nodes to look after; */
    static final String EXTERNAL_NODE = "external-node";

    /** and by this one it leaves them alone: it pings, and removes after 72 hours, only those with {@code true}. */
    private static final String EXTERNAL_PROBE = "external-probe";

    private static final Logger LOG = Logger.getLogger(ExternalNodes.class);

    /** Well below the operations that any version of Consul allows in a transaction. */
    private static final int REMOVED_AT_ONCE = 50;

    private final ConsulHttp consul;
    private final Writes writes;
    private final Map<String, String> meta;
    private final String cluster;
    private final String clusterNode;
    private final Touched touched = new Touched();

    private final Map<String, Catalog.Node> ours = new ConcurrentHashMap<>();

    /** Nodes of which it is doubtful whose they are. */
    private final Set<String> suspects = ConcurrentHashMap.newKeySet();

    private volatile Set<String> foreign = Set.of();
    private final Set<String> leftBehind = new HashSet<>();

    ExternalNodes(ConsulHttp consul, Writes writes, String cluster, String clusterNode) {
        this.consul = consul;
        this.writes = writes;
        this.meta = meta(cluster);
        this.cluster = cluster;
        this.clusterNode = ExternalReader.key(clusterNode);
    }

    /** The meta of our external nodes. They don't come from Kubernetes, so they don't say so. */
    static Map<String, String> meta(String cluster) {
        return Map.of(
                Marks.MANAGED_BY, Marks.BAILEY, Marks.CLUSTER, cluster, EXTERNAL_NODE, "true", EXTERNAL_PROBE, "false");
    }

    /** The nodes that a reading must account for, with the index of creation of those that are ours, else -1. */
    Map<String, Long> readingBegins() {
        touched.readingBegins();
        Map<String, Long> expected = new HashMap<>();
        List.copyOf(suspects).forEach(name -> {
            suspects.remove(name);
            expected.put(name, -1L);
        });
        expected.putAll(identities());
        return expected;
    }

    boolean isEmpty() {
        return ours.isEmpty() && suspects.isEmpty() && foreign.isEmpty();
    }

    /** Makes what was read what we believe, but for what was written since; {@code inUse} are those with entries of ours. */
    void adopt(ExternalReader.Found found, Set<String> inUse) {
        Set<String> newer = touched.since();
        Map<String, Catalog.Node> now = new HashMap<>(found.ours());
        now.keySet().removeAll(newer);
        newer.stream().filter(ours::containsKey).forEach(name -> now.put(name, ours.get(name)));
        ours.keySet().retainAll(now.keySet());
        ours.putAll(now);
        foreign = found.foreign();
        leftBehind.clear();
        leftBehind.addAll(now.keySet());
        leftBehind.removeAll(found.shared());
        leftBehind.removeAll(inUse);
    }

    /** Whether the nodes that we knew are still those, by a list of nodes; our own writes meanwhile are no damage. */
    boolean intact(Map<String, Long> before, List<Catalog.Node> listed) {
        Map<String, Long> found = new HashMap<>();
        listed.forEach(node -> found.put(ExternalReader.key(node.name()), node.createIndex()));
        Map<String, Long> now = identities();
        return before.entrySet().stream()
                .allMatch(node -> node.getValue().equals(found.get(node.getKey()))
                        || touched.isInFlight(node.getKey())
                        || !node.getValue().equals(now.get(node.getKey())));
    }

    /** The nodes that we know, by their indexes of creation. */
    Map<String, Long> identities() {
        Map<String, Long> all = new HashMap<>();
        ours.forEach((name, node) -> all.put(name, node.createIndex()));
        return all;
    }

    /** Why nothing can be written to this node; empty if something can. */
    Optional<String> refusal(ExternalNode node) {
        if (node.name().equals(clusterNode)) {
            return Optional.of("node \"" + node.name()
                    + "\" bears what the cluster itself exports: a machine needs another name; it is not registered");
        }
        if (foreign.contains(node.name())) {
            suspects.add(node.name());
            return Optional.of("node \"" + node.name() + "\" in Consul is not ours: its meta has not "
                    + Marks.MANAGED_BY + "=" + Marks.BAILEY + " and " + Marks.CLUSTER + "=" + cluster
                    + "; it is left as it is, and nothing is registered on it");
        }
        return Optional.empty();
    }

    void writing(Set<String> names) {
        touched.writing(names);
    }

    void written() {
        touched.written();
    }

    /**
     * Sends what arrives: for each node that is not as it should be one unit with the node itself, and when it is there
     * the others, for which it is needed.
     */
    List<Done> send(List<Unit> units, Transactions transactions) {
        List<Done> done = new ArrayList<>();
        List<Unit> waiting = units;
        while (true) {
            Map<String, Unit> first = new LinkedHashMap<>();
            List<Unit> others = new ArrayList<>();
            for (Unit unit : waiting) {
                Optional<byte[]> missing = unit.node().flatMap(this::operation);
                if (missing.isEmpty()
                        || first.putIfAbsent(unit.node().orElseThrow().name(), unit.after(missing.get())) != null) {
                    others.add(unit);
                }
            }
            if (first.isEmpty()) {
                break;
            }
            List<Done> wave = transactions.send(List.copyOf(first.values()));
            done.addAll(wave);
            waiting = withoutHopeless(others, wave, done);
        }
        List<Unit> rest = new ArrayList<>();
        for (Unit unit : waiting) {
            if (unit.operations().isEmpty()) {
                done.add(Done.nothingToDo(unit));
            } else {
                rest.add(unit);
            }
        }
        done.addAll(transactions.send(rest));
        return done;
    }

    /** What was refused may be the entry's fault alone: the next one tries again to bring the node. */
    private List<Unit> withoutHopeless(List<Unit> units, List<Done> wave, List<Done> done) {
        Map<String, Done> hopeless = new HashMap<>();
        for (Done one : wave) {
            String name = one.unit().node().orElseThrow().name();
            one.node().ifPresent(node -> ours.put(name, node));
            if (one.kind() == Outcome.Kind.CONFLICT) {
                suspects.add(name);
            }
            if (one.kind() == Outcome.Kind.CONFLICT
                    || one.kind() == Outcome.Kind.UNAVAILABLE
                    || one.kind() == Outcome.Kind.FENCED) {
                hopeless.put(name, one);
            }
        }
        List<Unit> others = new ArrayList<>();
        for (Unit unit : units) {
            Optional<Done> failed = unit.node().map(node -> hopeless.get(node.name()));
            failed.ifPresentOrElse(f -> done.add(Done.failed(unit, f.kind(), f.message())), () -> others.add(unit));
        }
        return others;
    }

    /** Writes the node if it is not there, or not as it should be. */
    private Optional<byte[]> operation(ExternalNode wanted) {
        Catalog.Node known = ours.get(wanted.name());
        if (known != null
                && known.address().equals(wanted.address())
                && known.meta().equals(meta)) {
            return Optional.empty();
        }
        long index = known == null ? 0 : known.modifyIndex();
        return Optional.of(Txn.setNode(wanted.name(), wanted.address(), meta, index));
    }

    /** An entry on this node went. */
    void left(ExternalNode node) {
        leftBehind.add(node.name());
    }

    boolean someLeftBehind() {
        return !leftBehind.isEmpty();
    }

    /**
     * Removes the nodes on which nothing is left. Consul removes with a node whatever is on it, so each is looked at right
     * before. What fails is found again by the next full pass.
     *
     * @param inUse the nodes with entries of ours
     */
    void removeLeftBehind(Set<String> inUse) {
        List<String> names = leftBehind.stream()
                .filter(name -> !inUse.contains(name))
                .sorted()
                .toList();
        leftBehind.clear();
        writing(Set.copyOf(names));
        try {
            for (int from = 0; from < names.size(); from += REMOVED_AT_ONCE) {
                remove(names.subList(from, Math.min(names.size(), from + REMOVED_AT_ONCE)));
            }
        } catch (ConsulException e) {
            leftBehind.addAll(names);
            LOG.warnf("Nodes of machines that went stay in Consul for now: %s", e.getMessage());
        }
    }

    private boolean isStillOurs(Catalog.Node node) {
        Catalog.Node known = ours.get(ExternalReader.key(node.name()));
        return Marks.ofCluster(node.meta(), cluster)
                || (known != null && ExternalReader.erased(node, known.createIndex()));
    }

    private void remove(List<String> names) throws ConsulException {
        List<Catalog.Node> empty = new ArrayList<>();
        for (String name : names) {
            Optional<NodeWithServices> found =
                    consul.node(name, ConsulHttp.NO_INDEX).orElseThrow().value();
            if (found.isEmpty()) {
                ours.remove(name);
            } else if (found.get().services().isEmpty()
                    && isStillOurs(found.get().node())) {
                empty.add(found.get().node());
            }
        }
        while (!empty.isEmpty()) {
            Txn.Answer answer = writes.transact(empty.stream()
                    .map(node -> Txn.deleteNode(node.name(), node.modifyIndex()))
                    .toList());
            if (answer.errors().isEmpty()) {
                empty.forEach(node -> ours.remove(ExternalReader.key(node.name())));
                return;
            }
            Txn.Failure failure = answer.errors().get(0);
            Catalog.Node node = empty.remove(failure.operation());
            leftBehind.add(ExternalReader.key(node.name()));
            LOG.warnf("Node %s stays in Consul for now: %s", node.name(), failure.what());
        }
    }
}
