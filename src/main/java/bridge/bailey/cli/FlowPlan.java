package bridge.bailey.cli;

import bridge.bailey.flow.Flow;
import bridge.bailey.model.Item;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Withheld;
import java.util.stream.Stream;

/** The plan of one flow. */
public record FlowPlan(String flow, Flow.Planned<? extends Item> planned) {

    boolean hasChanges() {
        return !planned.plan().changes().isEmpty();
    }

    /** Whether there is neither a change nor one that is withheld. */
    boolean isEmpty() {
        return planned.plan().isEmpty();
    }

    Stream<Change<? extends Item>> changes() {
        return planned.plan().changes().stream().map(change -> change);
    }

    Stream<Withheld<? extends Item>> withheld() {
        return planned.plan().withheld().stream().map(withheld -> withheld);
    }
}
