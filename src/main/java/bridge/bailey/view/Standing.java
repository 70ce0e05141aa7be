package bridge.bailey.view;

import bridge.bailey.desired.Desired;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Item;
import bridge.bailey.plan.Plan;
import java.util.List;
import java.util.Optional;

/**
 * How one service key stands in one direction.
 *
 * @param source what is known of it now; empty if there is no such service
 * @param desired what the target should hold of it
 * @param held what the target is believed to hold of it, as of the last pass
 * @param plan the difference: what waits for a pass, and what is withheld
 * @param findings what users should mend
 */
public record Standing<S, T extends Item>(
        Optional<S> source, Desired<T> desired, List<T> held, Plan<T> plan, List<Finding> findings) {

    public Standing {
        held = List.copyOf(held);
        findings = List.copyOf(findings);
    }

    /** Whether the target holds something of it, or should. */
    boolean inTarget() {
        return desired.wanted() || !held.isEmpty();
    }

    /** Where nothing is wanted, nothing is held, and nothing is to be done. */
    public static <S, T extends Item> Standing<S, T> idle(Optional<S> source, String reason) {
        return new Standing<>(
                source, Desired.unwanted(List.of(), reason), List.of(), new Plan<>(List.of(), List.of()), List.of());
    }
}
