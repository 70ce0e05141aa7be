package bridge.bailey.web;

import bridge.bailey.cli.Daemon;
import bridge.bailey.flow.FlowStatus;
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
        info.put("kubernetes", kubernetes());
        info.put("consul", consul());
        info.put("flows", Map.of(Flow.nameOf(daemon), Flow.of(daemon)));
        return info;
    }

    private Map<String, Object> kubernetes() {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("address", daemon.kubernetes());
        daemon.flows()
                .sources()
                .forEach(part -> info.put(part.name(), Map.of("up", part.up(), "ageSeconds", part.ageSeconds())));
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

    private static final class Flow {
        static String nameOf(Daemon daemon) {
            return daemon.flows().status().flow();
        }

        static Map<String, Object> of(Daemon daemon) {
            FlowStatus status = daemon.flows().status();
            Map<String, Object> info = new LinkedHashMap<>();
            info.put("enabled", daemon.flows().enabled());
            info.put("started", status.started());
            info.put("targetUp", status.targetUp());
            info.put("waiting", status.waiting());
            info.put("services", daemon.flows().target().owned().services());
            info.put("instances", daemon.flows().target().owned().instances());
            info.put("findings", daemon.flows().flow().findings().all().size());
            status.lastFullPass().ifPresent(at -> info.put("lastFullPass", at.toString()));
            status.error().ifPresent(error -> info.put("error", error));
            return info;
        }
    }
}
