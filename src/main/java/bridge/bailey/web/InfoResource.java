package bridge.bailey.web;

import bridge.bailey.cli.Daemon;
import bridge.bailey.flow.Direction;
import bridge.bailey.flow.FlowStatus;
import bridge.bailey.lead.Leadership;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.source.Source;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What runs, and how it does; and what each service is. */
@Path("/info")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "info")
public class InfoResource {

    private final Daemon daemon;

    @Inject
    InfoResource(Daemon daemon) {
        this.daemon = daemon;
    }

    @GET
    @Operation(
            operationId = "info",
            summary = "Bailey itself",
            description = "Its version, its cluster, Consul, and how its sources and flows do.")
    @APIResponse(responseCode = "200", description = "What runs")
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
        info.put("leader", leader());
        info.put("sources", sources());
        Map<String, Object> flows = new LinkedHashMap<>();
        daemon.flows().all().forEach(flow -> flows.put(flow.name(), flow(flow)));
        info.put("flows", flows);
        return info;
    }

    @GET
    @Path("/{namespace}/{name}")
    @Operation(
            operationId = "serviceInfo",
            summary = "What a service is made of",
            description = "Where its instances come from, its ports, its names, since when, and its last change.")
    @APIResponse(
            responseCode = "200",
            description = "The service",
            content = @Content(schema = @Schema(implementation = ServiceInfo.class)))
    @APIResponse(
            responseCode = "404",
            description = "There is no such service",
            content = @Content(schema = @Schema(implementation = UnknownService.Body.class)))
    public ServiceInfo service(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        ServiceKey key = new ServiceKey(namespace, name);
        return daemon.overview()
                .detail(key)
                .map(detail -> ServiceInfo.of(detail, Instant.now()))
                .orElseThrow(() -> new UnknownService(key));
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

    private Map<String, Object> leader() {
        Leadership leadership = daemon.flows().leadership();
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("elected", leadership.elected());
        info.put("leads", leadership.term().isPresent());
        info.put("identity", leadership.identity());
        leadership.leader().ifPresent(leader -> info.put("leader", leader));
        return info;
    }

    private static Map<String, Object> flow(Direction<?, ?> flow) {
        FlowStatus status = flow.status();
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("enabled", flow.enabled());
        info.put("started", status.started());
        info.put("leading", status.leading());
        info.put("targetUp", status.targetUp());
        info.put("waiting", status.waiting());
        info.put("services", flow.owned().services());
        info.put("instances", flow.owned().instances());
        info.put("findings", flow.findings().size());
        status.lastFullPass().ifPresent(at -> info.put("lastFullPass", at.toString()));
        status.error().ifPresent(error -> info.put("error", error));
        status.hold().ifPresent(hold -> info.put("withheld", hold.text(flow.name())));
        return info;
    }
}
