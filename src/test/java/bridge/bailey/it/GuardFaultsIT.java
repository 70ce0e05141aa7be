package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.it.FaultProxy.Fault;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.plan.Withheld;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A source that answers, but with next to nothing: what is in Consul stays, what is withheld is told, and an operator's word, or
 * the source's coming back, ends it.
 */
@DisabledIfEnvironmentVariable(
        named = "BAILEY_TEST_KUBECONFIG",
        matches = ".+",
        disabledReason = "a real API can't be made to answer with an empty list")
class GuardFaultsIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int SERVICES = 20;
    private static final int NEWCOMER = 100;

    @RegisterExtension
    final Measured measured = new Measured();

    private final LocalConsul consul = SharedConsul.get();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private Cluster cluster;
    private String shop;
    private FaultProxy proxy;
    private Foreign foreign;
    private Bailey bailey;

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        for (int i = 0; i < SERVICES; i++) {
            cluster.apply(service(shop, name(i)));
            cluster.apply(slice(shop, name(i) + "-1", name(i), ready("10.1.0." + (i + 1))));
        }
        proxy = new FaultProxy(new InetSocketAddress(
                cluster.address().getHost(), cluster.address().getPort()));
        foreign = Foreign.beside(consul, cluster.prefix());
        startBailey();
        foreign.alsoOnOurNode();
        assertThat(ours()).isEqualTo(SERVICES);
    }

    private void startBailey() {
        bailey = new Bailey(
                        cluster.newClientThrough(proxy.port(), new VertxHttpClientFactory()),
                        consul.httpPort(),
                        "",
                        Bailey.forTest(cluster, Map.of("resync", "1s", "quiet", "300ms", "max-wait", "5s")))
                .started();
    }

    @AfterEach
    void stop() {
        bailey.close();
        proxy.close();
        cluster.close();
        foreign.assertUntouched();
    }

    private static String name(int service) {
        return "guarded-" + service;
    }

    private long ours() {
        return CatalogView.of(consul, "k8s-" + cluster.prefix()).keySet().stream()
                .filter(id -> id.startsWith(cluster.prefix()))
                .count();
    }

    /** From now on each list has these services only, and old watches are refused, so that Bailey lists. */
    private void listOnly(int... services) {
        refused.clear();
        cluster.local().intercept(request -> answer(request, services));
        proxy.set(new Fault.Reset());
        proxy.set(new Fault.Pass());
    }

    /** As it was; a list is what it takes. */
    private void listAll() {
        refused.clear();
        cluster.local().intercept(request -> gone(request));
        proxy.set(new Fault.Reset());
        proxy.set(new Fault.Pass());
    }

    private Optional<MockResponse> answer(RecordedRequest request, int... services) {
        if (!request.getPath().contains("/endpointslices") && !request.getPath().contains("/services")) {
            return Optional.empty();
        }
        if (request.getPath().contains("watch=true")) {
            // The API of the test would tell a new watch of all that there is, other than a real one.
            return gone(request)
                    .or(() -> Optional.of(new MockResponse().withWebSocketUpgrade(new WebSocketListener() {})));
        }
        boolean slices = request.getPath().contains("/endpointslices");
        List<String> items = IntStream.of(services)
                .mapToObj(i -> Serialization.asJson(
                        slices
                                ? slice(shop, name(i) + "-1", name(i), ready("10.1.0." + (i + 1)))
                                : service(shop, name(i))))
                .toList();
        return Optional.of(new MockResponse()
                .setResponseCode(200)
                .setHeader("Content-Type", "application/json")
                .setBody("{\"kind\":\"" + (slices ? "EndpointSliceList" : "ServiceList") + "\",\"apiVersion\":\""
                        + (slices ? "discovery.k8s.io/v1" : "v1")
                        + "\",\"metadata\":{\"resourceVersion\":\"9000000\"},\"items\":" + items + "}"));
    }

    /** The first watch of each kind is refused as too old. */
    private Optional<MockResponse> gone(RecordedRequest request) {
        return request.getPath().contains("watch=true")
                        && refused.add(request.getPath().replaceAll("[?].*", ""))
                ? Optional.of(new MockResponse().withWebSocketUpgrade(new Gone()))
                : Optional.empty();
    }

    private static final class Gone extends WebSocketListener {
        @Override
        public void onOpen(WebSocket socket, Response response) {
            socket.send(
                    """
                    {"type": "ERROR", "object": {"apiVersion": "v1", "kind": "Status", "status": "Failure",
                     "reason": "Expired", "message": "too old resource version", "code": 410}}""");
        }
    }

    private void awaitHold() {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(bailey.flows().toConsul().hold())
                        .as(
                                "what is withheld, of %s entries, by sources %s, beside %s",
                                ours(),
                                bailey.flows().sources(),
                                bailey.flows().toConsul().withheld())
                        .isPresent());
        measured.seconds("it is withheld");
        bailey.awaitFullPass();
    }

    private void assertHeldAndTold(int deletions) {
        assertThat(ours()).as("entries in Consul").isEqualTo(SERVICES);
        assertThat(bailey.flows().toConsul().hold()).hasValueSatisfying(hold -> {
            assertThat(hold.deletions()).isEqualTo(deletions);
            assertThat(hold.text("to-consul")).contains("bailey release to-consul");
        });
        assertThat(bailey.flows().toConsul().withheld()).containsEntry(Withheld.Reason.GUARD, (long) deletions);
        assertThat(bailey.flows().toConsul().ready()).as("readiness").isTrue();
    }

    private void awaitOurs(int count) {
        await().atMost(SOON).untilAsserted(() -> assertThat(ours()).isEqualTo(count));
    }

    @Test
    void anEmptyListThatAnswers200TakesNothingAwayAndAFullOneEndsTheHold() {
        listOnly();
        awaitHold();
        assertHeldAndTold(SERVICES);

        listAll();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(bailey.flows().toConsul().hold())
                        .as(
                                "what is withheld, by sources %s, with watches refused of %s",
                                bailey.flows().sources(), refused)
                        .isEmpty());
        assertThat(ours()).isEqualTo(SERVICES);
        assertThat(bailey.outcomes()).as("but what the start made").hasSize(SERVICES);
    }

    @Test
    void aListOfAFractionTakesNothingAwayUntilItIsReleased() {
        listOnly(0, 1, 2);
        awaitHold();
        assertHeldAndTold(SERVICES - 3);
        measured.begin();

        assertThat(bailey.flows().toConsul().release()).isPresent();

        awaitOurs(3);
        measured.seconds("after the release, it is gone");
    }

    @Test
    void aSourceThatWasWipedTakesNothingAwayUntilItIsReleasedAndTheReleaseIsForThatAlone() {
        for (int i = 1; i < SERVICES; i++) {
            cluster.delete(slice(shop, name(i) + "-1", name(i)));
            cluster.delete(service(shop, name(i)));
        }
        awaitHold();
        int withheld = bailey.flows().toConsul().hold().orElseThrow().deletions();
        assertThat(ours()).as("no more than the floor was let go").isGreaterThanOrEqualTo(SERVICES - 10);
        assertThat(withheld).isEqualTo((int) ours() - 1);

        bailey.flows().toConsul().release();

        awaitOurs(1);
        await().atMost(SOON).until(() -> bailey.flows().toConsul().hold().isEmpty());
    }

    @Test
    void whatIsNewIsServedWhileTheRestIsWithheld() {
        listOnly(0, 1, 2, NEWCOMER);
        awaitHold();

        awaitOurs(SERVICES + 1);
        assertThat(bailey.flows().toConsul().hold()).isPresent();
    }
}
