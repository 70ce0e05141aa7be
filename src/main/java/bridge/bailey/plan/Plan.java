package bridge.bailey.plan;

import bridge.bailey.model.Item;
import java.util.List;

/** Changes as data: to be applied, printed, or explained. */
public record Plan<T extends Item>(List<Change<T>> changes, List<Withheld<T>> withheld) {

    public Plan {
        changes = List.copyOf(changes);
        withheld = List.copyOf(withheld);
    }

    public boolean isEmpty() {
        return changes.isEmpty() && withheld.isEmpty();
    }
}
