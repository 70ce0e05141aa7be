package bridge.bailey.plan;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/**
 * What came and went of one service within the guard's window. What is replaced is no loss, whether the new comes first or
 * the old goes first; and what went by announcement, or by an operator's word, is none either.
 */
final class Turnover {

    private record Lost(long at, String node) {}

    /** Gone, and not replaced. */
    private final Deque<Lost> lost = new ArrayDeque<>();

    /** Gone and not replaced, but without harm: what comes in its stead is no growth. */
    private final Deque<Long> excused = new ArrayDeque<>();

    /** Come in addition to what was there. What makes a service appear is not among it: it may not all go again. */
    private final Deque<Long> growth = new ArrayDeque<>();

    private boolean vanished;
    private long vanishedAt;

    /** An instance came; {@code addition} if there were others. */
    void came(long now, boolean addition) {
        if (lost.pollFirst() == null && excused.pollFirst() == null && addition) {
            growth.addLast(now);
        }
    }

    /** An instance went that counts. */
    void went(long now, String node) {
        if (growth.pollFirst() == null) {
            lost.addLast(new Lost(now, node));
        }
    }

    /** An instance went that does not count. */
    void wentExcused(long now) {
        if (growth.pollFirst() == null) {
            excused.addLast(now);
        }
    }

    /** Nothing is left of the service. */
    void vanish(long now) {
        vanished = true;
        vanishedAt = now;
    }

    /** There is something of the service. */
    void appear() {
        vanished = false;
    }

    /** Forgets what happened before then. */
    void forgetBefore(long limit) {
        while (!lost.isEmpty() && lost.peekFirst().at() - limit < 0) {
            lost.removeFirst();
        }
        forget(excused, limit);
        forget(growth, limit);
        vanished &= vanishedAt - limit >= 0;
    }

    private static void forget(Deque<Long> times, long limit) {
        while (!times.isEmpty() && times.peekFirst() - limit < 0) {
            times.removeFirst();
        }
    }

    boolean isEmpty() {
        return lost.isEmpty() && excused.isEmpty() && growth.isEmpty() && !vanished;
    }

    /** Whether the service vanished within the window, and is not back. */
    boolean vanished() {
        return vanished;
    }

    /** The nodes of what was lost, one for each instance; "" where none is known. */
    Collection<String> lostNodes() {
        return lost.stream().map(Lost::node).toList();
    }

    /** A copy, to try out a plan on. */
    Turnover copy() {
        Turnover copy = new Turnover();
        copy.lost.addAll(lost);
        copy.excused.addAll(excused);
        copy.growth.addAll(growth);
        copy.vanished = vanished;
        copy.vanishedAt = vanishedAt;
        return copy;
    }

    /** Whether one more may go without being a loss. */
    boolean hasGrown() {
        return !growth.isEmpty();
    }
}
