package bridge.bailey.target;

import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ExternalNode;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Held;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What our nodes in Consul are believed to hold: the cluster's, or the external ones. */
final class Shadow implements Held<CatalogEntry> {

    private final Map<ServiceKey, Map<String, Stored>> owned = new HashMap<>();
    private final Set<String> foreign = new HashSet<>();
    private int instances;
    private Optional<Stored> newest = Optional.empty();

    /** An entry with the indexes by which Consul tells whether it is still that one; 0 for a check that is not there. */
    record Stored(CatalogEntry entry, long serviceIndex, long checkIndex) {}

    void put(Stored stored) {
        Stored before = owned.computeIfAbsent(stored.entry().key(), key -> new HashMap<>())
                .put(stored.entry().id(), stored);
        instances += before == null ? 1 : 0;
        if (newest.isEmpty() || stored.serviceIndex() >= newest.get().serviceIndex()) {
            newest = Optional.of(stored);
        }
    }

    void remove(CatalogEntry entry) {
        owned.computeIfPresent(entry.key(), (key, entries) -> {
            instances -= entries.remove(entry.id()) == null ? 0 : 1;
            return entries.isEmpty() ? null : entries;
        });
        newest = newest.filter(stored -> !stored.entry().id().equals(entry.id()));
    }

    /** The entry that was written last, as far as that is known: the one with the highest index. */
    Optional<Stored> newest() {
        return newest;
    }

    /** Consul's ids ignore case. */
    void addForeign(String id) {
        foreign.add(id.toLowerCase(Locale.ROOT));
    }

    Optional<Stored> stored(ServiceKey key, String id) {
        return Optional.ofNullable(owned.getOrDefault(key, Map.of()).get(id));
    }

    @Override
    public Set<ServiceKey> keys() {
        return Set.copyOf(owned.keySet());
    }

    @Override
    public Collection<CatalogEntry> ownedBy(ServiceKey key) {
        return owned.getOrDefault(key, Map.of()).values().stream()
                .map(Stored::entry)
                .toList();
    }

    @Override
    public boolean foreign(String id) {
        return foreign.contains(id.toLowerCase(Locale.ROOT));
    }

    boolean isEmpty() {
        return owned.isEmpty();
    }

    boolean hasForeign() {
        return !foreign.isEmpty();
    }

    int services() {
        return owned.size();
    }

    int instances() {
        return instances;
    }

    /** The external nodes of the entries. */
    Set<String> nodes() {
        return owned.values().stream()
                .flatMap(entries -> entries.values().stream())
                .flatMap(stored -> stored.entry().node().stream())
                .map(ExternalNode::name)
                .collect(Collectors.toSet());
    }

    /** Makes the entries with these ids what they are in another shadow. */
    void takeOver(Set<String> ids, Shadow from) {
        if (ids.isEmpty()) {
            return;
        }
        keys().forEach(key ->
                ownedBy(key).stream().filter(entry -> ids.contains(entry.id())).forEach(this::remove));
        from.keys().forEach(key -> from.ownedBy(key).stream()
                .filter(entry -> ids.contains(entry.id()))
                .forEach(entry -> from.stored(key, entry.id()).ifPresent(this::put)));
    }
}
