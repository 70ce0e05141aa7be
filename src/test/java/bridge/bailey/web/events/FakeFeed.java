package bridge.bailey.web.events;

import bridge.bailey.model.ServiceKey;
import bridge.bailey.overview.Delta;
import bridge.bailey.view.ServiceView;
import bridge.bailey.view.Status;
import bridge.bailey.web.HealthJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Services that a test changes. */
final class FakeFeed implements Feed {

    private final Map<ServiceKey, ServiceView> services = new TreeMap<>();
    private final List<ServiceKey> changes = new ArrayList<>();
    private final List<Long> asked = new ArrayList<>();
    private Status status = Status.UP;

    synchronized void put(ServiceView view) {
        services.put(view.key(), view);
        changes.add(view.key());
    }

    synchronized void remove(ServiceKey key) {
        services.remove(key);
        changes.add(key);
    }

    synchronized void bridge(Status now) {
        status = now;
    }

    /** The versions for which a delta was made. */
    synchronized List<Long> asked() {
        return List.copyOf(asked);
    }

    @Override
    public synchronized long version() {
        return changes.size();
    }

    @Override
    public synchronized Delta since(long version) {
        asked.add(version);
        if (version < 0 || version > changes.size()) {
            return new Delta(changes.size(), true, List.copyOf(services.values()), List.of());
        }
        List<ServiceView> changed = new ArrayList<>();
        List<ServiceKey> removed = new ArrayList<>();
        for (ServiceKey key : new TreeSet<>(changes.subList((int) version, changes.size()))) {
            if (services.containsKey(key)) {
                changed.add(services.get(key));
            } else {
                removed.add(key);
            }
        }
        return new Delta(changes.size(), false, changed, removed);
    }

    @Override
    public synchronized HealthJson health(Instant now) {
        return new HealthJson(
                status,
                now,
                new HealthJson.BridgeJson(status, List.of(), true, "bailey", Map.of(), Map.of()),
                Map.of("total", services.size()));
    }
}
