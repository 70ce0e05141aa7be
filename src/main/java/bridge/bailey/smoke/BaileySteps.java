package bridge.bailey.smoke;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a Bailey serves. */
final class BaileySteps {

    /** What alerts and dashboards can't do without. */
    private static final Set<String> EXPECTED = Set.of(
            "bailey_build_info",
            "bailey_leader",
            "bailey_owned",
            "bailey_passes_total",
            "bailey_source_up",
            "jvm_threads_current");

    private final Target target;

    BaileySteps(Target target) {
        this.target = target;
    }

    List<Step> all() {
        return List.of(
                new Step("started", () -> up("/health/started")),
                new Step("live", () -> up("/health/live")),
                new Step("ready", () -> up("/health/ready")),
                new Step("health", this::health),
                new Step("metrics", this::metrics),
                new Step("api", this::api),
                new Step("one service", this::service),
                new Step("plan", this::plan),
                new Step("openapi", this::openapi),
                new Step("discovery", this::discovery),
                new Step("board", this::board));
    }

    private Seen up(String path) throws Failure, InterruptedException {
        String status = target.get(path).ok().json().path("status").asText();
        if (!status.equals("UP")) {
            throw Failure.passing(path + " says " + status);
        }
        return Seen.well(status);
    }

    /** DEGRADED is told, and is none of the deploy's doing: some machine may well be down. */
    private Seen health() throws Failure, InterruptedException {
        Answer answer = target.get("/health");
        JsonNode health = answer.json();
        JsonNode services = health.path("services");
        String text = health.path("status").asText() + ", of "
                + services.path("total").asInt() + " services "
                + services.path("up").asInt() + " are up, "
                + services.path("degraded").asInt() + " degraded, "
                + services.path("down").asInt() + " down" + problems(health.at("/bridge/problems"));
        if (answer.status() != Answer.OK) {
            throw Failure.passing("/health answers with status " + answer.status() + ": " + text);
        }
        return Seen.well(text);
    }

    private static String problems(JsonNode problems) {
        StringBuilder text = new StringBuilder();
        problems.forEach(problem -> text.append("; ").append(problem.asText()));
        return text.toString();
    }

    private Seen metrics() throws Failure, InterruptedException {
        Exposition metrics = Exposition.read(target.get("/metrics").ok());
        Set<String> missing = new TreeSet<>(EXPECTED);
        missing.removeAll(metrics.names());
        if (!missing.isEmpty()) {
            throw Failure.passing("/metrics lacks " + String.join(", ", missing));
        }
        return Seen.well(metrics.toString());
    }

    private Seen api() throws Failure, InterruptedException {
        JsonNode services = services();
        for (JsonNode service : services) {
            for (String field : List.of("namespace", "name", "status")) {
                if (!service.path(field).isTextual()) {
                    throw Failure.passing("/api/services has a service without " + field);
                }
            }
        }
        return Seen.well(services.size() + " services");
    }

    private JsonNode services() throws Failure, InterruptedException {
        JsonNode services = target.get("/api/services").ok().json().path("services");
        if (!services.isArray()) {
            throw Failure.passing("/api/services has no list of services");
        }
        return services;
    }

    /** The pages of the first service: its health may well be DOWN, but is told. */
    private Seen service() throws Failure, InterruptedException {
        JsonNode services = services();
        if (services.isEmpty()) {
            return Seen.nothing("no service is bridged");
        }
        String key = services.get(0).path("namespace").asText() + "/"
                + services.get(0).path("name").asText();
        String health = target.get("/health/" + key).json().path("status").asText();
        if (!Set.of("UP", "DEGRADED", "DOWN").contains(health)) {
            throw Failure.passing("/health/" + key + " says " + health);
        }
        target.get("/info/" + key).ok().json();
        target.get("/api/services/" + key).ok().json();
        return Seen.well(key + " is " + health + ", "
                + Exposition.read(target.get("/metrics/" + key).ok()));
    }

    private Seen plan() throws Failure, InterruptedException {
        JsonNode plan = target.get("/api/plan").ok().json();
        if (!plan.path("changes").isArray()) {
            throw Failure.passing("/api/plan has no list of changes");
        }
        return Seen.well(plan.path("changes").size() + " changes wait, "
                + plan.path("withheld").size() + " are withheld");
    }

    private Seen openapi() throws Failure, InterruptedException {
        Answer answer = target.get("/api/openapi").ok();
        answer.notHtml();
        if (!answer.body().contains("openapi") || !answer.body().contains("/api/services")) {
            throw Failure.passing("/api/openapi is no OpenAPI document of Bailey");
        }
        return Seen.well("describes the API");
    }

    private Seen discovery() throws Failure, InterruptedException {
        JsonNode groups = target.get("/sd/prometheus").ok().json();
        if (!groups.isArray()) {
            throw Failure.passing("/sd/prometheus is no list");
        }
        return Seen.well(groups.size() + " groups of machines for Prometheus");
    }

    private Seen board() throws Failure, InterruptedException {
        Answer page = target.get("/").ok();
        if (!page.isHtml() || !page.body().contains("board.css")) {
            throw Failure.passing("/ is not Bailey's board");
        }
        return Seen.well("is served");
    }
}
