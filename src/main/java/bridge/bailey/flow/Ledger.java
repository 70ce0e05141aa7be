package bridge.bailey.flow;

import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Held;
import bridge.bailey.plan.Plan;
import bridge.bailey.plan.Withheld;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What the last pass left behind of each service key. A target belongs to its flow's thread; this is what the others see of
 * it. Written by the flow's thread, read by any.
 */
final class Ledger<T extends Item> {

    private final Map<ServiceKey, Page<T>> pages = new ConcurrentHashMap<>();

    private record Page<T extends Item>(List<T> held, List<Withheld<T>> withheld) {}

    /** Replaces what is known of a service key. */
    void put(ServiceKey key, Collection<T> held, List<Withheld<T>> withheld) {
        if (held.isEmpty() && withheld.isEmpty()) {
            pages.remove(key);
        } else {
            pages.put(key, new Page<>(List.copyOf(held), List.copyOf(withheld)));
        }
    }

    /** The service keys of which the target holds something, or would if it were not withheld. */
    Set<ServiceKey> keys() {
        return Set.copyOf(pages.keySet());
    }

    /** What the target holds of these service keys. */
    Held<T> held(Set<ServiceKey> keys) {
        Map<ServiceKey, Page<T>> some = new HashMap<>();
        Set<String> foreign = new HashSet<>();
        for (ServiceKey key : keys) {
            Page<T> page = pages.get(key);
            if (page != null) {
                some.put(key, page);
                page.withheld().stream()
                        .filter(w -> w.reason() == Withheld.Reason.FOREIGN)
                        .forEach(w -> foreign.add(w.change().id()));
            }
        }
        return new Some<>(some, foreign);
    }

    /** A plan that was made now, with what the guard withheld by the last pass taken out of its changes. */
    Plan<T> guarded(Plan<T> plan) {
        Set<String> kept = plan.changes().stream()
                .filter(Change.Delete.class::isInstance)
                .filter(change -> pages.getOrDefault(change.key(), new Page<>(List.of(), List.of())).withheld().stream()
                        .anyMatch(w -> w.reason() == Withheld.Reason.GUARD
                                && w.change().id().equals(change.id())))
                .map(Change::id)
                .collect(Collectors.toSet());
        return plan.withholding(kept, Withheld.Reason.GUARD);
    }

    private record Some<T extends Item>(Map<ServiceKey, Page<T>> pages, Set<String> foreign) implements Held<T> {
        @Override
        public Set<ServiceKey> keys() {
            return pages.keySet();
        }

        @Override
        public List<T> ownedBy(ServiceKey key) {
            return pages.containsKey(key) ? pages.get(key).held() : List.of();
        }

        @Override
        public boolean foreign(String id) {
            return foreign.contains(id);
        }
    }

    /** How many changes are withheld for which reason. */
    Map<Withheld.Reason, Long> withheld() {
        return pages.values().stream()
                .flatMap(page -> page.withheld().stream())
                .collect(Collectors.groupingBy(Withheld::reason, Collectors.counting()));
    }
}
