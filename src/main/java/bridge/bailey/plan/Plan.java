package bridge.bailey.plan;

import bridge.bailey.model.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Changes as data: to be applied, printed, or explained. */
public record Plan<T extends Item>(List<Change<T>> changes, List<Withheld<T>> withheld) {

    public Plan {
        changes = List.copyOf(changes);
        withheld = List.copyOf(withheld);
    }

    public boolean isEmpty() {
        return changes.isEmpty() && withheld.isEmpty();
    }

    /** The same, with the deletions of these ids withheld for a reason. */
    public Plan<T> withholding(Set<String> ids, Withheld.Reason reason) {
        if (ids.isEmpty()) {
            return this;
        }
        Map<Boolean, List<Change<T>>> parts = changes.stream()
                .collect(Collectors.partitioningBy(
                        change -> change instanceof Change.Delete && ids.contains(change.id())));
        List<Withheld<T>> more = new ArrayList<>(withheld);
        parts.get(true).forEach(change -> more.add(new Withheld<>(change, reason)));
        return new Plan<>(parts.get(false), more);
    }
}
