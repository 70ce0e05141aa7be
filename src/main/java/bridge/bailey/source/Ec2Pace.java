package bridge.bailey.source;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a query to EC2 rests between two tries. Chance spreads the queries, so that they don't all come at once.
 *
 * @param refresh the longest rest after a good answer
 * @param random safe for several threads
 */
record Ec2Pace(Duration refresh, RandomGenerator random) {

    /** The first rest of a query that was never answered: what waits for it should not wait long. */
    private static final Duration IMPATIENT = Duration.ofSeconds(5);

    /** The longest rest of a query that fails, unless a refresh is longer: whoever mends it should see that soon. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private static final int MOST_DOUBLINGS = 20;

    /** After a good answer: a refresh, less up to a fifth. */
    Duration rest() {
        return someOf(refresh, refresh.dividedBy(5));
    }

    /**
     * After a failure: twice as long after each, less up to a half.
     *
     * @param failures in a row, at least 1
     * @param known whether there ever was a good answer
     */
    Duration restAfterFailure(int failures, boolean known) {
        Duration first = known ? refresh : min(refresh, IMPATIENT);
        Duration longest = refresh.compareTo(LONGEST) > 0 ? refresh : LONGEST;
        Duration full = min(longest, first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS)));
        return someOf(full, full.dividedBy(2));
    }

    private Duration someOf(Duration full, Duration jitter) {
        return full.minusNanos(random.nextLong(jitter.toNanos() + 1));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
