package bridge.bailey.target;

import bridge.bailey.consul.Catalog;
import bridge.bailey.consul.ConsulException;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.Txn;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Marks;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Held;
import bridge.bailey.plan.Plan;
import bridge.bailey.target.Shadow.Stored;
import bridge.bailey.target.Transactions.Done;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * Consul's catalog: the only code that writes to it. All entries of the cluster are on one synthetic node. Each write
 * names the index that it expects, so that what others changed or own is never overwritten, nor deleted.
 */
public final class ConsulTarget implements Target<CatalogEntry>, AutoCloseable {

    /** Transactions in flight. More gain nothing: Consul applies them one after the other (docs/architecture.md, Writes). */
    private static final int IN_FLIGHT = 2;

    private static final String NODE_ADDRESS = "127.0.0.1";
    static final String CHECK_NAME = "Kubernetes readiness";

    private final ConsulHttp consul;
    private final String cluster;
    private final String node;
    private final CatalogReader reader;
    private final ExecutorService senders;
    private final Transactions transactions;

    private Shadow shadow = new Shadow();
    private volatile Optional<Catalog.Node> knownNode = Optional.empty();
    private volatile Optional<CatalogReader.Found> lastFound = Optional.empty();
    private volatile Owned owned = new Owned(0, 0);
    private volatile Optional<Stored> newest = Optional.empty();

    /** Ids that were written since the last reading began: the reading may be older than they are. */
    private final Set<String> touched = new HashSet<>();

    private final Set<String> inFlight = new HashSet<>();

    public ConsulTarget(ConsulHttp consul, String cluster, String node, OptionalInt maxOperations) {
        this.consul = consul;
        this.cluster = cluster;
        this.node = node;
        this.reader = new CatalogReader(consul, cluster, node);
        this.senders = Executors.newFixedThreadPool(IN_FLIGHT, task -> {
            Thread thread = new Thread(task, "consul-sender");
            thread.setDaemon(true);
            return thread;
        });
        this.transactions = new Transactions(consul, senders, maxOperations);
    }

    @Override
    public Reading read() throws TargetException {
        synchronized (touched) {
            touched.clear();
            touched.addAll(inFlight);
        }
        try {
            Optional<CatalogReader.Found> found = reader.read(lastFound);
            return () -> {
                // If Consul's data is what it was, so is what we believe.
                found.ifPresent(this::adopt);
                return found.isPresent() || nodeNeedsRepair();
            };
        } catch (ConsulException e) {
            throw new TargetException(e.getMessage(), e);
        }
    }

    private void adopt(CatalogReader.Found found) {
        Set<String> newer;
        synchronized (touched) {
            newer = Set.copyOf(touched);
        }
        Shadow before = shadow;
        Shadow now = found.shadow();
        if (!newer.isEmpty()) {
            now.keys().forEach(key -> now.ownedBy(key).stream()
                    .filter(entry -> newer.contains(entry.id()))
                    .forEach(now::remove));
            before.keys().forEach(key -> before.ownedBy(key).stream()
                    .filter(entry -> newer.contains(entry.id()))
                    .forEach(entry -> before.stored(key, entry.id()).ifPresent(now::put)));
        }
        shadow = now;
        lastFound = Optional.of(found);
        if (newer.isEmpty() || found.node().isPresent()) {
            knownNode = found.node();
        }
        owned = shadow.count();
        newest = shadow.newest();
    }

    @Override
    public Held<CatalogEntry> held() {
        return shadow;
    }

    /**
     * Whether our node, and the entry that was written last, are those that we know. In a Consul that lost its data the
     * node is gone, or was made anew; in one that was restored to an older state the entry is gone, or an older one.
     */
    @Override
    public boolean intact() throws TargetException {
        try {
            return nodeIsIntact() && newestIsIntact();
        } catch (ConsulException e) {
            throw new TargetException(e.getMessage(), e);
        }
    }

    private boolean nodeIsIntact() throws ConsulException {
        Optional<Long> expected = knownNode.map(Catalog.Node::createIndex);
        Optional<Long> found = consul.nodes(Marks.CLUSTER, cluster).stream()
                .filter(n -> n.name().equals(node))
                .map(Catalog.Node::createIndex)
                .findFirst();
        // A node that was registered while we asked is no damage.
        return found.equals(expected) || found.equals(knownNode.map(Catalog.Node::createIndex));
    }

    private boolean newestIsIntact() throws ConsulException {
        Optional<Stored> expected = newest;
        if (expected.isEmpty()) {
            return true;
        }
        CatalogEntry entry = expected.get().entry();
        Optional<Long> found = consul.serviceIndex(entry.name(), entry.id());
        // Our own writes go on while we ask.
        return found.equals(Optional.of(expected.get().serviceIndex())) || !expected.equals(newest);
    }

    @Override
    public List<Outcome<CatalogEntry>> apply(Plan<CatalogEntry> plan) {
        if (plan.changes().isEmpty() && !nodeNeedsRepair()) {
            return List.of();
        }
        Optional<NoNode> noNode = ensureNode();
        if (noNode.isPresent()) {
            String message =
                    "node \"" + node + "\" can't be registered: " + noNode.get().message();
            return plan.changes().stream()
                    .map(change -> new Outcome<>(change, noNode.get().kind(), message))
                    .toList();
        }
        List<Unit> arrive = new ArrayList<>();
        List<Unit> leave = new ArrayList<>();
        for (Change<CatalogEntry> change : plan.changes()) {
            (change instanceof Change.Delete ? leave : arrive).add(new Unit(change, operations(change)));
        }
        setInFlight(plan.changes());
        try {
            List<Done> done = new ArrayList<>(transactions.send(arrive));
            done.addAll(sendUnlessNeeded(leave, done));
            List<Outcome<CatalogEntry>> outcomes =
                    done.stream().map(this::remember).toList();
            owned = shadow.count();
            newest = shadow.newest();
            return outcomes;
        } finally {
            setInFlight(List.of());
        }
    }

    /**
     * What is new must be there before what it replaces goes: where the new could not be written for now, the old stays.
     * Where it was refused for good the old goes, since what it stands for is gone.
     */
    private List<Done> sendUnlessNeeded(List<Unit> leave, List<Done> arrived) {
        boolean away = arrived.stream().anyMatch(d -> d.kind() == Outcome.Kind.UNAVAILABLE);
        Set<ServiceKey> disturbed = arrived.stream()
                .filter(d -> d.kind() == Outcome.Kind.CONFLICT)
                .map(d -> d.unit().change().key())
                .collect(Collectors.toSet());
        List<Unit> free = new ArrayList<>();
        List<Done> done = new ArrayList<>();
        for (Unit unit : leave) {
            if (away) {
                done.add(Done.failed(unit, Outcome.Kind.UNAVAILABLE, "what replaces it could not be registered"));
            } else if (disturbed.contains(unit.change().key())) {
                done.add(Done.failed(unit, Outcome.Kind.CONFLICT, "what replaces it could not be registered"));
            } else {
                free.add(unit);
            }
        }
        done.addAll(transactions.send(free));
        return done;
    }

    private void setInFlight(List<Change<CatalogEntry>> changes) {
        synchronized (touched) {
            inFlight.clear();
            changes.forEach(change -> inFlight.add(change.id()));
            touched.addAll(inFlight);
        }
    }

    /** Why our node could not be registered. */
    private record NoNode(Outcome.Kind kind, String message) {}

    private Map<String, String> nodeMeta() {
        return Map.of(Marks.SOURCE, Marks.KUBERNETES, Marks.MANAGED_BY, Marks.BAILEY, Marks.CLUSTER, cluster);
    }

    private boolean nodeNeedsRepair() {
        return knownNode
                .map(known ->
                        !known.address().equals(NODE_ADDRESS) || !known.meta().equals(nodeMeta()))
                .orElse(false);
    }

    /** Registers our node if Consul has none of that name, and mends it if others changed it. */
    private Optional<NoNode> ensureNode() {
        if (knownNode.isPresent() && !nodeNeedsRepair()) {
            return Optional.empty();
        }
        long index = knownNode.map(Catalog.Node::modifyIndex).orElse(0L);
        try {
            Txn.Answer answer = consul.transact(List.of(Txn.setNode(node, NODE_ADDRESS, nodeMeta(), index)));
            if (!answer.errors().isEmpty()) {
                String what = answer.errors().get(0).what();
                return Optional.of(noNode(Transactions.kindOf(what), what));
            }
            knownNode = Optional.of(answer.results().get(0).node());
            return Optional.empty();
        } catch (ConsulException e) {
            return Optional.of(noNode(Transactions.kindOf(e), e.getMessage()));
        }
    }

    /** Without a node nothing at all can be written: that is one trouble, not one for each entry. */
    private static NoNode noNode(Outcome.Kind kind, String message) {
        return new NoNode(kind == Outcome.Kind.CONFLICT ? kind : Outcome.Kind.UNAVAILABLE, message);
    }

    private List<byte[]> operations(Change<CatalogEntry> change) {
        if (change instanceof Change.Create<CatalogEntry> create) {
            return register(create.after(), 0);
        }
        if (change instanceof Change.Update<CatalogEntry> update) {
            return update(update.before(), update.after());
        }
        CatalogEntry gone = change.item();
        return List.of(
                Txn.deleteService(node, gone.id(), gone.name(), storedOf(gone).serviceIndex()));
    }

    private List<byte[]> register(CatalogEntry entry, long index) {
        byte[] service = Txn.setService(node, serviceOf(entry), index);
        return entry.check()
                .map(check -> List.of(service, Txn.setCheck(node, checkOf(entry, check))))
                .orElse(List.of(service));
    }

    private List<byte[]> update(CatalogEntry before, CatalogEntry after) {
        Stored stored = storedOf(before);
        if (!before.name().equals(after.name())) {
            // In one transaction, so that no reader sees a gap. A mere change of the name would not wake those who
            // watch the old one: the index of the name that is left behind stays as it was.
            List<byte[]> operations = new ArrayList<>();
            operations.add(Txn.deleteService(node, before.id(), before.name(), stored.serviceIndex()));
            operations.addAll(register(after, 0));
            return operations;
        }
        if (sameButCheck(before, after)) {
            return List.of(after.check()
                    .map(check -> Txn.setCheck(node, checkOf(after, check), stored.checkIndex()))
                    .orElseGet(() -> deleteCheck(before, stored)));
        }
        List<byte[]> operations = new ArrayList<>(register(after, stored.serviceIndex()));
        if (before.check().isPresent() && after.check().isEmpty()) {
            operations.add(deleteCheck(before, stored));
        }
        return operations;
    }

    private byte[] deleteCheck(CatalogEntry before, Stored stored) {
        return Txn.deleteCheck(node, checkOf(before, before.check().orElseThrow()), stored.checkIndex());
    }

    private static boolean sameButCheck(CatalogEntry before, CatalogEntry after) {
        return serviceOf(before).equals(serviceOf(after));
    }

    private static Txn.Service serviceOf(CatalogEntry e) {
        return new Txn.Service(e.id(), e.name(), e.address(), e.port(), e.tags(), e.meta(), e.weight());
    }

    private static Txn.Check checkOf(CatalogEntry entry, CatalogEntry.Check check) {
        return new Txn.Check(
                entry.checkId(),
                CHECK_NAME,
                entry.id(),
                entry.name(),
                check.status().text(),
                check.output());
    }

    private Stored storedOf(CatalogEntry entry) {
        return shadow.stored(entry.key(), entry.id())
                .orElseThrow(() -> new IllegalStateException("not held: " + entry.id()));
    }

    private Outcome<CatalogEntry> remember(Done done) {
        Change<CatalogEntry> change = done.unit().change();
        if (done.kind() == Outcome.Kind.APPLIED) {
            if (change instanceof Change.Delete) {
                shadow.remove(change.item());
            } else {
                long serviceIndex = done.serviceIndex();
                if (serviceIndex == 0) {
                    // Only the check was written.
                    serviceIndex = storedOf(change.item()).serviceIndex();
                }
                shadow.put(new Stored(change.item(), serviceIndex, done.checkIndex()));
            }
        }
        return new Outcome<>(change, done.kind(), done.message());
    }

    @Override
    public Owned owned() {
        return owned;
    }

    @Override
    public void close() {
        senders.shutdown();
    }
}
