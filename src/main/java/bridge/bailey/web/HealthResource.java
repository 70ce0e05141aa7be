package bridge.bailey.web;

import bridge.bailey.cli.Daemon;
import bridge.bailey.model.ServiceKey;
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
    @APIResponse(
            responseCode = "200",
            description = "UP or DEGRADED",
            content = @Content(schema = @Schema(implementation = HealthJson.class)))
    @APIResponse(
            responseCode = "503",
            description = "DOWN",
            content = @Content(schema = @Schema(implementation = HealthJson.class)))
    public Response health() {
        HealthJson health = HealthJson.of(daemon, Instant.now());
        return answer(health.status(), health);
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
        ServiceView view =
                daemon.overview().service(key).orElseThrow(() -> UnknownService.amongBridged(key, daemon.overview()));
        return answer(view.status(), ServiceJson.summary(view, Instant.now()));
    }
}
