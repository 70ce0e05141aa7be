package bridge.bailey.overview;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.flow.FlowStatus;
import bridge.bailey.view.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BridgeTest {

    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static Status bridge(FlowStatus flow, Set<String> away) {
        return Bridge.status(List.of(flow), away, MINUTE, MINUTE, NOW);
    }

    private static FlowStatus flow(boolean targetUp, Instant lastFullPass) {
        return new FlowStatus(
                "to-consul",
                true,
                lastFullPass != null,
                targetUp,
                0,
                Optional.ofNullable(lastFullPass),
                Optional.empty(),
                Optional.empty(),
                0);
    }

    @Test
    void theBridgeIsDownUntilItsFirstPass() {
        assertThat(bridge(flow(true, null), Set.of())).isEqualTo(Status.DOWN);
    }

    @Test
    void itIsDegradedAtFirstAndDownInTheEndWhileATargetIsAway() {
        assertThat(bridge(flow(false, NOW.minusSeconds(10)), Set.of())).isEqualTo(Status.DEGRADED);
        assertThat(bridge(flow(false, NOW.minusSeconds(121)), Set.of())).isEqualTo(Status.DOWN);
    }

    @Test
    void itIsDegradedWhileASourceIsAwayForTooLong() {
        assertThat(bridge(flow(true, NOW), Set.of("nodes"))).isEqualTo(Status.DEGRADED);
        assertThat(bridge(flow(true, NOW), Set.of())).isEqualTo(Status.UP);
    }

    @ParameterizedTest
    @CsvSource({
        "UP,       UP,       UP,       UP",
        "UP,       UP,       DEGRADED, DEGRADED",
        "UP,       UP,       DOWN,     DEGRADED",
        "UP,       DOWN,     DOWN,     DOWN",
        "DEGRADED, UP,       UP,       DEGRADED",
        "DOWN,     UP,       UP,       DOWN"
    })
    void everythingIsNoBetterThanTheBridgeAndDownIfNoServiceServes(
            Status bridge, Status one, Status other, Status overall) {
        assertThat(Bridge.overall(bridge, List.of(one, other))).isEqualTo(overall);
    }

    @Test
    void withoutServicesTheBridgeAloneCounts() {
        assertThat(Bridge.overall(Status.UP, List.of())).isEqualTo(Status.UP);
    }
}
