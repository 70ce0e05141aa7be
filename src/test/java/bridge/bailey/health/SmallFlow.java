package bridge.bailey.health;

import bridge.bailey.consul.Backoff;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.ConsulSettings;
import bridge.bailey.consul.Fences;
import bridge.bailey.desired.Desired;
import bridge.bailey.flow.Flow;
import bridge.bailey.flow.FlowLoop;
import bridge.bailey.flow.FlowObserver;
import bridge.bailey.flow.FlowStatus;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Guard;
import bridge.bailey.plan.GuardRules;
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
import java.util.function.LongSupplier;

/** A flow of one service to a real Consul, by clocks that a test sets, and with requests that nothing limits. */
final class SmallFlow implements AutoCloseable {

    private static final ServiceKey KEY = new ServiceKey("shop", "users");
    private static final Duration FOR_EVER = Duration.ofHours(1);

    private final String cluster;
    private final OneService source = new OneService();
    private final ConsulHttp http;
    private final ConsulTarget target;
    private final FlowLoop<String, CatalogEntry> loop;

    SmallFlow(LocalConsul consul, String cluster, LongSupplier nanoTime, InstantSource clock) {
        this.cluster = cluster;
        http = new ConsulHttp(settings(consul), (kind, status, seconds) -> {});
        target = new ConsulTarget(http, Fences.alone(http, cluster), cluster, "k8s-" + cluster, OptionalInt.empty());
        loop = loop(nanoTime, clock);
    }

    void start() {
        loop.start();
    }

    /** The one instance of the service has another address from now on. */
    void change(String address) {
        source.change(address);
    }

    FlowStatus status() {
        return loop.status();
    }

    @Override
    public void close() {
        loop.close();
        target.close();
        http.close();
    }

    private FlowLoop<String, CatalogEntry> loop(LongSupplier nanoTime, InstantSource clock) {
        return new FlowLoop<>(
                new Flow<>("to-consul", source, this::entry, target, new Guard<>(GuardRules.OFF), System::nanoTime),
                () -> true,
                new FlowLoop.Timing(Duration.ofMillis(20), Duration.ofMillis(200), FOR_EVER),
                new Backoff(1_000_000, 1_000_000_000, new Random(1)),
                nanoTime,
                clock,
                new FlowObserver() {});
    }

    private Desired<CatalogEntry> entry(String address) {
        return new Desired<>(
                List.of(new CatalogEntry(
                        KEY,
                        cluster + "/shop/users/" + address + ":8080",
                        "users",
                        address,
                        8080,
                        List.of(),
                        Map.of("managed-by", "bailey", "bailey-cluster", cluster),
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
