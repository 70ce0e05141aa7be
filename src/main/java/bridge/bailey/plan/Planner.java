package bridge.bailey.plan;

import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Compares what is desired with what is held, by id.
 *
 * <pre>
 * desired   held            →
 * a         nothing         create a
 * a         ours, equal     nothing
 * a         ours, differs   update a
 * a         foreign         create a, withheld
 * nothing   ours            delete; withheld if the source is incomplete
 * nothing   foreign         nothing
 * </pre>
 *
 * Within a plan what is new comes first and what goes comes last, so that a move never leaves a gap.
 */
public final class Planner {

    private Planner() {}

    /**
     * Plans for the service keys of {@code desired}; a key with an empty list is one that nothing wants.
     *
     * @param complete whether the source knew everything that could want an item when {@code desired} was computed
     */
    public static <T extends Item> Plan<T> plan(
            Map<ServiceKey, List<T>> desired, Held<T> held, Predicate<? super T> complete) {
        List<Change<T>> creates = new ArrayList<>();
        List<Change<T>> updates = new ArrayList<>();
        List<Change<T>> deletes = new ArrayList<>();
        List<Withheld<T>> withheld = new ArrayList<>();
        new TreeMap<>(desired).forEach((key, items) -> {
            Map<String, T> owned = new LinkedHashMap<>();
            held.ownedBy(key).forEach(item -> owned.put(item.id(), item));
            for (T item : items) {
                T before = owned.remove(item.id());
                if (before != null) {
                    if (!before.equals(item)) {
                        updates.add(new Change.Update<>(before, item));
                    }
                } else if (held.foreign(item.id())) {
                    withheld.add(new Withheld<>(new Change.Create<>(item), Withheld.Reason.FOREIGN));
                } else {
                    creates.add(new Change.Create<>(item));
                }
            }
            for (T gone : owned.values()) {
                Change<T> delete = new Change.Delete<>(gone);
                if (complete.test(gone)) {
                    deletes.add(delete);
                } else {
                    withheld.add(new Withheld<>(delete, Withheld.Reason.SOURCE_INCOMPLETE));
                }
            }
        });
        creates.addAll(updates);
        creates.addAll(deletes);
        return new Plan<>(creates, withheld);
    }
}
