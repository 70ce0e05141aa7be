package bridge.bailey.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.it.CatalogView;
import bridge.bailey.it.Foreign;
import bridge.bailey.it.SharedConsul;
import bridge.bailey.local.LocalConsul;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * The wall clock jumps back and forth, as a virtual machine's does that was halted, or that somebody set. Passes, pauses and
 * comparisons go by the monotonic clock.
 */
class ClockJumpsIT {

    private static final List<Duration> JUMPS = List.of(
            Duration.ofDays(1),
            Duration.ofDays(-2),
            Duration.ofDays(3650),
            Duration.ofMinutes(-40),
            Duration.ofDays(-3650));

    private final LocalConsul consul = SharedConsul.get();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T08:00:00Z"));

    @Test
    void aWallClockThatJumpsBackAndForthStopsNothingAndTakesNothingAway() {
        String cluster = "clock-" + System.nanoTime();
        try (SmallFlow flow = new SmallFlow(consul, cluster, System::nanoTime, now::get)) {
            Foreign foreign = Foreign.beside(consul, cluster);
            flow.start();
            await().until(() -> flow.status().started());
            foreign.alsoOnOurNode();
            int address = 1;
            for (Duration jump : JUMPS) {
                now.updateAndGet(instant -> instant.plus(jump));
                address++;
                String id = cluster + "/shop/users/10.1.0." + address + ":8080";
                flow.change("10.1.0." + address);
                await("a change after " + jump).untilAsserted(() -> assertThat(CatalogView.of(consul, "k8s-" + cluster))
                        .containsOnlyKeys(id, "theirs"));
                assertThat(flow.status().targetUp()).isTrue();
                assertThat(flow.status().stuckSeconds()).isLessThan(10);
            }
            foreign.assertUntouched();
        }
    }
}
