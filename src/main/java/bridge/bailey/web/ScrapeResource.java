package bridge.bailey.web;

import bridge.bailey.cli.Daemon;
import bridge.bailey.desired.LegacyRules;
import bridge.bailey.desired.ScrapeTargets;
import bridge.bailey.flow.Flows;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.ServiceKey;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prometheus' HTTP service discovery of the legacy side: 200 with the whole list, always. Until the whole is known after a
 * start it is 503: Prometheus then keeps the targets that it has, while a shorter list would make it forget the others.
 */
@Path("/sd/prometheus")
public class ScrapeResource {

    private final Daemon daemon;

    @Inject
    ScrapeResource(Daemon daemon) {
        this.daemon = daemon;
    }

    /** Targets with the same labels. */
    public record Group(List<String> targets, Map<String, String> labels) {}

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response targets() {
        Flows flows = daemon.flows();
        if (!flows.toKubernetes().enabled()) {
            return Response.ok(List.of()).build();
        }
        return flows.legacyIsWhole()
                ? Response.ok(groups(flows)).build()
                : Response.status(Response.Status.SERVICE_UNAVAILABLE)
                        .entity(Map.of("error", "the legacy side is not fully read yet; keep the targets of before"))
                        .build();
    }

    private List<Group> groups(Flows flows) {
        LegacyRules rules = daemon.settings().legacyRules();
        Map<ServiceKey, LegacyView> services =
                new TreeMap<>(flows.toKubernetes().snapshot().services());
        return services.values().stream()
                .flatMap(view -> ScrapeTargets.of(view, rules).stream())
                .map(target -> new Group(List.of(target.target()), target.labels()))
                .toList();
    }
}
