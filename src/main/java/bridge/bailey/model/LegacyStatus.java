package bridge.bailey.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a LegacyService's status says.
 *
 * @param observedGeneration the generation of the spec that it is about
 * @param service the name of the Service
 * @param ready healthy instances of all, such as {@code 3/4}
 * @param originNames such as {@code ec2/eu-central-1, static}
 * @param instances at most 100, the unhealthy ones first
 */
public record LegacyStatus(
        long observedGeneration,
        String service,
        String ready,
        String originNames,
        List<Instance> instances,
        List<Origin> origins,
        List<Condition> conditions) {

    /** How many instances a status tells at most, so that it stays small. */
    public static final int MOST_INSTANCES = 100;

    public LegacyStatus {
        instances = List.copyOf(instances);
        origins = List.copyOf(origins);
        conditions = List.copyOf(conditions);
    }

    /**
     * One instance.
     *
     * @param zone or ""
     * @param since when the state last changed
     * @param reason why it is in this state, or ""
     */
    public record Instance(
            String id,
            String address,
            String origin,
            String zone,
            InstanceState state,
            Optional<Instant> since,
            String reason) {}

    /**
     * One origin.
     *
     * @param instances how many instances it has
     * @param error why it failed the last time, or ""
     */
    public record Origin(String origin, int instances, Optional<Instant> lastSuccess, String error) {}

    /**
     * One condition.
     *
     * @param type such as {@code Ready}
     * @param reason in CamelCase
     * @param message a sentence, or ""
     * @param since when {@code holds} changed, if it did
     */
    public record Condition(String type, Holds holds, String reason, String message, Instant since) {}

    /** Whether a condition holds. */
    public enum Holds {
        TRUE,
        FALSE,
        UNKNOWN
    }
}
