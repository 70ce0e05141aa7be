package bridge.bailey.plan;

import java.time.Duration;

/**
 * How much may vanish before the guard withholds the rest.
 *
 * @param window in which losses add up
 * @param maxShare of what is owned, between 0 and 1
 * @param floor so many services, and so many instances, may always vanish
 */
public record GuardRules(boolean enabled, Duration window, double maxShare, int floor) {

    /** Nothing is ever withheld. */
    public static final GuardRules OFF = new GuardRules(false, Duration.ZERO, 1, 0);

    /** How much of this may vanish. */
    int allowed(int owned) {
        return Math.max(floor, (int) Math.floor(owned * maxShare));
    }
}
