package bridge.bailey.consul;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** What Consul's catalog answers, in full fidelity. Fields that Bailey does not use are left out. */
public final class Catalog {

    private Catalog() {}

    /** A node. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Node(
            @JsonProperty("Node") String name,
            @JsonProperty("Address") String address,
            @JsonProperty("Meta") Map<String, String> meta,
            @JsonProperty("CreateIndex") long createIndex,
            @JsonProperty("ModifyIndex") long modifyIndex) {

        public Node {
            meta = meta == null ? Map.of() : meta;
        }
    }

    /** A service instance. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Service(
            @JsonProperty("ID") String id,
            @JsonProperty("Service") String name,
            @JsonProperty("Address") String address,
            @JsonProperty("Port") int port,
            @JsonProperty("Tags") List<String> tags,
            @JsonProperty("Meta") Map<String, String> meta,
            @JsonProperty("Weights") Weights weights,
            @JsonProperty("TaggedAddresses") Map<String, Object> taggedAddresses,
            @JsonProperty("EnableTagOverride") boolean enableTagOverride,
            @JsonProperty("Kind") String kind,
            @JsonProperty("Ports") List<ServicePort> ports,
            @JsonProperty("ModifyIndex") long modifyIndex) {

        public Service {
            ports = ports == null ? List.of() : ports;
            address = address == null ? "" : address;
            kind = kind == null ? "" : kind;
            taggedAddresses = taggedAddresses == null ? Map.of() : taggedAddresses;
            tags = tags == null ? List.of() : tags;
            meta = meta == null ? Map.of() : meta;
        }
    }

    /** One port of a service instance that has several, which Consul knows since 1.22; Bailey writes none. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record ServicePort(@JsonProperty("Port") int port, @JsonProperty("Default") boolean isDefault) {}

    /** A service instance with its node, and with the checks of both: an answer of {@code /v1/health/service}. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Instance(
            @JsonProperty("Node") Node node,
            @JsonProperty("Service") Service service,
            @JsonProperty("Checks") List<Check> checks) {

        public Instance {
            checks = checks == null ? List.of() : checks;
        }
    }

    /** The weights of a service instance in SRV answers. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Weights(@JsonProperty("Passing") int passing, @JsonProperty("Warning") int warning) {}

    /** A check of a node or, if it has a service id, of a service instance. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Check(
            @JsonProperty("CheckID") String id,
            @JsonProperty("Name") String name,
            @JsonProperty("ServiceID") String serviceId,
            @JsonProperty("Status") String status,
            @JsonProperty("Notes") String notes,
            @JsonProperty("Output") String output,
            @JsonProperty("ModifyIndex") long modifyIndex) {

        public Check {
            id = id == null ? "" : id;
            serviceId = serviceId == null ? "" : serviceId;
            status = status == null ? "" : status;
            notes = notes == null ? "" : notes;
            output = output == null ? "" : output;
        }
    }

    /** The answer of {@code /v1/catalog/node-services}: null parts if there is no such node. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record NodeServices(@JsonProperty("Node") Node node, @JsonProperty("Services") List<Service> services) {}

    /** A key of the KV store; the value is in base64, and null in the result of a transaction. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Key(
            @JsonProperty("Key") String key,
            @JsonProperty("Value") String value,
            @JsonProperty("ModifyIndex") long modifyIndex) {

        /** The value; empty if there is none. */
        public byte[] bytes() {
            return value == null ? new byte[0] : Base64.getDecoder().decode(value);
        }
    }
}
