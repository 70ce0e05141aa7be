package bridge.bailey.target;

import bridge.bailey.model.Item;
import bridge.bailey.plan.Held;
import bridge.bailey.plan.Plan;
import java.util.List;

/**
 * A system that is written to. What it is believed to hold is kept in memory: {@link #read} before the first write, and
 * again from time to time, since others may write too. All but {@link #read} and {@link #intact} belong to one thread.
 */
public interface Target<T extends Item> {

    /**
     * Reads what the target really holds. Changes nothing, and may run beside the other methods.
     *
     * @throws TargetException if that fails; nothing is then known
     */
    Reading read() throws TargetException;

    /** What the target is believed to hold; empty before the first reading was adopted. */
    Held<T> held();

    /** Makes the changes. Each fails alone, and each has an outcome. */
    List<Outcome<T>> apply(Plan<T> plan);

    /**
     * A cheap look at whether the target still is what was read, rather than one that was wiped or restored. May run
     * beside the other methods.
     *
     * @throws TargetException if the target can't be reached
     */
    boolean intact() throws TargetException;

    /** How much is owned, as far as we know; for any thread. */
    Owned owned();

    /** What was read from the target. */
    interface Reading {
        /**
         * Makes it what the target is believed to hold, but for what was written since the reading began.
         *
         * @return whether there was anything new in it; if not, the target has not changed since the last one
         */
        boolean adopt();
    }
}
