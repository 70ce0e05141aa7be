package bridge.bailey.model;

import java.time.Duration;
import java.util.List;

/**
 * What counts where a LegacyService does not say otherwise.
 *
 * @param initially what a new instance is taken for until its first verdict
 * @param failOpenBelow the share of healthy instances below which Bailey suspects its own path; 0 for never
 * @param regions of EC2; empty for the one that the AWS SDK finds
 */
public record LegacyDefaults(
        Duration interval,
        Duration timeout,
        int rise,
        int fall,
        Health initially,
        double failOpenBelow,
        List<String> regions) {

    public LegacyDefaults {
        regions = List.copyOf(regions);
    }
}
