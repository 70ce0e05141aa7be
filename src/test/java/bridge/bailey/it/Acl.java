package bridge.bailey.it;

import bridge.bailey.local.LocalConsul;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Policies and tokens of a Consul that denies by default. */
record Acl(LocalConsul consul) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** The policy that we tell people to use, for this cluster. */
    static String documented(String cluster) {
        try {
            return Files.readString(Path.of("k8s", "consul", "bailey-policy.hcl"))
                    .replace("CLUSTER", cluster);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A token, and by what it is known. */
    record Made(String accessor, String secret) {}

    /** Makes a policy; returns its id. */
    String policy(String name, String rules) {
        return put("acl/policy", Map.of("Name", name, "Rules", rules)).get("ID").asText();
    }

    /** Gives a policy other rules. */
    void change(String id, String name, String rules) {
        put("acl/policy/" + id, Map.of("ID", id, "Name", name, "Rules", rules));
    }

    /** Makes a token with the policy of this id. */
    Made token(String policy) {
        JsonNode made = put("acl/token", Map.of("Policies", List.of(Map.of("ID", policy))));
        return new Made(made.get("AccessorID").asText(), made.get("SecretID").asText());
    }

    void delete(Made token) {
        consul.delete("acl/token/" + token.accessor());
    }

    JsonNode put(String path, Object body) {
        try {
            return consul.put(path, MAPPER.writeValueAsString(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
