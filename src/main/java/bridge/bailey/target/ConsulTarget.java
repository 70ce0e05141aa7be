package bridge.bailey.target;

import bridge.bailey.consul.Catalog;
import bridge.bailey.consul.ConsulException;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.Fence;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ExternalNode;
import bridge.bailey.model.Marks;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Held;
import bridge.bailey.plan.Plan;
import bridge.bailey.target.Shadow.Stored;
import bridge.bailey.target.Transactions.Done;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * Consul's catalog: the only code that writes to it. What the cluster exports is on one synthetic node, and machines without
 * an agent are external nodes. Each write names the index that it expects, so that what others changed or own is never
 * overwritten, nor deleted.
 */
public final class ConsulTarget implements Target<CatalogEntry>, AutoCloseable {

    /** Transactions in flight. More gain nothing: Consul applies them one after the other (docs/architecture.md, Writes). */
    private static final int IN_FLIGHT = 2;

    private final ConsulHttp consul;
    private final Fence fence;
    private final String cluster;
    private final ClusterNode clusterNode;
    private final ExternalNodes externalNodes;
    private final CatalogReader reader;
    private final ExternalReader externalReader;
    private final Operations operations;
    private final ExecutorService senders;
    private final Transactions transactions;

    private final Holdings holdings = new Holdings();
    private volatile Optional<CatalogReader.Found> lastFound = Optional.empty();
    private volatile Optional<ExternalReader.Found> lastExternal = Optional.empty();

    /** Whether there are, or may be, external nodes in Consul that we don't know. */
    private volatile boolean mayBeMore = true;

    /** By the ids of entries. */
    private final Touched touched = new Touched();

    /**
     * Makes a target.
     *
     * @param fence through which everything is written
     * @param maxOperations of a transaction; empty to find out
     */
    public ConsulTarget(ConsulHttp consul, Fence fence, String cluster, String node, OptionalInt maxOperations) {
        this.consul = consul;
        this.fence = fence;
        this.cluster = cluster;
        this.clusterNode = new ClusterNode(fence, cluster, node);
        this.externalNodes = new ExternalNodes(consul, fence, cluster, node);
        this.reader = new CatalogReader(consul, cluster, node);
        this.externalReader = new ExternalReader(consul, cluster, node);
        this.operations = new Operations(node);
        this.senders = Executors.newFixedThreadPool(IN_FLIGHT, task -> {
            Thread thread = new Thread(task, "consul-sender");
            thread.setDaemon(true);
            return thread;
        });
        this.transactions = new Transactions(fence, senders, maxOperations);
    }

    @Override
    public Reading read() throws TargetException {
        Optional<Fence.Claim> claim = fence.isWanted() ? Optional.of(takeFence()) : Optional.empty();
        touched.readingBegins();
        boolean readExternal = mayBeMore || !externalNodes.isEmpty();
        Map<String, Long> expected = externalNodes.readingBegins();
        try {
            Optional<CatalogReader.Found> found = reader.read(lastFound);
            Optional<ExternalReader.Found> others =
                    readExternal ? externalReader.read(lastExternal, expected) : Optional.empty();
            return () -> {
                fence.open(claim);
                // Where Consul's data is what it was, so is what we believe.
                found.ifPresent(this::adopt);
                others.ifPresent(this::adopt);
                holdings.count();
                return found.isPresent() || others.isPresent() || somethingToMend();
            };
        } catch (ConsulException e) {
            throw new TargetException(e.getMessage(), e);
        }
    }

    /** Before anything is read: what is read afterwards nobody else of this cluster can change. */
    private Fence.Claim takeFence() throws TargetException {
        try {
            return fence.take();
        } catch (ConsulException e) {
            throw new TargetException(e.getMessage(), e);
        }
    }

    private void adopt(CatalogReader.Found found) {
        Set<String> newer = touched.since();
        holdings.adoptCluster(found.shadow(), newer);
        lastFound = Optional.of(found);
        if (newer.isEmpty() || found.node().isPresent()) {
            clusterNode.adopt(found.node());
        }
    }

    private void adopt(ExternalReader.Found found) {
        holdings.adoptExternal(found.shadow(), touched.since());
        externalNodes.adopt(found, holdings.externalNodes());
        lastExternal = Optional.of(found);
        mayBeMore = false;
    }

    @Override
    public Held<CatalogEntry> held() {
        return holdings.held();
    }

    /**
     * Whether our nodes, and the entry that was written last, are those that we know. In a Consul that lost its data the
     * nodes are gone, or were made anew; in one that was restored to an older state the entry is gone, or an older one.
     */
    @Override
    public boolean intact() throws TargetException {
        try {
            boolean intact = nodesAreIntact() && newestIsIntact();
            if (!intact) {
                doubt();
            }
            return intact;
        } catch (ConsulException e) {
            throw new TargetException(e.getMessage(), e);
        }
    }

    private boolean nodesAreIntact() throws ConsulException {
        Optional<Long> expected = clusterNode.identity();
        Map<String, Long> expectedExternal = externalNodes.identities();
        List<Catalog.Node> listed = consul.nodes(Map.of(Marks.CLUSTER, cluster));
        Optional<Long> found = listed.stream()
                .filter(n -> n.name().equals(clusterNode.name()))
                .map(Catalog.Node::createIndex)
                .findFirst();
        Set<String> known = externalNodes.identities().keySet();
        if (listed.stream().anyMatch(n -> externalReader.listed(n) && !known.contains(ExternalReader.key(n.name())))) {
            mayBeMore = true;
        }
        // A node that was registered while we asked is no damage.
        return (found.equals(expected) || found.equals(clusterNode.identity()))
                && externalNodes.intact(expectedExternal, listed);
    }

    private boolean newestIsIntact() throws ConsulException {
        Optional<Stored> expected = holdings.newest();
        if (expected.isEmpty()) {
            return true;
        }
        CatalogEntry entry = expected.get().entry();
        Optional<Long> found = consul.serviceIndex(entry.name(), entry.id());
        // Our own writes go on while we ask.
        return found.equals(Optional.of(expected.get().serviceIndex())) || !expected.equals(holdings.newest());
    }

    private boolean somethingToMend() {
        return clusterNode.needsRepair() || externalNodes.someLeftBehind();
    }

    @Override
    public List<Outcome<CatalogEntry>> apply(Plan<CatalogEntry> plan) {
        if (plan.changes().isEmpty() && !somethingToMend()) {
            return List.of();
        }
        List<Unit> arrive = new ArrayList<>();
        List<Unit> leave = new ArrayList<>();
        List<Done> done = new ArrayList<>(sort(plan.changes(), arrive, leave));
        writing(plan.changes());
        try {
            done.addAll(externalNodes.send(arrive, transactions));
            done.addAll(sendUnlessNeeded(leave, done));
            List<Outcome<CatalogEntry>> outcomes =
                    done.stream().map(this::remember).toList();
            if (outcomes.stream().anyMatch(ConsulTarget::isDoubtful)) {
                doubt();
            }
            if (externalNodes.someLeftBehind()) {
                externalNodes.removeLeftBehind(holdings.externalNodes());
            }
            holdings.count();
            return outcomes;
        } finally {
            touched.written();
            externalNodes.written();
        }
    }

    private static boolean isDoubtful(Outcome<CatalogEntry> outcome) {
        return !outcome.applied() && outcome.kind() != Outcome.Kind.REFUSED;
    }

    /** What our token may see changes without Consul's index: the next reading takes nothing for known. */
    private void doubt() {
        lastFound = Optional.empty();
        lastExternal = Optional.empty();
    }

    private void writing(List<Change<CatalogEntry>> changes) {
        touched.writing(changes.stream().map(Change::id).toList());
        externalNodes.writing(changes.stream()
                .flatMap(change -> change.item().node().stream())
                .map(ExternalNode::name)
                .collect(Collectors.toSet()));
    }

    /** Tells what arrives from what leaves; returns what can't be done for want of its node. */
    private List<Done> sort(List<Change<CatalogEntry>> changes, List<Unit> arrive, List<Unit> leave) {
        List<Done> impossible = new ArrayList<>();
        Optional<ClusterNode.Missing> missing =
                clusterNode.needsRepair() || changes.stream().anyMatch(ConsulTarget::concernsClusterNode)
                        ? clusterNode.ensure()
                        : Optional.empty();
        Map<String, String> addresses = new HashMap<>();
        for (Change<CatalogEntry> change : changes) {
            Unit unit = new Unit(change, operations(change));
            Optional<String> refusal = change instanceof Change.Delete
                    ? Optional.empty()
                    : unit.node().flatMap(node -> refusal(node, addresses));
            if (missing.isPresent() && concernsClusterNode(change)) {
                impossible.add(
                        Done.failed(unit, missing.get().kind(), missing.get().message()));
            } else if (refusal.isPresent()) {
                impossible.add(Done.failed(unit, Outcome.Kind.REFUSED, refusal.get()));
            } else {
                (change instanceof Change.Delete ? leave : arrive).add(unit);
            }
        }
        return impossible;
    }

    private static boolean concernsClusterNode(Change<CatalogEntry> change) {
        return change.item().node().isEmpty()
                || (change instanceof Change.Update<CatalogEntry> update
                        && update.before().node().isEmpty());
    }

    private Optional<String> refusal(ExternalNode node, Map<String, String> addresses) {
        String address = addresses.computeIfAbsent(node.name(), name -> node.address());
        if (!address.equals(node.address())) {
            return Optional.of("node \"" + node.name() + "\" is also wanted at " + address
                    + ": a name stands for one machine; this instance, at " + node.address() + ", is not registered");
        }
        return externalNodes.refusal(node);
    }

    /**
     * What is new must be there before what it replaces goes: where the new could not be written for now, the old stays.
     * Where it was refused for good the old goes, since what it stands for is gone.
     */
    private List<Done> sendUnlessNeeded(List<Unit> leave, List<Done> arrived) {
        Optional<Outcome.Kind> away = arrived.stream()
                .map(Done::kind)
                .filter(kind -> kind == Outcome.Kind.UNAVAILABLE || kind == Outcome.Kind.FENCED)
                .findFirst();
        Map<ServiceKey, Outcome.Kind> disturbed = new HashMap<>();
        arrived.stream()
                .filter(d -> d.kind() == Outcome.Kind.CONFLICT || d.kind() == Outcome.Kind.FORBIDDEN)
                .forEach(d -> disturbed.put(d.unit().change().key(), d.kind()));
        List<Unit> free = new ArrayList<>();
        List<Done> done = new ArrayList<>();
        for (Unit unit : leave) {
            if (away.isPresent()) {
                done.add(Done.failed(unit, away.get(), "what replaces it could not be registered"));
            } else if (disturbed.containsKey(unit.change().key())) {
                Outcome.Kind kind = disturbed.get(unit.change().key());
                done.add(Done.failed(unit, kind, "what replaces it could not be registered"));
            } else {
                free.add(unit);
            }
        }
        done.addAll(transactions.send(free));
        return done;
    }

    private List<byte[]> operations(Change<CatalogEntry> change) {
        if (change instanceof Change.Create<CatalogEntry> create) {
            return operations.create(create.after());
        }
        if (change instanceof Change.Update<CatalogEntry> update) {
            return operations.update(update.before(), update.after(), holdings.stored(update.before()));
        }
        return operations.delete(change.item(), holdings.stored(change.item()));
    }

    private Outcome<CatalogEntry> remember(Done done) {
        Change<CatalogEntry> change = done.unit().change();
        if (done.kind() == Outcome.Kind.APPLIED) {
            if (change instanceof Change.Create<CatalogEntry> create) {
                holdings.created(create.after(), done);
            } else if (change instanceof Change.Update<CatalogEntry> update) {
                holdings.replaced(update.before(), update.after(), done);
                if (!Holdings.sameNode(update.before(), update.after())) {
                    update.before().node().ifPresent(externalNodes::left);
                }
            } else {
                holdings.removed(change.item());
                change.item().node().ifPresent(externalNodes::left);
            }
        }
        return new Outcome<>(change, done.kind(), done.message());
    }

    @Override
    public Owned owned() {
        return holdings.owned();
    }

    @Override
    public void close() {
        senders.shutdown();
    }
}
