package bridge.bailey.probe;

import bridge.bailey.model.Health;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.Verdict;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The verdicts of all services, with the rule by which Bailey keeps them rather than believe that everything died at once
 * (fail-open). {@link Health measured} is what a target's own probes say, after rise and fall; <em>what counts</em> is what
 * others act on. Normally they are the same.
 *
 * <ol>
 *   <li>A service is <em>suspect</em> while, of its targets that are measured HEALTHY or UNHEALTHY, the share of HEALTHY is
 *       below its {@code failOpenBelow}. All services are suspect while that is so for the targets of all of them together
 *       and the share of the bridge; this begins only once half of them are measured, so that the first few answers after a
 *       start say nothing about the bridge. A share of 0 turns a rule off.
 *   <li>When a service becomes suspect, each target that fell within the last {@code 2 × (interval + timeout)} gets back what
 *       counted before it fell. Since targets are probed one after the other, those that a broken path took down fell within
 *       an interval and a time-out of each other. Who fell earlier is unhealthy for a reason of its own, and stays so.
 *   <li>While it is suspect, failures do not change what counts: a target that becomes UNHEALTHY keeps HEALTHY, or UNKNOWN if
 *       it never had a verdict. Passes do: whoever is measured HEALTHY counts as HEALTHY, since a broken path can't forge that.
 *   <li>When it is no longer suspect, what is measured counts again at once, with one exception: whoever was kept HEALTHY and
 *       is measured UNHEALTHY stays so until it failed {@code fall} more times. After an outage of the path the first
 *       targets that are seen again end the suspicion; the others are seen an interval later, and must not drop in between.
 * </ol>
 *
 * <p>So the single target of a service never drops unless the share is 0: to take away the only endpoint helps nobody. One
 * outcome costs the same whatever the number of targets; when a service begins or ceases to be suspect, its targets are gone
 * through once. Except for {@link #of} all of it belongs to one thread.
 */
final class Verdicts {

    private final double failOpenBelow;
    private final Probes.Listener listener;
    private final ProbeObserver observer;
    private final Map<ServiceKey, ServiceVerdicts> services = new ConcurrentHashMap<>();
    private final Share all = new Share();
    private boolean suspected;

    Verdicts(double failOpenBelow, Probes.Listener listener, ProbeObserver observer) {
        this.failOpenBelow = failOpenBelow;
        this.listener = listener;
        this.observer = observer;
    }

    /**
     * For any thread. Each verdict is whole; where a service becomes suspect, a reader may see some targets' verdicts of before
     * and some of after, and the listener is told when all are there.
     */
    Map<ProbeTarget, Verdict> of(ServiceKey key) {
        ServiceVerdicts service = services.get(key);
        return service == null ? Map.of() : service.published();
    }

    /** Judges these targets of the service and no others. */
    void watch(ServiceKey key, ProbeSet set, Moment now) {
        if (set.targets().isEmpty() && !services.containsKey(key)) {
            return;
        }
        ServiceVerdicts service = services.computeIfAbsent(key, unknown -> new ServiceVerdicts(all, suspected));
        boolean changed = service.watch(set, now);
        reviewAll(key, service, changed, now);
        if (set.targets().isEmpty()) {
            services.remove(key);
        }
    }

    /** Takes the outcome of a probe into account. */
    void take(ServiceKey key, ProbeTarget target, Outcome outcome, Moment now) {
        ServiceVerdicts service = services.get(key);
        reviewAll(key, service, service.take(target, outcome, now), now);
    }

    /** Whether the probes of a target have come to a verdict. */
    boolean decided(ServiceKey key, ProbeTarget target) {
        return services.get(key).measured(target) != Health.UNKNOWN;
    }

    private void reviewAll(ServiceKey key, ServiceVerdicts service, boolean changed, Moment now) {
        boolean turned = service.review(now);
        if (turned) {
            tell(Optional.of(key), service.suspected(), service.share());
        }
        reviewBridge(now);
        if (changed || turned) {
            listener.changed(key);
        }
    }

    private void reviewBridge(Moment now) {
        boolean suspect = all.below(failOpenBelow) && (suspected || all.mostlyJudged());
        if (suspect == suspected) {
            return;
        }
        suspected = suspect;
        tell(Optional.empty(), suspected, all);
        services.forEach((key, service) -> {
            if (service.bridge(suspected, now)) {
                listener.changed(key);
            }
        });
    }

    private void tell(Optional<ServiceKey> service, boolean isSuspected, Share share) {
        observer.suspects(service, isSuspected, share.healthy(), share.judged());
    }
}
