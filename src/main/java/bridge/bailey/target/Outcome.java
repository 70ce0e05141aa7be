package bridge.bailey.target;

import bridge.bailey.model.Item;
import bridge.bailey.plan.Change;

/**
 * What became of one change.
 *
 * @param message the target's words, or "" if it was applied
 */
public record Outcome<T extends Item>(Change<T> change, Kind kind, String message) {

    /** Each is a bounded metric label. */
    public enum Kind {
        APPLIED,
        /** The target will not have it as it is. */
        REFUSED,
        /** We lack a permission. */
        FORBIDDEN,
        /** The target does not hold what we believed. */
        CONFLICT,
        /** Somebody else leads now; nothing was changed. */
        FENCED,
        /** The target could not be reached, or did not answer: the change may or may not have been made. */
        UNAVAILABLE
    }

    public boolean applied() {
        return kind == Kind.APPLIED;
    }
}
