package bridge.bailey.web;

import bridge.bailey.cli.Daemon;
import bridge.bailey.cli.FlowPlan;
import bridge.bailey.flow.Direction;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The plan of both flows. It takes all services to make, so it is made at most once a second, however many ask. */
@Singleton
public class PlanNow {

    private static final Duration LASTS = Duration.ofSeconds(1);

    private final Daemon daemon;
    private Plans last = new Plans(Instant.EPOCH, List.of());

    /** The plans of the enabled flows, and when they were made. */
    public record Plans(Instant takenAt, List<FlowPlan> flows) {
        public Plans {
            flows = List.copyOf(flows);
        }
    }

    @Inject
    PlanNow(Daemon daemon) {
        this.daemon = daemon;
    }

    /** The plans as of at most a second ago. */
    public synchronized Plans plans() {
        Instant now = Instant.now();
        if (!now.isBefore(last.takenAt().plus(LASTS))) {
            last = new Plans(
                    now,
                    daemon.flows().all().stream()
                            .filter(Direction::enabled)
                            .map(flow -> new FlowPlan(flow.name(), flow.outlook()))
                            .toList());
        }
        return last;
    }
}
