package bridge.bailey.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What has become of what was declared. Only Bailey writes it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("What has become of it; written by Bailey.")
public record LegacyServiceStatus(
        @JsonPropertyDescription("The generation of the spec that this status is about.") Long observedGeneration,
        @JsonPropertyDescription("The Service that stands for the machines.") String service,
        @JsonPropertyDescription("How many instances are healthy, of how many: such as 3/4.") String ready,
        @JsonPropertyDescription("Where the instances come from: such as ec2/eu-central-1, static.") String originNames,
        @JsonPropertyDescription("The instances, the unhealthy ones first.") @Size(max = 100) List<Instance> instances,
        @JsonPropertyDescription("The origins, and how they answer.") @Size(max = 64) List<OriginStatus> origins,
        @JsonPropertyDescription("Ready (the summary), Synced, OriginsAvailable and Healthy.")
                @Size(max = 16)
                @ListKeys("type")
                List<Condition> conditions) {

    /** One instance. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Instance(
            @JsonPropertyDescription("The id, by its origin.") @Required String id,
            @JsonPropertyDescription("The address.") String address,
            @JsonPropertyDescription("Where it comes from.") String origin,
            @JsonPropertyDescription("The availability zone, if it is known.") String zone,
            @JsonPropertyDescription("healthy, unhealthy, draining or unknown.") String state,
            @JsonPropertyDescription("When the state last changed.") String since,
            @JsonPropertyDescription("Why it is in this state.") String reason) {}

    /** One origin. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record OriginStatus(
            @JsonPropertyDescription("Such as static, ec2/eu-central-1 or consul/dc1.") @Required String origin,
            @JsonPropertyDescription("How many instances it has.") @Min(0) Integer instances,
            @JsonPropertyDescription("When it last answered well. While it does, this is not written each time.")
                    String lastSuccess,
            @JsonPropertyDescription("Why it failed the last time; empty if it did not. While it fails, its last good"
                            + " answer counts.")
                    String error) {}

    /** One condition, as is usual in Kubernetes. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Condition(
            @JsonPropertyDescription("Ready, Synced, OriginsAvailable or Healthy.") @Required @Size(max = 316)
                    String type,
            @JsonPropertyDescription("Whether the condition holds.") @Required ConditionStatus status,
            @JsonPropertyDescription("Why, in one word in CamelCase.") @Size(max = 1024) String reason,
            @JsonPropertyDescription("Why, in a sentence.") @Size(max = 32768) String message,
            @JsonPropertyDescription("When status last changed.") String lastTransitionTime,
            @JsonPropertyDescription("The generation of the spec that the condition is about.") @Min(0)
                    Long observedGeneration) {}

    /** Whether a condition holds. */
    public enum ConditionStatus {
        True,
        False,
        Unknown
    }
}
