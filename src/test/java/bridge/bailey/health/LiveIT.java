package bridge.bailey.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.consul.Backoff;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.ConsulSettings;
import bridge.bailey.desired.Desired;
import bridge.bailey.flow.Flow;
import bridge.bailey.flow.FlowLoop;
import bridge.bailey.flow.FlowObserver;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.source.Source;
import bridge.bailey.target.ConsulTarget;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

/** A Consul that hangs, and requests that nothing limits: the pod is to be started again. */
class LiveIT {

    private static final ServiceKey KEY = new ServiceKey("shop", "users");
    private static final Duration FOR_EVER = Duration.ofHours(1);

    private final AtomicLong ahead = new AtomicLong();
    private final OneService source = new OneService();

    @Test
    void aFlowThatIsStuckInAPassFailsAndOneThatWaitsDoesNot() {
        try (LocalConsul consul = LocalConsul.start();
                ConsulHttp http = new ConsulHttp(settings(consul), (kind, status, seconds) -> {});
                ConsulTarget target = new ConsulTarget(http, "live", "k8s-live", OptionalInt.empty())) {
            FlowLoop<String, CatalogEntry> loop = loop(target);
            try {
                loop.start();
                await().until(() -> loop.status().started());
                ahead.addAndGet(Duration.ofDays(1).toNanos());
                assertThat(live(loop)).as("idle for a day").isEqualTo(Status.UP);

                consul.pause();
                source.change("10.1.0.2");
                await("a pass has begun")
                        .until(() -> live(loop) == Status.UP && loop.status().stuckSeconds() > 0);
                ahead.addAndGet(Duration.ofSeconds(299).toNanos());
                assertThat(live(loop)).as("for a while").isEqualTo(Status.UP);
                ahead.addAndGet(Duration.ofSeconds(10).toNanos());
                assertThat(live(loop)).as("for long").isEqualTo(Status.DOWN);

                consul.resume();
                await("it goes on").until(() -> live(loop) == Status.UP);
            } finally {
                loop.close();
            }
        }
    }

    private static Status live(FlowLoop<?, ?> loop) {
        HealthCheckResponse response = Live.of(List.of(loop.status()));
        return response.getStatus();
    }

    private FlowLoop<String, CatalogEntry> loop(ConsulTarget target) {
        return new FlowLoop<>(
                new Flow<>("to-consul", source, this::entry, target, System::nanoTime),
                new FlowLoop.Timing(Duration.ofMillis(20), Duration.ofMillis(200), FOR_EVER),
                new Backoff(1_000_000, 1_000_000_000, new Random(1)),
                () -> System.nanoTime() + ahead.get(),
                InstantSource.system(),
                new FlowObserver() {});
    }

    private Desired<CatalogEntry> entry(String address) {
        return new Desired<>(
                List.of(new CatalogEntry(
                        KEY,
                        "live/shop/users/" + address + ":8080",
                        "users",
                        address,
                        8080,
                        List.of(),
                        Map.of("managed-by", "bailey", "bailey-cluster", "live"),
                        1,
                        Optional.empty(),
                        Optional.empty())),
                List.of(),
                "it is there");
    }

    private static ConsulSettings settings(LocalConsul consul) {
        return new ConsulSettings(
                consul.uri(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                FOR_EVER,
                OptionalInt.empty());
    }

    /** One service at an address that a test changes. */
    private static final class OneService implements Source<String> {
        private volatile String address = "10.1.0.1";
        private volatile Listener listener = keys -> {};

        void change(String to) {
            address = to;
            listener.changed(Set.of(KEY));
        }

        @Override
        public CompletionStage<Void> start(Listener told) {
            listener = told;
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Snapshot<String> all() {
            return new Snapshot<>(Map.of(KEY, address), item -> true);
        }

        @Override
        public Snapshot<String> of(Set<ServiceKey> keys) {
            return all();
        }

        @Override
        public List<Part> parts() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
