package bridge.bailey.probe;

import bridge.bailey.model.Probe;
import bridge.bailey.model.ProbeTarget;
import java.util.Map;

/**
 * What is probed of one legacy service.
 *
 * @param targets each with its probe; instances of one service may have different ones
 * @param failOpenBelow the share of healthy targets, of those with a verdict, below which the last good verdicts are
 *     kept; 0 for never
 */
public record ProbeSet(Map<ProbeTarget, Probe> targets, double failOpenBelow) {

    public static final ProbeSet EMPTY = new ProbeSet(Map.of(), 0);

    public ProbeSet {
        targets = Map.copyOf(targets);
    }
}
