package bridge.bailey.desired;

import bridge.bailey.model.Health;
import bridge.bailey.model.InstanceState;
import bridge.bailey.model.LegacyInstance;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.Verdict;
import java.time.Instant;
import java.util.Optional;

/**
 * What a legacy instance has come to, by its probe or else by its origins.
 *
 * @param since when the probe's verdict last changed
 * @param reason why it is in this state, or ""
 * @param verdict that of its probe; {@link Verdict#NONE} if it has none
 */
public record Judged(InstanceState state, Optional<Instant> since, String reason, Verdict verdict) {

    /** Judges an instance of a service. */
    public static Judged of(LegacyView view, LegacyInstance instance) {
        Verdict verdict = instance.probed()
                .map(p -> view.verdicts().getOrDefault(p.target(), Verdict.NONE))
                .orElse(Verdict.NONE);
        // Where a probe decides, what the origin says of its health does not matter.
        String why = instance.probed().isPresent() && (!verdict.reason().isEmpty() || !instance.draining())
                ? why(verdict)
                : instance.why();
        return new Judged(
                state(view, instance, verdict),
                verdict.since(),
                verdict.suspected() ? "last good verdict kept: " + why : why,
                verdict);
    }

    /** A lone failure of a healthy instance is no news; of one that is not, the last failure counts, until it is healthy. */
    private static String why(Verdict verdict) {
        if (verdict.health() == Health.HEALTHY && verdict.measured() == Health.HEALTHY) {
            return "";
        }
        return verdict.reason().isEmpty()
                ? verdict.failures().stream()
                        .findFirst()
                        .map(Verdict.Failure::reason)
                        .orElse("")
                : verdict.reason();
    }

    private static InstanceState state(LegacyView view, LegacyInstance instance, Verdict verdict) {
        return instance.probed().isPresent() && verdict.health() == Health.UNKNOWN
                ? InstanceState.UNKNOWN
                : InstanceState.of(Mirror.readiness(view, instance));
    }
}
