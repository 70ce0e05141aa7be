package bridge.bailey.probe;

import bridge.bailey.model.ServiceKey;
import java.util.Optional;
import java.util.OptionalDouble;

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

    /**
     * The open connections of a service's machines were counted again.
     *
     * @param open of all that told lately; empty if none did, or none is asked any more
     */
    default void connections(ServiceKey key, OptionalDouble open) {}

    /** Nothing of this service is probed any more. */
    default void forgotten(ServiceKey key) {}
}
