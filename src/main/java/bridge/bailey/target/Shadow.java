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

    /** An entry with the indexes by which Consul tells whether it is still that one; 0 for a check that is not there. */
    record Stored(CatalogEntry entry, long serviceIndex, long checkIndex) {}

    void put(Stored stored) {
        owned.computeIfAbsent(stored.entry().key(), key -> new HashMap<>())
                .put(stored.entry().id(), stored);
    }

    void remove(CatalogEntry entry) {
        owned.computeIfPresent(entry.key(), (key, entries) -> {
            entries.remove(entry.id());
            return entries.isEmpty() ? null : entries;
        });
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

    ConsulTarget.Owned count() {
        return new ConsulTarget.Owned(
                owned.size(), owned.values().stream().mapToInt(Map::size).sum());
    }
}
