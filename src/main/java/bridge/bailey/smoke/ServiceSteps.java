package bridge.bailey.smoke;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A service that is no Bailey: of health, metrics and info only what is there is looked at. */
final class ServiceSteps {

    private final Target target;

    ServiceSteps(Target target) {
        this.target = target;
    }

    List<Step> all() {
        return List.of(
                new Step("health", this::health), new Step("metrics", this::metrics), new Step("info", this::info));
    }

    private Seen health() throws Failure, InterruptedException {
        Answer answer = target.get("/health");
        if (answer.status() == Answer.NOT_FOUND) {
            return Seen.nothing("/health is not there");
        }
        answer.notHtml();
        answer.ok();
        if (!answer.type().contains("json")) {
            return Seen.well("status 200");
        }
        String status = answer.json().path("status").asText("");
        if (status.equalsIgnoreCase("DOWN") || status.equalsIgnoreCase("fail")) {
            throw Failure.passing("/health says " + status);
        }
        return Seen.well(status.isEmpty() ? "status 200" : status);
    }

    private Seen metrics() throws Failure, InterruptedException {
        Answer answer = target.get("/metrics");
        return answer.status() == Answer.NOT_FOUND
                ? Seen.nothing("/metrics is not there")
                : Seen.well(Exposition.read(answer.ok()).toString());
    }

    private Seen info() throws Failure, InterruptedException {
        Answer answer = target.get("/info");
        if (answer.status() == Answer.NOT_FOUND) {
            return Seen.nothing("/info is not there");
        }
        JsonNode info = answer.ok().json();
        String version = info.path("version").asText(info.at("/build/version").asText(""));
        return Seen.well(version.isEmpty() ? "JSON" : "version " + version);
    }
}
