package bridge.bailey.web;

import bridge.bailey.cli.Daemon;
import bridge.bailey.flow.Direction;
import bridge.bailey.flow.FlowStatus;
import bridge.bailey.source.Source;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.Map;

/** What runs, and how it does. */
@Path("/info")
public class InfoResource {

    private final Daemon daemon;

    @Inject
    InfoResource(Daemon daemon) {
        this.daemon = daemon;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Map<String, Object> info() {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("name", "bailey");
        info.put("version", daemon.version().version());
        info.put("revision", daemon.version().revision());
        info.put("java", System.getProperty("java.version"));
        info.put("cluster", daemon.settings().config().cluster());
        info.put("startedAt", daemon.startedAt().toString());
        info.put("kubernetes", Map.of("address", daemon.kubernetes()));
        info.put("consul", consul());
        info.put("sources", sources());
        Map<String, Object> flows = new LinkedHashMap<>();
        daemon.flows().all().forEach(flow -> flows.put(flow.name(), flow(flow)));
        info.put("flows", flows);
        return info;
    }

    private Map<String, Object> sources() {
        Map<String, Object> info = new LinkedHashMap<>();
        daemon.flows().sources().forEach(part -> info.put(part.name(), source(part)));
        return info;
    }

    private static Map<String, Object> source(Source.Part part) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("up", part.up());
        info.put("ageSeconds", part.ageSeconds());
        part.error().ifPresent(error -> info.put("error", error));
        return info;
    }

    private Map<String, Object> consul() {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("address", daemon.settings().consul().address().toString());
        info.put("node", daemon.settings().consulNode());
        daemon.agent().describe().ifPresent(agent -> {
            info.put("version", agent.version());
            info.put("datacenter", agent.datacenter());
        });
        return info;
    }

    private static Map<String, Object> flow(Direction<?, ?> flow) {
        FlowStatus status = flow.status();
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("enabled", flow.enabled());
        info.put("started", status.started());
        info.put("targetUp", status.targetUp());
        info.put("waiting", status.waiting());
        info.put("services", flow.owned().services());
        info.put("instances", flow.owned().instances());
        info.put("findings", flow.findings().size());
        status.lastFullPass().ifPresent(at -> info.put("lastFullPass", at.toString()));
        status.error().ifPresent(error -> info.put("error", error));
        return info;
    }
}
