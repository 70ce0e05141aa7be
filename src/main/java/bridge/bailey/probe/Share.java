package bridge.bailey.probe;

import bridge.bailey.model.Health;

/** How many of a group of targets are measured healthy. Counted as they change, whatever their number. */
final class Share {

    private int targets;
    private int judged;
    private int healthy;

    void add(Health measured) {
        count(measured, 1);
    }

    void remove(Health measured) {
        count(measured, -1);
    }

    private void count(Health measured, int by) {
        targets += by;
        judged += measured == Health.UNKNOWN ? 0 : by;
        healthy += measured == Health.HEALTHY ? by : 0;
    }

    int judged() {
        return judged;
    }

    int healthy() {
        return healthy;
    }

    /** Whether at least half of the targets have a verdict. */
    boolean mostlyJudged() {
        return 2 * judged >= targets;
    }

    /** Whether fewer than this share of those with a verdict are healthy. */
    boolean below(double share) {
        // A quotient is rounded as the share was that people wrote; a product would not be.
        return judged > 0 && (double) healthy / judged < share;
    }
}
