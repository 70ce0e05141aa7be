package bridge.bailey.probe;

import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.Verdict;
import java.util.Map;

/** Probes legacy instances, again and again. */
public interface Probes extends AutoCloseable {

    /**
     * Probes these targets of a service from now on, and no others; does not block. A target that is known keeps what its
     * probes have come to, even if its probe is another now.
     */
    void watch(ServiceKey key, ProbeSet set);

    /** What the probes of a service's targets have come to; without those that were never probed. For any thread. */
    Map<ProbeTarget, Verdict> verdicts(ServiceKey key);

    @Override
    void close();

    /** Is told that a verdict of a service changed: what counts, or why. Must be quick. */
    interface Listener {
        void changed(ServiceKey key);
    }
}
