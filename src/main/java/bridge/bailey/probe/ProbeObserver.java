package bridge.bailey.probe;

import bridge.bailey.model.ServiceKey;
import java.util.Optional;

/** Is told what probes do, for metrics and the log. Called on the event loop: must be quick. */
public interface ProbeObserver {

    /** A probe ended, after so many seconds. */
    void observed(ServiceKey key, ProbeResult result, double seconds);

    /** A probe began, so many seconds after it was due. */
    void began(double secondsLate);

    /**
     * Bailey began, or ceased, to suspect its own path.
     *
     * @param service whose targets fail; empty for the bridge as a whole
     * @param healthy how many targets are measured healthy, of
     * @param judged those that have a verdict
     */
    void suspects(Optional<ServiceKey> service, boolean suspected, int healthy, int judged);

    /** Nothing of this service is probed any more. */
    default void forgotten(ServiceKey key) {}
}
