package bridge.bailey.consul;

import java.util.random.RandomGenerator;

/** How long to wait after failures: twice as long after each, up to a limit, of which a random half is jitter. */
public record Backoff(long firstNanos, long longestNanos, RandomGenerator random) {

    /**
     * The wait before the next try.
     *
     * @param failures in a row, at least 1
     */
    public long nanos(int failures) {
        int doublings = Math.min(failures - 1, 30);
        long full = Math.min(longestNanos, firstNanos << doublings);
        return full / 2 + random.nextLong(full / 2 + 1);
    }
}
