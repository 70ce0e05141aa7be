package bridge.bailey.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Where instances come from: exactly one of the four. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("One origin.")
@ValidationRule(
        value = "[has(self.static), has(self.ec2), has(self.consul), has(self.hostname)].filter(x, x).size() == 1",
        message = "an origin has exactly one of static, ec2, consul and hostname")
public record Origin(
        @JsonProperty("static") @JsonPropertyDescription("Instances by their addresses.") StaticOrigin fixed,
        @JsonPropertyDescription("Instances of EC2. Those that run are used, those that stop are drained.")
                Ec2Origin ec2,
        @JsonPropertyDescription(
                        "A service that agents on the machines registered in Consul, with the health that Consul"
                                + " knows.")
                ConsulOrigin consul,
        @JsonPropertyDescription("A DNS name, such as billing.legacy.example.com. Alone only: the Service becomes an"
                        + " ExternalName, which has neither ports nor probes.")
                @Pattern(Formats.HOST_NAME)
                @Size(max = 253)
                String hostname) {

    /** Instances by their addresses. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    @ValidationRule(
            value = "self.instances.all(i, self.instances.exists_one(j, (has(j.id) ? j.id : j.address) =="
                    + " (has(i.id) ? i.id : i.address)))",
            message = "no two instances have the same id; an instance without one has its address as its id",
            fieldPath = ".instances")
    public record StaticOrigin(
            @JsonPropertyDescription("The instances, at most 100; more of them go into a further static origin.")
                    @Required
                    @Size(max = 100)
                    @ListKeys("address")
                    List<StaticInstance> instances) {}

    /** One machine. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record StaticInstance(
            @JsonPropertyDescription(
                            "The IP address. Kubernetes routes to no loopback, link-local or multicast address;"
                                    + " such an instance is reported and left out.")
                    @Required
                    @Size(min = 1, max = 63)
                    String address,
            @JsonPropertyDescription("What the instance is called in the status, in metrics and in Consul. Default: its"
                            + " address.")
                    @Pattern(Formats.ID)
                    @Size(max = 63)
                    String id,
            @JsonPropertyDescription("The availability zone that the instance is in.")
                    @Pattern(Formats.ZONE)
                    @Size(max = 63)
                    String zone) {}

    /** Instances of EC2. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Ec2Origin(
            @JsonPropertyDescription("The region that is asked. Default: each of bailey.ec2.regions.")
                    @Pattern(Formats.REGION)
                    @Size(max = 32)
                    String region,
            @JsonPropertyDescription(
                            "What an instance must match, all of it. At least one filter, since without any every"
                                    + " machine of the account would match.")
                    @Required
                    @Size(min = 1, max = 50)
                    List<Filter> filters,
            @JsonPropertyDescription("Which address of an instance is used.") @Default("private") Address address,
            @JsonPropertyDescription("The ARN of the IAM role that Bailey assumes to ask. Default: Bailey's own"
                            + " credentials.")
                    @Pattern(Formats.ROLE)
                    @Size(max = 2048)
                    String roleArn) {}

    /** A filter of DescribeInstances. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Filter(
            @JsonPropertyDescription("As DescribeInstances takes it, such as tag:app or vpc-id.")
                    @Required
                    @Pattern(Formats.FILTER)
                    @Size(min = 1, max = 255)
                    String name,
            @JsonPropertyDescription("Any of these; * and ? are wildcards.") @Required @Size(min = 1, max = 200)
                    List<@Size(max = 1024) String> values) {}

    /** Which address of an instance of EC2 is used. */
    public enum Address {
        @JsonProperty("private")
        PRIVATE,
        @JsonProperty("public")
        PUBLIC
    }

    /** A service in Consul. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record ConsulOrigin(
            @JsonPropertyDescription("The name of the service in Consul.")
                    @Required
                    @Pattern(Formats.CONSUL_WORD)
                    @Size(min = 1, max = 255)
                    String service,
            @JsonPropertyDescription("The datacenter. Default: that of the agent that Bailey talks to.")
                    @Pattern(Formats.DATACENTER)
                    @Size(max = 255)
                    String datacenter,
            @JsonPropertyDescription("Tags that an instance must have, all of them.") @Size(max = 64)
                    List<@Pattern(Formats.CONSUL_WORD) @Size(max = 255) String> tags) {}
}
