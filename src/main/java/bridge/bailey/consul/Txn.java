package bridge.bailey.consul;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The operations of {@code /v1/txn}, as bytes of JSON, with no field that an old Consul refuses or a new one dropped. */
public final class Txn {

    private static final JsonFactory JSON = new JsonFactory();

    private Txn() {}

    /** Writes a node if its index is still {@code index}; 0 means that there must be none of that name. */
    public static byte[] setNode(String name, String address, Map<String, String> meta, long index) {
        return op("Node", "cas", json -> {
            json.writeObjectFieldStart("Node");
            json.writeStringField("Node", name);
            json.writeStringField("Address", address);
            map(json, meta);
            json.writeNumberField("ModifyIndex", index);
            json.writeEndObject();
        });
    }

    /** Removes a node, with whatever is on it, if its own index is still {@code index}. */
    public static byte[] deleteNode(String name, long index) {
        return op("Node", "delete-cas", json -> {
            json.writeObjectFieldStart("Node");
            json.writeStringField("Node", name);
            json.writeNumberField("ModifyIndex", index);
            json.writeEndObject();
        });
    }

    /** A service instance to write. */
    public record Service(
            String id,
            String name,
            String address,
            int port,
            Collection<String> tags,
            Map<String, String> meta,
            int weight) {}

    /** Writes a service instance if its index is still {@code index}; 0 means that there must be none. */
    public static byte[] setService(String node, Service service, long index) {
        return op("Service", "cas", json -> {
            json.writeStringField("Node", node);
            json.writeObjectFieldStart("Service");
            json.writeStringField("ID", service.id());
            json.writeStringField("Service", service.name());
            json.writeStringField("Address", service.address());
            json.writeNumberField("Port", service.port());
            json.writeArrayFieldStart("Tags");
            for (String tag : service.tags()) {
                json.writeString(tag);
            }
            json.writeEndArray();
            map(json, service.meta());
            json.writeObjectFieldStart("Weights");
            json.writeNumberField("Passing", service.weight());
            json.writeNumberField("Warning", 1);
            json.writeEndObject();
            json.writeNumberField("ModifyIndex", index);
            json.writeEndObject();
        });
    }

    /** Fails, and the transaction with it, if there is no such service instance. */
    public static byte[] getService(String node, String id, String name) {
        return op("Service", "get", json -> {
            json.writeStringField("Node", node);
            json.writeObjectFieldStart("Service");
            json.writeStringField("ID", id);
            json.writeStringField("Service", name);
            json.writeEndObject();
        });
    }

    /** Removes a service instance and its checks if its index is still {@code index}. */
    public static byte[] deleteService(String node, String id, String name, long index) {
        return op("Service", "delete-cas", json -> {
            json.writeStringField("Node", node);
            json.writeObjectFieldStart("Service");
            json.writeStringField("ID", id);
            json.writeStringField("Service", name);
            json.writeNumberField("ModifyIndex", index);
            json.writeEndObject();
        });
    }

    /** A check to write, of a service instance; the ACL that Consul asks for is that of {@code serviceName}. */
    public record Check(String id, String name, String serviceId, String serviceName, String status, String output) {}

    /** Writes a check, whatever there is. */
    public static byte[] setCheck(String node, Check check) {
        return op("Check", "set", json -> check(json, node, check, 0));
    }

    /** Writes a check if its index is still {@code index}; 0 means that there must be none. */
    public static byte[] setCheck(String node, Check check, long index) {
        return op("Check", "cas", json -> check(json, node, check, index));
    }

    /** Removes a check if its index is still {@code index}. */
    public static byte[] deleteCheck(String node, Check check, long index) {
        return op("Check", "delete-cas", json -> check(json, node, check, index));
    }

    /** Writes a key if its index is still {@code index}; 0 means that there must be none. */
    public static byte[] setKey(String key, byte[] value, long index) {
        return op("KV", "cas", json -> {
            json.writeStringField("Key", key);
            json.writeStringField("Value", Base64.getEncoder().encodeToString(value));
            json.writeNumberField("Index", index);
        });
    }

    /** Does nothing, but fails the transaction if the index of a key is not {@code index}, or there is no such key. */
    public static byte[] checkKey(String key, long index) {
        return op("KV", "check-index", json -> {
            json.writeStringField("Key", key);
            json.writeNumberField("Index", index);
        });
    }

    /** Removes a key if its index is still {@code index}. */
    public static byte[] deleteKey(String key, long index) {
        return op("KV", "delete-cas", json -> {
            json.writeStringField("Key", key);
            json.writeNumberField("Index", index);
        });
    }

    private static void check(JsonGenerator json, String node, Check check, long index) throws IOException {
        json.writeObjectFieldStart("Check");
        json.writeStringField("Node", node);
        json.writeStringField("CheckID", check.id());
        json.writeStringField("Name", check.name());
        json.writeStringField("ServiceID", check.serviceId());
        json.writeStringField("ServiceName", check.serviceName());
        json.writeStringField("Status", check.status());
        json.writeStringField("Output", check.output());
        json.writeNumberField("ModifyIndex", index);
        json.writeEndObject();
    }

    private static void map(JsonGenerator json, Map<String, String> meta) throws IOException {
        json.writeObjectFieldStart("Meta");
        for (Map.Entry<String, String> pair : meta.entrySet()) {
            json.writeStringField(pair.getKey(), pair.getValue());
        }
        json.writeEndObject();
    }

    @FunctionalInterface
    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private static byte[] op(String type, String verb, Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(768);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeObjectFieldStart(type);
            json.writeStringField("Verb", verb);
            body.write(json);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /**
     * What Consul answered: either the results, or an error for each operation that failed, and then nothing was done.
     * Deletions have no result, so results and operations are not aligned.
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Answer(@JsonProperty("Results") List<Result> results, @JsonProperty("Errors") List<Failure> errors) {

        public Answer {
            results = results == null ? List.of() : results;
            errors = errors == null ? List.of() : errors;
        }
    }

    /** The state of one thing after the transaction; the other parts are null. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Result(
            @JsonProperty("KV") Catalog.Key key,
            @JsonProperty("Node") Catalog.Node node,
            @JsonProperty("Service") Catalog.Service service,
            @JsonProperty("Check") Catalog.Check check) {}

    /** Why one operation failed. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Failure(@JsonProperty("OpIndex") int operation, @JsonProperty("What") String what) {}
}
