package bridge.bailey.web;

import bridge.bailey.cli.Daemon;
import bridge.bailey.flow.Direction;
import bridge.bailey.flow.FlowStatus;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.overview.Bridge;
import bridge.bailey.source.Source;
import bridge.bailey.view.ServiceView;
import bridge.bailey.view.Status;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The health of everything, and of one service: 200, or 503 when it is DOWN, for load balancers and monitors. */
@Path("/health")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "health")
public class HealthResource {

    private final Daemon daemon;

    @Inject
    HealthResource(Daemon daemon) {
        this.daemon = daemon;
    }

    @GET
    @Operation(
            operationId = "health",
            summary = "How the bridge and all services do",
            description = "status is UP, DEGRADED or DOWN: no better than the bridge, and DOWN as well if no service"
                    + " serves; then bridge with its flows and sources, and counts of services.")
    @APIResponse(responseCode = "200", description = "UP or DEGRADED")
    @APIResponse(responseCode = "503", description = "DOWN")
    public Response health() {
        List<ServiceView> services = daemon.overview().services();
        List<FlowStatus> flows = daemon.flows().all().stream()
                .filter(Direction::enabled)
                .map(Direction::status)
                .toList();
        Status bridge = Bridge.status(
                flows,
                daemon.overview().away(),
                daemon.settings().config().resync(),
                daemon.settings().config().view().staleAfter(),
                Instant.now());
        Status overall = Bridge.overall(
                bridge, services.stream().map(ServiceView::status).toList());
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("status", overall);
        all.put("takenAt", Instant.now());
        all.put("bridge", bridge(bridge, flows));
        all.put("services", counts(services));
        return answer(overall, all);
    }

    private Map<String, Object> bridge(Status status, List<FlowStatus> flows) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("status", status);
        Map<String, Object> byFlow = new LinkedHashMap<>();
        for (FlowStatus flow : flows) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("started", flow.started());
            one.put("targetUp", flow.targetUp());
            one.put("waiting", flow.waiting());
            flow.lastFullPass().ifPresent(at -> one.put("lastFullPass", at));
            flow.error().ifPresent(error -> one.put("error", error));
            byFlow.put(flow.flow(), one);
        }
        all.put("flows", byFlow);
        Map<String, Object> sources = new LinkedHashMap<>();
        for (Source.Part part : daemon.flows().sources()) {
            sources.put(part.name(), part.up() ? "up" : "away");
        }
        all.put("sources", sources);
        return all;
    }

    private static Map<String, Object> counts(List<ServiceView> services) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("total", services.size());
        for (Status status : Status.values()) {
            all.put(
                    status.name().toLowerCase(Locale.ROOT),
                    services.stream()
                            .filter(service -> service.status() == status)
                            .count());
        }
        all.put("stale", services.stream().filter(s -> !s.stale().isEmpty()).count());
        all.put(
                "disagreements",
                services.stream().mapToInt(ServiceView::disagreements).sum());
        all.put("withheld", services.stream().mapToInt(ServiceView::withheld).sum());
        return all;
    }

    private static Response answer(Status status, Object body) {
        return Response.status(status == Status.DOWN ? Response.Status.SERVICE_UNAVAILABLE : Response.Status.OK)
                .entity(body)
                .build();
    }

    @GET
    @Path("/{namespace}/{name}")
    @Operation(operationId = "serviceHealth", summary = "How one service does, on both sides")
    @APIResponse(
            responseCode = "200",
            description = "UP or DEGRADED",
            content = @Content(schema = @Schema(implementation = ServiceJson.Summary.class)))
    @APIResponse(
            responseCode = "503",
            description = "DOWN: no instance serves",
            content = @Content(schema = @Schema(implementation = ServiceJson.Summary.class)))
    @APIResponse(
            responseCode = "404",
            description = "There is no such bridged service",
            content = @Content(schema = @Schema(implementation = UnknownService.Body.class)))
    public Response service(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        ServiceKey key = new ServiceKey(namespace, name);
        ServiceView view = daemon.overview().service(key).orElseThrow(() -> new UnknownService(key));
        return answer(view.status(), ServiceJson.summary(view, Instant.now()));
    }
}
