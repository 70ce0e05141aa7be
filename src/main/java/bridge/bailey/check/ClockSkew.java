package bridge.bailey.check;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How far another's clock is from ours. Leases, tokens and requests to AWS go by clocks. */
final class ClockSkew {

    /** The header {@code Date} tells whole seconds only, and the answer takes its time. */
    private static final Duration TOLERATED = Duration.ofSeconds(5);

    private ClockSkew() {}

    static void report(Report report, String whose, Optional<Instant> theirs, Instant ours) {
        if (theirs.isEmpty()) {
            report.ok("clock of " + whose, "it tells none");
            return;
        }
        Duration ahead = Duration.between(ours, theirs.get());
        if (ahead.abs().compareTo(TOLERATED) <= 0) {
            report.ok("clock of " + whose, "agrees with ours");
        } else {
            report.warn(
                    "clock of " + whose,
                    ahead.abs().toSeconds() + " s " + (ahead.isNegative() ? "behind" : "ahead of")
                            + " ours: leases and tokens may end too early or too late",
                    "timedatectl set-ntp true  # on the machine whose clock is wrong");
        }
    }
}
