package bridge.bailey.probe;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.OpenConnections;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.probe.Connections.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LingeringConnectionsTest {

    private static final ServiceKey KEY = new ServiceKey("shop", "billing");
    private static final Page ONE = new Page("10.20.0.1", 9100, "/metrics", "open");
    private static final Page TWO = new Page("10.20.0.2", 9100, "/metrics", "open");

    private Instant now = Instant.parse("2026-11-23T08:00:00Z");
    private final Map<ServiceKey, Set<Page>> watched = new HashMap<>();
    private final Map<String, OpenConnections> readings = new HashMap<>();

    private final Connections asked = new Connections() {
        @Override
        public void watch(ServiceKey key, Set<Page> pages) {
            watched.put(key, Set.copyOf(pages));
        }

        @Override
        public Map<String, OpenConnections> of(ServiceKey key) {
            return Map.copyOf(readings);
        }

        @Override
        public void close() {}
    };

    private final LingeringConnections lingering = new LingeringConnections(asked, Duration.ofMinutes(10), () -> now);

    private void tells(Page page, double open) {
        readings.put(page.address(), new OpenConnections(OptionalDouble.of(open), Optional.of(now), ""));
    }

    private Set<Page> askedAfter(Duration time) {
        now = now.plus(time);
        lingering.tend();
        return watched.get(KEY);
    }

    @Test
    void aMachineThatIsTakenOutIsAskedForAWhile() {
        lingering.watch(KEY, Set.of(ONE, TWO));
        lingering.watch(KEY, Set.of(TWO));
        tells(ONE, 0);

        assertThat(askedAfter(Duration.ofMinutes(9))).containsExactlyInAnyOrder(ONE, TWO);
        assertThat(askedAfter(Duration.ofMinutes(1))).containsExactly(TWO);
    }

    @Test
    void aMachineWithOpenConnectionsIsAskedUntilTheyAreClosed() {
        lingering.watch(KEY, Set.of(ONE));
        lingering.watch(KEY, Set.of());
        tells(ONE, 3);
        assertThat(askedAfter(Duration.ofHours(1))).containsExactly(ONE);

        tells(ONE, 0);
        assertThat(askedAfter(Duration.ZERO)).isEmpty();
    }

    @Test
    void aMachineThatAnswersNoMoreIsLetGo() {
        lingering.watch(KEY, Set.of(ONE));
        lingering.watch(KEY, Set.of());
        readings.put(ONE.address(), new OpenConnections(OptionalDouble.empty(), Optional.empty(), "refused"));

        assertThat(askedAfter(Duration.ofMinutes(10))).isEmpty();
    }

    @Test
    void aMachineThatIsBackIsAskedAsItIsDeclared() {
        Page moved = new Page(ONE.address(), 9200, "/metrics", "open");
        lingering.watch(KEY, Set.of(ONE));
        lingering.watch(KEY, Set.of());
        lingering.watch(KEY, Set.of(moved));

        assertThat(watched.get(KEY)).containsExactly(moved);
        assertThat(askedAfter(Duration.ofHours(1))).containsExactly(moved);
    }
}
