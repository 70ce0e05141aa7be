package bridge.bailey.flow;

import bridge.bailey.model.ServiceKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which service keys use which name in the target. Several of one name are served together, which may be a mistake. */
final class SharedNames {

    private final Map<String, Set<ServiceKey>> byName = new HashMap<>();
    private final Map<ServiceKey, Set<String>> byKey = new HashMap<>();

    /** Records the names of a service key; returns the service keys for which {@link #sharedWith} may have changed. */
    Set<ServiceKey> put(ServiceKey key, Set<String> names) {
        Set<String> before = byKey.getOrDefault(key, Set.of());
        if (before.equals(names)) {
            return Set.of();
        }
        Set<ServiceKey> concerned = new TreeSet<>();
        for (String name : before) {
            Set<ServiceKey> users = byName.get(name);
            concerned.addAll(users);
            users.remove(key);
            if (users.isEmpty()) {
                byName.remove(name);
            }
        }
        for (String name : names) {
            Set<ServiceKey> users = byName.computeIfAbsent(name, n -> new TreeSet<>());
            users.add(key);
            concerned.addAll(users);
        }
        if (names.isEmpty()) {
            byKey.remove(key);
        } else {
            byKey.put(key, Set.copyOf(names));
        }
        concerned.add(key);
        return concerned;
    }

    /** The names that others use too, each with those others. */
    Map<String, Set<ServiceKey>> sharedWith(ServiceKey key) {
        Map<String, Set<ServiceKey>> shared = new TreeMap<>();
        for (String name : byKey.getOrDefault(key, Set.of())) {
            Set<ServiceKey> others = new TreeSet<>(byName.get(name));
            others.remove(key);
            if (!others.isEmpty()) {
                shared.put(name, others);
            }
        }
        return shared;
    }
}
