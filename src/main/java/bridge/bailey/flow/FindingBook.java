package bridge.bailey.flow;

import bridge.bailey.model.Finding;
import bridge.bailey.model.ServiceKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What users should mend now, by service key. Written by the loop's thread, read by any. */
public final class FindingBook {

    /** Where findings come from; those of one origin replace the earlier ones of that origin. */
    enum Origin {
        MAPPING,
        NAMES,
        PLAN,
        OUTCOME
    }

    private final Map<ServiceKey, Map<Origin, List<Finding>>> byKey = new ConcurrentHashMap<>();

    /** Replaces a service key's findings of one origin; returns those that are new. */
    List<Finding> replace(ServiceKey key, Origin origin, List<Finding> findings) {
        Map<Origin, List<Finding>> before = byKey.getOrDefault(key, Map.of());
        List<Finding> known = before.getOrDefault(origin, List.of());
        if (!known.equals(findings)) {
            Map<Origin, List<Finding>> after = new EnumMap<>(Origin.class);
            after.putAll(before);
            after.put(origin, List.copyOf(findings));
            after.values().removeIf(List::isEmpty);
            if (after.isEmpty()) {
                byKey.remove(key);
            } else {
                byKey.put(key, after);
            }
        }
        return findings.stream().filter(f -> !known.contains(f)).toList();
    }

    /** The findings of one service key. */
    List<Finding> of(ServiceKey key) {
        return byKey.getOrDefault(key, Map.of()).values().stream()
                .flatMap(List::stream)
                .toList();
    }

    /** All findings there are now. */
    public List<Finding> all() {
        List<Finding> all = new ArrayList<>();
        byKey.values().forEach(origins -> origins.values().forEach(all::addAll));
        return all;
    }
}
