package bridge.bailey.health;

import bridge.bailey.cli.Daemon;
import bridge.bailey.flow.Direction;
import bridge.bailey.flow.FlowStatus;
import bridge.bailey.source.Source;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Up once the first full pass has ended. It stays up while Consul or the API server is away: what was written serves on,
 * and taking the pod out of service would help nobody. The data says what is away.
 */
@Readiness
@ApplicationScoped
class Ready implements HealthCheck {

    private final Daemon daemon;

    @Inject
    Ready(Daemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("flows");
        boolean ready = true;
        for (Direction<?, ?> flow : daemon.flows().all()) {
            ready &= flow.ready();
            if (flow.enabled()) {
                tell(response, flow.status());
            }
        }
        response.status(ready);
        for (Source.Part part : daemon.flows().sources()) {
            response.withData(part.name(), part.up() ? "up" : "away");
            part.error().ifPresent(error -> response.withData(part.name() + "-error", error));
        }
        return response.build();
    }

    private static void tell(HealthCheckResponseBuilder response, FlowStatus flow) {
        response.withData(flow.flow(), flow.targetUp() ? "up" : "away")
                .withData(flow.flow() + "-waiting", flow.waiting());
        flow.lastFullPass().ifPresent(at -> response.withData(flow.flow() + "-last-full-pass", at.toString()));
        flow.error().ifPresent(error -> response.withData(flow.flow() + "-error", error));
    }
}
