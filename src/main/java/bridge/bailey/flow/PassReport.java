package bridge.bailey.flow;

import bridge.bailey.model.Finding;
import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Withheld;
import bridge.bailey.target.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one pass did.
 *
 * @param full whether it was about all service keys
 * @param reasons why each changed service is as it is now
 * @param newFindings those that were not there before the pass
 */
public record PassReport<T extends Item>(
        String flow,
        boolean full,
        List<Outcome<T>> outcomes,
        List<Withheld<T>> withheld,
        Map<ServiceKey, String> reasons,
        List<Finding> newFindings,
        double seconds) {

    /** The outcome of the pass as a whole, a bounded metric label. */
    public enum Result {
        OK,
        /** Some changes were refused. */
        PARTIAL,
        /** The target holds something else than we believed. */
        CONFLICT,
        /** Somebody else leads now. */
        FENCED,
        /** The target is away. */
        UNAVAILABLE
    }

    public Result result() {
        Set<Outcome.Kind> kinds = outcomes.stream().map(Outcome::kind).collect(Collectors.toSet());
        if (kinds.contains(Outcome.Kind.UNAVAILABLE)) {
            return Result.UNAVAILABLE;
        }
        if (kinds.contains(Outcome.Kind.FENCED)) {
            return Result.FENCED;
        }
        if (kinds.contains(Outcome.Kind.CONFLICT)) {
            return Result.CONFLICT;
        }
        return kinds.stream().allMatch(k -> k == Outcome.Kind.APPLIED) ? Result.OK : Result.PARTIAL;
    }
}
