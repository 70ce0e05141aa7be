package bridge.bailey.flow;

import bridge.bailey.consul.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether the target is what we believe it to be. A doubt takes that away until the target was read again, and each failure
 * in a row makes the next try wait longer. Knows no clock and no thread: belongs to whoever holds the loop's lock.
 */
final class Trust {

    private final Backoff backoff;
    private boolean given;
    private int doubts;
    private int failures;
    private long notBefore;
    private Instant outageSince;
    private String error = "";

    /**
     * Starts without trust.
     *
     * @param now the monotonic clock, in nanoseconds
     */
    Trust(Backoff backoff, long now) {
        this.backoff = backoff;
        this.notBefore = now;
    }

    boolean given() {
        return given;
    }

    /** Grows with each doubt: what was read as of a lower number proves nothing. */
    int doubts() {
        return doubts;
    }

    /** How long the next try has to wait, in nanoseconds; not more than 0 if it need not. */
    long pause(long now) {
        return notBefore - now;
    }

    /** The target has to be read again, though nothing failed; a reading that has begun does not count. */
    void question() {
        given = false;
        doubts++;
    }

    /** Something failed; returns how long the next try waits, in nanoseconds. */
    long lose(String message, long now) {
        given = false;
        doubts++;
        failures++;
        error = message;
        long wait = backoff.nanos(failures);
        notBefore = now + wait;
        return wait;
    }

    /** What failed is that the target could not be used. */
    void outage(Instant at) {
        if (outageSince == null) {
            outageSince = at;
        }
    }

    /** The target was read; returns how long it could not be used before, if it could not. */
    Optional<Duration> give(Instant at) {
        given = true;
        Optional<Duration> lasted = Optional.ofNullable(outageSince).map(since -> Duration.between(since, at));
        outageSince = null;
        return lasted;
    }

    /** A full pass went well: the next failure is a first one. */
    void confirm() {
        failures = 0;
    }

    boolean targetUp() {
        return outageSince == null;
    }

    /** The last failure, while the target can't be used. */
    Optional<String> error() {
        return targetUp() ? Optional.empty() : Optional.of(error);
    }
}
