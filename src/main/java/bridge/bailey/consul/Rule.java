package bridge.bailey.consul;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rule of an ACL policy, as people write it, and what Consul says where one is missing.
 *
 * @param resource such as {@code service} or {@code node_prefix}
 * @param name of the one thing, or what the names of all begin with; "" for all of them
 * @param policy {@code read} or {@code write}
 */
public record Rule(String resource, String name, String policy) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** All that versions before 1.11 say; since then more follows. */
    private static final String DENIED = "ermission denied";

    /** What newer versions add, such as {@code lacks permission 'service:write' on "web"}. */
    private static final Pattern LACKS = Pattern.compile("lacks permission '(\\w+):(\\w+)'(?: on \"([^\"]*)\")?");

    private static final List<String> READING = List.of("get", "check-index", "check-session", "get-tree");

    /** How the policy says it: {@code service "web" { policy = "write" }}. */
    @Override
    public String toString() {
        return resource + " \"" + name + "\" { policy = \"" + policy + "\" }";
    }

    /** Whether Consul says that a permission is missing. */
    public static boolean isMissingBy(String words) {
        return words.contains(DENIED);
    }

    /**
     * Consul's words, after the rule that they ask for; the words alone if they ask for none.
     *
     * @param needed the rule in question if Consul names none, as old versions don't, or if Consul asks for the right to read what
     *     has to be written next
     */
    static String explained(String words, Optional<Rule> needed) {
        if (!isMissingBy(words)) {
            return words;
        }
        return of(words)
                .map(named -> needed.filter(rule -> rule.covers(named)).orElse(named))
                .or(() -> needed)
                .map(rule -> "the policy of Bailey's token needs " + rule + "; Consul says: " + words)
                .orElse(words);
    }

    private static Optional<Rule> of(String words) {
        Matcher lacks = LACKS.matcher(words);
        return lacks.find() && lacks.group(3) != null
                ? Optional.of(new Rule(lacks.group(1), lacks.group(3), lacks.group(2)))
                : Optional.empty();
    }

    private boolean covers(Rule other) {
        return resource.equals(other.resource) && name.equals(other.name) && policy.equals("write");
    }

    /** What an operation of {@code /v1/txn} takes. */
    static Optional<Rule> forOperation(byte[] operation) {
        try {
            JsonNode json = MAPPER.readTree(operation);
            JsonNode check = json.path("Check").path("Check");
            if (json.has("KV")) {
                JsonNode kv = json.get("KV");
                boolean reads = READING.contains(kv.path("Verb").asText());
                return Optional.of(new Rule("key", kv.path("Key").asText(), reads ? "read" : "write"));
            }
            if (json.has("Service")) {
                String name =
                        json.get("Service").path("Service").path("Service").asText();
                return Optional.of(new Rule("service", name, "write"));
            }
            if (!check.path("ServiceName").asText().isEmpty()) {
                return Optional.of(new Rule("service", check.get("ServiceName").asText(), "write"));
            }
            String node = check.path("Node")
                    .asText(json.path("Node").path("Node").path("Node").asText());
            return node.isEmpty() ? Optional.empty() : Optional.of(new Rule("node", node, "write"));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
