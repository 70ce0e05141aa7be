package bridge.bailey.web;

import bridge.bailey.cli.Daemon;
import bridge.bailey.cli.PlanJson;
import bridge.bailey.model.ServiceKey;
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

/** Both sides of each service, and the plan, as JSON. */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "services")
public class ServicesResource {

    private final Daemon daemon;

    private final ServicesBody services;
    private final PlanNow plan;

    @Inject
    ServicesResource(Daemon daemon, ServicesBody services, PlanNow plan) {
        this.daemon = daemon;
        this.services = services;
        this.plan = plan;
    }

    @GET
    @Path("/services")
    @Operation(operationId = "services", summary = "All bridged services at a glance, by namespace and name")
    @APIResponse(
            responseCode = "200",
            description = "All bridged services, as of at most a second ago",
            content = @Content(schema = @Schema(implementation = ServiceJson.Services.class)))
    public byte[] services() {
        return services.bytes();
    }

    @GET
    @Path("/services/{namespace}/{name}")
    @Operation(
            operationId = "service",
            summary = "One service in detail",
            description =
                    "Each instance with what everyone says of it and what became of it, the rules that decided,"
                            + " what waits or is withheld, and the verdict on its cutover. Also of services that are not bridged.")
    @APIResponse(
            responseCode = "200",
            description = "The service",
            content = @Content(schema = @Schema(implementation = ServiceJson.Detail.class)))
    @APIResponse(
            responseCode = "404",
            description = "There is no such service in the cluster, and nothing declares it",
            content = @Content(schema = @Schema(implementation = UnknownService.Body.class)))
    public ServiceJson.Detail service(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        ServiceKey key = new ServiceKey(namespace, name);
        return daemon.overview()
                .detail(key)
                .map(detail -> ServiceJson.detail(detail, Instant.now()))
                .orElseThrow(() -> new UnknownService(key));
    }

    @GET
    @Path("/plan")
    @Operation(
            operationId = "plan",
            summary = "What waits for a pass, and what is withheld, of everything",
            description = "As plan --output json prints it: changes, withheld, and findings, each a list.")
    @APIResponse(responseCode = "200", description = "The plan as of at most a second ago")
    public Map<String, Object> plan() {
        PlanNow.Plans plans = plan.plans();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("takenAt", plans.takenAt());
        all.putAll(PlanJson.of(plans.flows()));
        return all;
    }
}
