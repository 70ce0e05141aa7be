package bridge.bailey.target;

import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Held;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What our node in Consul is believed to hold. */
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

    Owned count() {
        return new Owned(owned.size(), instances);
    }
}
