package bridge.bailey.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the probes of one target have come to.
 *
 * @param health what counts: the measured health, unless Bailey suspects its own path and keeps the last good one;
 *     UNKNOWN before the first verdict
 * @param measured what the probes themselves say, after rise and fall
 * @param since when {@code health} last changed
 * @param reason why the last probe failed, or "" if it passed
 * @param suspected whether {@code health} is kept because too many fail at once
 * @param failures the last failures, the newest first; at most ten
 */
public record Verdict(
        Health health,
        Health measured,
        Optional<Instant> since,
        String reason,
        boolean suspected,
        List<Failure> failures) {

    /** Of a target that was never probed. */
    public static final Verdict NONE =
            new Verdict(Health.UNKNOWN, Health.UNKNOWN, Optional.empty(), "", false, List.of());

    public Verdict {
        failures = List.copyOf(failures);
    }

    /** A probe that failed. */
    public record Failure(Instant at, String reason) {}
}
