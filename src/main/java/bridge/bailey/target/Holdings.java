package bridge.bailey.target;

import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ExternalNode;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Held;
import bridge.bailey.target.Shadow.Stored;
import bridge.bailey.target.Transactions.Done;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Consul is believed to hold of ours: on the cluster's node, and on external ones. */
final class Holdings {

    private Shadow cluster = new Shadow();
    private Shadow external = new Shadow();
    private volatile Owned owned = new Owned(0, 0);
    private volatile Optional<Stored> newest = Optional.empty();

    /** What was read of the cluster's node counts, but for entries that were written since. */
    void adoptCluster(Shadow found, Set<String> newer) {
        found.takeOver(newer, cluster);
        cluster = found;
    }

    /** Likewise of the external nodes. */
    void adoptExternal(Shadow found, Set<String> newer) {
        found.takeOver(newer, external);
        external = found;
    }

    Held<CatalogEntry> held() {
        return external.isEmpty() && !external.hasForeign() ? cluster : new Both(cluster, external);
    }

    private record Both(Shadow one, Shadow other) implements Held<CatalogEntry> {
        @Override
        public Set<ServiceKey> keys() {
            return Stream.concat(one.keys().stream(), other.keys().stream()).collect(Collectors.toSet());
        }

        @Override
        public List<CatalogEntry> ownedBy(ServiceKey key) {
            return Stream.concat(one.ownedBy(key).stream(), other.ownedBy(key).stream())
                    .toList();
        }

        @Override
        public boolean foreign(String id) {
            return one.foreign(id) || other.foreign(id);
        }
    }

    /** The external nodes with entries of ours. */
    Set<String> externalNodes() {
        return external.nodes();
    }

    Stored stored(CatalogEntry entry) {
        return shadowOf(entry)
                .stored(entry.key(), entry.id())
                .orElseThrow(() -> new IllegalStateException("not held: " + entry.id()));
    }

    private Shadow shadowOf(CatalogEntry entry) {
        return entry.node().isEmpty() ? cluster : external;
    }

    void created(CatalogEntry entry, Done done) {
        shadowOf(entry).put(new Stored(entry, done.serviceIndex(), done.checkIndex()));
    }

    /** What was not written has the index that it had. */
    void replaced(CatalogEntry before, CatalogEntry after, Done done) {
        Stored stored = stored(before);
        long unwrittenCheck = after.check().isPresent() ? stored.checkIndex() : 0;
        shadowOf(before).remove(before);
        shadowOf(after)
                .put(new Stored(
                        after,
                        done.serviceIndex() == 0 ? stored.serviceIndex() : done.serviceIndex(),
                        done.checkIndex() == 0 ? unwrittenCheck : done.checkIndex()));
    }

    void removed(CatalogEntry entry) {
        shadowOf(entry).remove(entry);
    }

    /** Settles what other threads see. */
    void count() {
        int services = external.isEmpty() ? cluster.services() : held().keys().size();
        owned = new Owned(services, cluster.instances() + external.instances());
        newest = Stream.of(cluster.newest(), external.newest())
                .flatMap(Optional::stream)
                .reduce((a, b) -> a.serviceIndex() >= b.serviceIndex() ? a : b);
    }

    /** For any thread. */
    Owned owned() {
        return owned;
    }

    /** The entry that was written last, as far as that is known; for any thread. */
    Optional<Stored> newest() {
        return newest;
    }

    static boolean sameNode(CatalogEntry before, CatalogEntry after) {
        return before.node().map(ExternalNode::name).equals(after.node().map(ExternalNode::name));
    }
}
