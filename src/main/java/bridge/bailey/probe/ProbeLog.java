package bridge.bailey.probe;

import bridge.bailey.model.ServiceKey;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jboss.logging.Logger;

/** Logs what an operator must know of the probes, and tells all of it to another observer. */
public final class ProbeLog implements ProbeObserver {

    private static final Logger LOG = Logger.getLogger("bridge.bailey.probe");

    private final ProbeObserver next;

    public ProbeLog(ProbeObserver next) {
        this.next = next;
    }

    @Override
    public void observed(ServiceKey key, ProbeResult result, double seconds) {
        next.observed(key, result, seconds);
    }

    @Override
    public void began(double secondsLate) {
        next.began(secondsLate);
    }

    @Override
    public void suspects(Optional<ServiceKey> service, boolean suspected, int healthy, int judged) {
        String what = service.map(key -> "legacy service " + key).orElse("all legacy services together");
        if (suspected) {
            LOG.warnf(
                    "Only %d of %d instances of %s are healthy: Bailey suspects its own path, and keeps the last good"
                            + " verdicts",
                    healthy, judged, what);
        } else if (judged == 0) {
            LOG.infof("Nothing of %s is probed any more: its path is no longer suspected", what);
        } else {
            LOG.infof("%d of %d instances of %s are healthy: the verdicts count again", healthy, judged, what);
        }
        next.suspects(service, suspected, healthy, judged);
    }

    @Override
    public void connections(ServiceKey key, OptionalDouble open) {
        next.connections(key, open);
    }

    @Override
    public void forgotten(ServiceKey key) {
        next.forgotten(key);
    }
}
