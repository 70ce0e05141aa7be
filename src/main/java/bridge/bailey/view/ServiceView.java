package bridge.bailey.view;

import bridge.bailey.model.ServiceKey;
import java.time.Instant;
import java.util.List;

/**
 * One bridged service at a glance.
 *
 * @param consulNames under which it is in Consul, or should be; none if it is not to be there
 * @param disagreements instances about which Consul, Kubernetes and the probe disagree
 * @param stale the sources it is read from that are away for too long
 * @param pending changes that wait for a pass
 * @param withheld changes that are not made
 * @param findings how much its users should mend
 * @param since when Bailey first saw it
 * @param changed when an instance last came, went, or changed its state
 */
public record ServiceView(
        ServiceKey key,
        List<String> consulNames,
        Status status,
        Sides sides,
        int disagreements,
        List<String> stale,
        int pending,
        int withheld,
        int findings,
        CutoverVerdict verdict,
        Instant since,
        Instant changed) {

    public ServiceView {
        consulNames = List.copyOf(consulNames);
        stale = List.copyOf(stale);
    }

    /**
     * Both sides.
     *
     * @param inKubernetes whether the cluster has a Service for it that is not a mirror
     * @param inLegacy whether something declares it as a legacy service, or did while Bailey looked
     */
    public record Sides(boolean inKubernetes, Tally kubernetes, boolean inLegacy, Tally legacy) {}
}
