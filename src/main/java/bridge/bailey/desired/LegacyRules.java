package bridge.bailey.desired;

import bridge.bailey.model.LegacyDefaults;
import bridge.bailey.model.Probe;
import java.util.List;

/**
 * The configured rules by which legacy services are mirrored; the keys below {@code bailey.legacy} and
 * {@code bailey.probe} document them.
 *
 * @param namespaces in which mirrors are made
 * @param allowLoopback whether loopback addresses are taken, which a real API server refuses
 * @param defaults what counts where nobody says otherwise
 */
public record LegacyRules(List<Glob> namespaces, boolean allowLoopback, LegacyDefaults defaults) {

    public LegacyRules {
        namespaces = List.copyOf(namespaces);
    }

    /** A probe with the default timing. */
    Probe probe(Probe.Check check) {
        return new Probe(
                check, defaults.interval(), defaults.timeout(), defaults.rise(), defaults.fall(), defaults.initially());
    }
}
