package bridge.bailey.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.local.LocalConsul;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

/** A Consul that hangs, and requests that nothing limits: the pod is to be started again. */
class LiveIT {

    private final AtomicLong ahead = new AtomicLong();

    @Test
    void aFlowThatIsStuckInAPassFailsAndOneThatWaitsDoesNot() {
        try (LocalConsul consul = LocalConsul.start();
                SmallFlow flow =
                        new SmallFlow(consul, "live", () -> System.nanoTime() + ahead.get(), InstantSource.system())) {
            flow.start();
            await().until(() -> flow.status().started());
            ahead.addAndGet(Duration.ofDays(1).toNanos());
            assertThat(live(flow)).as("idle for a day").isEqualTo(Status.UP);

            consul.pause();
            flow.change("10.1.0.2");
            await("a pass has begun").until(() -> flow.status().stuckSeconds() > 0);
            assertThat(live(flow)).as("at work").isEqualTo(Status.UP);
            ahead.addAndGet(Duration.ofSeconds(290).toNanos());
            assertThat(live(flow)).as("at work for long").isEqualTo(Status.UP);
            ahead.addAndGet(Duration.ofSeconds(10).toNanos());
            assertThat(live(flow)).as("stuck").isEqualTo(Status.DOWN);

            consul.resume();
            await("it goes on").until(() -> live(flow) == Status.UP);
        }
    }

    private static Status live(SmallFlow flow) {
        return Live.of(List.of(flow.status())).getStatus();
    }
}
