package bridge.bailey.probe;

import bridge.bailey.model.OpenConnections;
import bridge.bailey.model.ServiceKey;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Open connections that a test tells. */
public final class MemoryConnections implements Connections {

    private final Map<ServiceKey, Set<Page>> watched = new ConcurrentHashMap<>();
    private final Map<ServiceKey, Map<String, OpenConnections>> told = new ConcurrentHashMap<>();

    public void put(ServiceKey key, Map<String, OpenConnections> connections) {
        told.put(key, connections);
    }

    public Set<Page> watched(ServiceKey key) {
        return watched.getOrDefault(key, Set.of());
    }

    @Override
    public void watch(ServiceKey key, Set<Page> pages) {
        watched.put(key, pages);
    }

    @Override
    public Map<String, OpenConnections> of(ServiceKey key) {
        return told.getOrDefault(key, Map.of());
    }

    @Override
    public void close() {}
}
