package bridge.bailey.desired;

import bridge.bailey.model.Health;
import bridge.bailey.model.Probe;
import java.time.Duration;
import java.util.List;

/**
 * The configured rules by which legacy services are mirrored; the keys below {@code bailey.legacy} and
 * {@code bailey.probe} document them.
 *
 * @param namespaces in which mirrors are made
 * @param allowLoopback whether loopback addresses are taken, which a real API server refuses
 * @param failOpenBelow the default share
 */
public record LegacyRules(
        List<Glob> namespaces,
        boolean allowLoopback,
        Duration interval,
        Duration timeout,
        int rise,
        int fall,
        Health initially,
        double failOpenBelow) {

    public LegacyRules {
        namespaces = List.copyOf(namespaces);
    }

    /** A probe with the default timing. */
    Probe probe(Probe.Check check) {
        return new Probe(check, interval, timeout, rise, fall, initially);
    }
}
