package bridge.bailey.health;

import bridge.bailey.cli.Daemon;
import bridge.bailey.flow.Direction;
import bridge.bailey.flow.FlowStatus;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Fails if a flow is stuck, so that the pod is restarted. A system that is away is no reason to restart. */
@Liveness
@ApplicationScoped
class Live implements HealthCheck {

    /** Far longer than the time-outs of all requests of a pass. */
    private static final double STUCK_SECONDS = 300;

    private final Daemon daemon;

    @Inject
    Live(Daemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public HealthCheckResponse call() {
        return of(daemon.flows().all().stream().map(Direction::status).toList());
    }

    static HealthCheckResponse of(List<FlowStatus> flows) {
        double stuck =
                flows.stream().mapToDouble(FlowStatus::stuckSeconds).max().orElse(0);
        return HealthCheckResponse.named("flows")
                .status(stuck < STUCK_SECONDS)
                .withData("stuck-seconds", (long) stuck)
                .build();
    }
}
