package bridge.bailey.it;

import bridge.bailey.local.LocalConsul;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** What Consul itself says that a node holds, for assertions that don't trust our own memory. */
public final class CatalogView {

    private CatalogView() {}

    /** Each service instance of a node by its id, as {@code name address:port weight status tags meta}. */
    public static Map<String, String> of(LocalConsul consul, String node) {
        Map<String, String> statuses = new TreeMap<>();
        for (JsonNode check : consul.get("health/node/" + encoded(node))) {
            statuses.merge(
                    check.get("ServiceID").asText(),
                    check.get("CheckID").asText().replaceAll(".*:", "") + "="
                            + check.get("Status").asText() + "("
                            + check.get("Output").asText() + ")",
                    (a, b) -> a + "+" + b);
        }
        Map<String, String> all = new TreeMap<>();
        JsonNode answer = consul.get("catalog/node-services/" + encoded(node));
        if (answer.isNull() || answer.path("Services").isMissingNode()) {
            return all;
        }
        for (JsonNode service : answer.get("Services")) {
            Map<String, String> meta = new TreeMap<>();
            service.path("Meta")
                    .properties()
                    .forEach(f -> meta.put(f.getKey(), f.getValue().asText()));
            all.put(
                    service.get("ID").asText(),
                    service.get("Service").asText() + " "
                            + service.path("Address").asText() + ":"
                            + service.path("Port").asInt() + " weight "
                            + service.path("Weights").path("Passing").asInt() + "/"
                            + service.path("Weights").path("Warning").asInt()
                            + (service.path("EnableTagOverride").asBoolean() ? " tag override " : " ")
                            + statuses.getOrDefault(service.get("ID").asText(), "no check") + " "
                            + service.get("Tags") + " " + meta);
        }
        return all;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
