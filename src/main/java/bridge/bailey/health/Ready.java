package bridge.bailey.health;

import bridge.bailey.cli.Daemon;
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
        FlowStatus flow = daemon.flows().status();
        HealthCheckResponseBuilder response = HealthCheckResponse.named(flow.flow())
                .status(flow.started() || !daemon.flows().enabled())
                .withData("consul", flow.targetUp() ? "up" : "away")
                .withData("waiting", flow.waiting());
        flow.lastFullPass().ifPresent(at -> response.withData("last-full-pass", at.toString()));
        flow.error().ifPresent(error -> response.withData("consul-error", error));
        for (Source.Part part : daemon.flows().sources()) {
            response.withData(part.name(), part.up() ? "up" : "away");
            part.error().ifPresent(error -> response.withData(part.name() + "-error", error));
        }
        return response.build();
    }
}
