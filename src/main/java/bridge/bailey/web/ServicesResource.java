package bridge.bailey.web;

import bridge.bailey.cli.Daemon;
import bridge.bailey.cli.FlowPlan;
import bridge.bailey.cli.PlanJson;
import bridge.bailey.flow.Direction;
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

/** Both sides of each service, and the plan, as JSON. */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
public class ServicesResource {

    private final Daemon daemon;

    private final ServicesBody services;

    @Inject
    ServicesResource(Daemon daemon, ServicesBody services) {
        this.daemon = daemon;
        this.services = services;
    }

    @GET
    @Path("/services")
    public byte[] services() {
        return services.bytes();
    }

    @GET
    @Path("/services/{namespace}/{name}")
    public ServiceJson.Detail service(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        ServiceKey key = new ServiceKey(namespace, name);
        return daemon.overview()
                .detail(key)
                .map(detail -> ServiceJson.detail(detail, Instant.now()))
                .orElseThrow(() -> new UnknownService(key));
    }

    @GET
    @Path("/plan")
    public Map<String, Object> plan() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("takenAt", Instant.now());
        all.putAll(PlanJson.of(daemon.flows().all().stream()
                .filter(Direction::enabled)
                .map(flow -> new FlowPlan(flow.name(), flow.outlook()))
                .toList()));
        return all;
    }
}
