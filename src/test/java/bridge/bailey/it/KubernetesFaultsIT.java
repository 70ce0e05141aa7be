package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bridge.bailey.it.FaultProxy.Fault;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.plan.Change;
import bridge.bailey.source.ImpatientHttp;
import bridge.bailey.source.Source;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Kubernetes API is away or ill: what is known stays, and Bailey catches up by itself. */
class KubernetesFaultsIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    final Measured measured = new Measured();

    private final LocalConsul consul = SharedConsul.get();
    private Cluster cluster;
    private FaultProxy proxy;
    private String shop;
    private Bailey bailey;
    private Foreign foreign;
    private HttpClient.Factory http = new VertxHttpClientFactory();

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        proxy = new FaultProxy(new InetSocketAddress(
                cluster.address().getHost(), cluster.address().getPort()));
        shop = cluster.namespace("shop");
        foreign = Foreign.beside(consul, cluster.prefix());
        cluster.apply(service(shop, "users"));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.2")));
    }

    @AfterEach
    void stop() {
        if (bailey != null) {
            bailey.close();
        }
        proxy.close();
        cluster.close();
        foreign.assertUntouched();
    }

    private void startBailey() {
        bailey = new Bailey(
                        cluster.newClientThrough(proxy.port(), http),
                        consul.httpPort(),
                        "",
                        Bailey.forTest(cluster, Map.of("resync", "1s")))
                .start();
    }

    private int entries() {
        return CatalogView.of(consul, "k8s-" + cluster.prefix()).size();
    }

    private void assertNothingWasDeleted() {
        assertThat(bailey.outcomes()).noneMatch(o -> o.change().action() == Change.Action.DELETE);
    }

    /** The proxy can't speak for a server that speaks TLS. */
    private void assumeFaultIsPossible(Fault fault) {
        assumeTrue(cluster.isLocal() || !(fault instanceof Fault.Answer), "the API speaks TLS");
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Fault.Reset(),
                new Fault.Silence(),
                new Fault.Answer(500, "etcd is away"),
                new Fault.Answer(403, "forbidden"),
                new Fault.Answer(401, "expired"),
                new Fault.Answer(410, "too old"),
                new Fault.Answer(429, "slow down"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whileTheApiIsIllNothingIsDeletedAndAfterwardsBaileyCatchesUp(Fault fault) {
        assumeFaultIsPossible(fault);
        startBailey();
        await().atMost(SOON).until(() -> entries() == 2);

        proxy.set(fault);
        await("the watches try again").atMost(SOON).until(() -> proxy.met() >= 2);
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.2"), ready("10.1.0.3")));
        bailey.awaitFullPass();
        assertThat(entries()).isEqualTo(2);
        await("it is told").atMost(SOON).until(() -> bailey.flows().sources().stream()
                .anyMatch(part -> !part.up()));

        proxy.set(new Fault.Pass());
        measured.begin();

        await().atMost(SOON).until(() -> entries() == 3);
        measured.seconds("all is there");
        assertNothingWasDeleted();
        await().atMost(SOON).until(() -> bailey.flows().sources().stream().allMatch(Source.Part::up));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aStartWhileTheApiIsIllTouchesNothingUntilAllWasRead(Fault fault) {
        assumeFaultIsPossible(fault);
        startBailey();
        await().atMost(SOON).until(() -> entries() == 2);
        bailey.close();
        proxy.set(fault);

        startBailey();
        await().atMost(SOON).until(() -> proxy.met() >= 3);
        assertThat(bailey.flows().toConsul().status().started()).isFalse();
        assertThat(entries()).isEqualTo(2);

        proxy.set(new Fault.Pass());
        measured.begin();

        await().atMost(SOON).until(() -> bailey.flows().toConsul().status().started());
        assertThat(bailey.outcomes()).isEmpty();
    }

    @Test
    void anApiThatIsSlowIsWaitedFor() {
        proxy.set(new Fault.Delay(1500));
        startBailey();
        await().atMost(SOON).until(() -> entries() == 2);
        assertThat(bailey.outcomes()).as("no pass went by half of it").hasSize(2);

        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.2"), ready("10.1.0.3")));
        measured.begin();

        await().atMost(SOON).until(() -> entries() == 3);
        measured.seconds("an event that is 1.5 s late is there");
        assertNothingWasDeleted();
    }

    @Test
    void aResourceThatMayNotBeReadHoldsBackTheFirstPass() {
        assumeTrue(cluster.isLocal(), "a real API can't be told to refuse one resource");
        AtomicInteger refused = new AtomicInteger();
        cluster.local().intercept(request -> {
            if (request.getPath().contains("/endpointslices")) {
                refused.incrementAndGet();
                return Optional.of(new MockResponse().setResponseCode(403).setBody("{}"));
            }
            return Optional.empty();
        });

        startBailey();
        await().atMost(SOON).until(() -> refused.get() >= 2);
        assertThat(bailey.flows().toConsul().status().started()).isFalse();
        await().atMost(SOON).untilAsserted(() -> assertThat(bailey.flows().sources())
                .filteredOn(part -> part.name().equals("endpointslices"))
                .singleElement()
                .satisfies(part -> assertThat(part.error().orElse("")).contains("403")));
        cluster.local().intercept(request -> Optional.empty());

        await().atMost(SOON).until(() -> entries() == 2);
    }

    @Test
    void aWatchWhoseConnectionDiedWithoutAWordIsRenewed() {
        Vertx vertx = Vertx.vertx();
        http = new ImpatientHttp(vertx, Duration.ofSeconds(2));
        try {
            startBailey();
            await().atMost(SOON).until(() -> entries() == 2);

            proxy.set(new Fault.Freeze());
            cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.2"), ready("10.1.0.3")));

            await().atMost(SOON).until(() -> entries() == 3);
        } finally {
            vertx.close();
        }
    }

    @Test
    void eventsThatWereMissedWhileTheWatchWasCutAreMadeUpFor() {
        startBailey();
        await().atMost(SOON).until(() -> entries() == 2);

        proxy.set(new Fault.Reset());
        cluster.delete(slice(shop, "a", "users"));
        cluster.apply(slice(shop, "b", "users", ready("10.1.0.5")));
        if (cluster.isLocal()) {
            refuseOldWatches();
        }
        proxy.set(new Fault.Pass());
        measured.begin();

        await().atMost(SOON).untilAsserted(() -> assertThat(
                        CatalogView.of(consul, "k8s-" + cluster.prefix()).keySet())
                .singleElement()
                .asString()
                .contains("10.1.0.5"));
        measured.seconds("all is there");
    }

    /** As a server does that no longer knows the version from which a watch should go on: only a new list helps. */
    private void refuseOldWatches() {
        Set<String> refused = ConcurrentHashMap.newKeySet();
        cluster.local()
                .intercept(request -> request.getPath().contains("watch=true")
                                && refused.add(request.getPath().replaceAll("[?].*", ""))
                        ? Optional.of(new MockResponse().withWebSocketUpgrade(new Gone()))
                        : Optional.empty());
    }

    /** Answers a watch with the event by which an API server says 410. */
    private static final class Gone extends WebSocketListener {
        @Override
        public void onOpen(WebSocket socket, Response response) {
            socket.send(
                    """
                    {"type": "ERROR", "object": {"apiVersion": "v1", "kind": "Status", "status": "Failure",
                     "reason": "Expired", "message": "too old resource version", "code": 410}}""");
        }
    }
}
