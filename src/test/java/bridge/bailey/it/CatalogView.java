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
        JsonNode services;
        JsonNode checks;
        // Two answers may be of two moments; where the services are the same afterwards, each has its check by then.
        do {
            services = services(consul, node);
            checks = consul.get("health/node/" + encoded(node));
        } while (!services.equals(services(consul, node)));
        return joined(services, checks);
    }

    private static JsonNode services(LocalConsul consul, String node) {
        JsonNode answer = consul.get("catalog/node-services/" + encoded(node));
        return answer.path("Services");
    }

    private static Map<String, String> joined(JsonNode services, JsonNode checks) {
        Map<String, String> statuses = new TreeMap<>();
        for (JsonNode check : checks) {
            statuses.merge(
                    check.get("ServiceID").asText(),
                    check.get("CheckID").asText().replaceAll(".*:", "") + "="
                            + check.get("Status").asText() + "("
                            + check.get("Output").asText() + ")",
                    (a, b) -> a + "+" + b);
        }
        Map<String, String> all = new TreeMap<>();
        for (JsonNode service : services) {
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
