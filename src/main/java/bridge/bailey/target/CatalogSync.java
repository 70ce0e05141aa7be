package bridge.bailey.target;

import bridge.bailey.consul.Catalog;
import bridge.bailey.consul.ConsulException;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.ConsulHttp.NodeWithServices;
import bridge.bailey.consul.Txn;
import bridge.bailey.model.CatalogEntry.Status;
import bridge.bailey.model.Marks;
import bridge.bailey.target.Counterparts.Left;
import bridge.bailey.target.Counterparts.Match;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The node on which the catalog sync of consul-k8s keeps its entries, and their removal in favour of ours. Its entries are
 * those that say {@code external-source=kubernetes} and {@code external-k8s-ns}; whatever else is on the node is not touched.
 */
public final class CatalogSync {

    /** In the meta of each entry that consul-k8s syncs. */
    private static final String NAMESPACE = "external-k8s-ns";

    /** Two operations each: well below what any version of Consul allows in a transaction. */
    private static final int REMOVED_AT_ONCE = 25;

    private final ConsulHttp consul;
    private final Entries entries;
    private final String node;
    private final String ourNode;

    /**
     * Makes it.
     *
     * @param node that of consul-k8s, {@code k8s-sync} unless it was told otherwise
     * @param ourNode that of this cluster's entries
     */
    public CatalogSync(ConsulHttp consul, String cluster, String node, String ourNode) {
        this.consul = consul;
        this.entries = new Entries(cluster);
        this.node = node;
        this.ourNode = ourNode;
    }

    /**
     * What there is.
     *
     * @param exists whether Consul has the node
     * @param others the ids of what is on the node, but does not come from the catalog sync
     */
    public record Found(boolean exists, Counterparts counterparts, List<String> others) {}

    /**
     * Reads both nodes.
     *
     * @throws TargetException if the node is one that catalog sync never writes to
     */
    public Found look() throws ConsulException, TargetException {
        Optional<NodeWithServices> theirs = read(node);
        if (theirs.isEmpty()) {
            return new Found(false, new Counterparts(List.of(), List.of()), List.of());
        }
        refuseOthers(theirs.get().node());
        List<SyncedEntry> synced = synced(theirs.get(), CatalogSync::isSynced);
        Optional<NodeWithServices> ours = read(ourNode);
        List<SyncedEntry> own =
                ours.isPresent() ? synced(ours.get(), service -> entries.ours(service.meta())) : List.of();
        return new Found(
                true,
                Counterparts.of(synced, own),
                theirs.get().services().stream()
                        .filter(service -> !isSynced(service))
                        .map(Catalog.Service::id)
                        .sorted()
                        .toList());
    }

    private Optional<NodeWithServices> read(String name) throws ConsulException {
        return consul.node(name, ConsulHttp.NO_INDEX).orElseThrow().value();
    }

    private void refuseOthers(Catalog.Node found) throws TargetException {
        if (Marks.ofBailey(found.meta())) {
            throw new TargetException(
                    "node \"" + node + "\" in Consul is a Bailey's: nothing is adopted from it; name the node of"
                            + " consul-k8s (syncCatalog.consulNodeName)",
                    null);
        }
        if (!isSyncNode(found)) {
            throw new TargetException(
                    "node \"" + node + "\" in Consul is not one of catalog sync: its meta has not " + Marks.SOURCE + "="
                            + Marks.KUBERNETES + "; name the node of consul-k8s (syncCatalog.consulNodeName)",
                    null);
        }
    }

    private static boolean isSyncNode(Catalog.Node found) {
        return Marks.ofKubernetes(found.meta()) && !Marks.ofBailey(found.meta());
    }

    private static boolean isSynced(Catalog.Service service) {
        return Marks.ofKubernetes(service.meta())
                && service.meta().containsKey(NAMESPACE)
                && !Marks.ofBailey(service.meta());
    }

    private List<SyncedEntry> synced(NodeWithServices found, Predicate<Catalog.Service> wanted) throws ConsulException {
        List<Catalog.Check> checks = consul.checks(found.node().name(), ConsulHttp.NO_INDEX)
                .orElseThrow()
                .value();
        return found.services().stream()
                .filter(wanted)
                .map(service -> entry(found.node().name(), service, checks))
                .toList();
    }

    private static SyncedEntry entry(String node, Catalog.Service service, List<Catalog.Check> checks) {
        Optional<Catalog.Check> worst = checks.stream()
                .filter(check ->
                        check.serviceId().isEmpty() || check.serviceId().equals(service.id()))
                .max(Comparator.comparing(check -> status(check.status())));
        return new SyncedEntry(
                node,
                service.id(),
                service.name(),
                service.address(),
                port(service),
                service.tags(),
                worst.map(check -> status(check.status())).orElse(Status.PASSING),
                worst.map(check -> check.output().isEmpty() ? check.name() : check.output())
                        .orElse(""),
                service.modifyIndex());
    }

    /** Since Consul 1.22 consul-k8s writes a list of ports instead of one. */
    private static int port(Catalog.Service service) {
        return service.port() != 0
                ? service.port()
                : service.ports().stream()
                        .max(Comparator.comparing(Catalog.ServicePort::isDefault))
                        .map(Catalog.ServicePort::port)
                        .orElse(0);
    }

    private static Status status(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "passing" -> Status.PASSING;
            case "warning" -> Status.WARNING;
            default -> Status.CRITICAL;
        };
    }

    /** What became of the matched entries. */
    public record Done(List<Match> removed, List<Left> left) {}

    /**
     * Removes theirs, each only if it is still the one that was read, and in the same transaction ours is there. What was
     * registered anew or changed meanwhile stays.
     */
    public Done remove(List<Match> matches) throws ConsulException {
        List<Match> removed = new ArrayList<>();
        List<Left> left = new ArrayList<>();
        for (int from = 0; from < matches.size(); from += REMOVED_AT_ONCE) {
            List<Match> some = new ArrayList<>(matches.subList(from, Math.min(matches.size(), from + REMOVED_AT_ONCE)));
            removed.addAll(removeTogether(some, left));
        }
        return new Done(removed, left);
    }

    private List<Match> removeTogether(List<Match> some, List<Left> left) throws ConsulException {
        while (!some.isEmpty()) {
            List<byte[]> operations = new ArrayList<>();
            for (Match match : some) {
                SyncedEntry own = match.ours();
                SyncedEntry gone = match.theirs();
                operations.add(Txn.getService(own.node(), own.id(), own.name()));
                operations.add(Txn.deleteService(gone.node(), gone.id(), gone.name(), gone.index()));
            }
            Txn.Answer answer = consul.transact(operations);
            if (answer.errors().isEmpty()) {
                return some;
            }
            Map<Integer, String> failures = new TreeMap<>(Comparator.reverseOrder());
            answer.errors().forEach(f -> failures.putIfAbsent(f.operation() / 2, why(f)));
            failures.forEach(
                    (at, why) -> left.add(new Left(some.remove((int) at).theirs(), why)));
        }
        return List.of();
    }

    private static String why(Txn.Failure failure) {
        if (failure.what().contains("ermission denied")) {
            return "our token may not remove it: " + failure.what();
        }
        return failure.operation() % 2 == 0
                ? "Bailey's entry went meanwhile: " + failure.what()
                : "it was registered anew meanwhile";
    }

    /** Removes the node if nothing is left on it; whether it is gone. */
    public boolean removeIfEmpty() throws ConsulException {
        Optional<NodeWithServices> found = read(node);
        if (found.isEmpty()) {
            return true;
        }
        if (!found.get().services().isEmpty() || !isSyncNode(found.get().node())) {
            return false;
        }
        Catalog.Node empty = found.get().node();
        return consul.transact(List.of(Txn.deleteNode(empty.name(), empty.modifyIndex())))
                .errors()
                .isEmpty();
    }

    /** Which of these ids are on the node now. */
    public Set<String> present(Set<String> ids) throws ConsulException {
        return read(node).map(NodeWithServices::services).orElse(List.of()).stream()
                .map(Catalog.Service::id)
                .filter(ids::contains)
                .collect(Collectors.toSet());
    }
}
