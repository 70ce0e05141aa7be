package bridge.bailey.it;

import static bridge.bailey.it.Kube.draining;
import static bridge.bailey.it.Kube.on;
import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.flow.Flow;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.plan.Hold;
import bridge.bailey.plan.Withheld;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What would vanish all at once stays, in a real Consul; what people do every day is not held up. */
class GuardIT {

    private static final int SERVICES = 6;
    private static final int INSTANCES = 3;

    private final LocalConsul consul = SharedConsul.get();
    private Cluster cluster;
    private String shop;
    private String node;
    private Bailey bailey;

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        node = "k8s-" + cluster.prefix();
        for (int s = 0; s < SERVICES; s++) {
            cluster.apply(service(shop, name(s)));
        }
        endpoints(i -> ready(address(i, 1)));
        startBailey();
        assertThat(CatalogView.of(consul, node)).hasSize(SERVICES * INSTANCES);
    }

    @AfterEach
    void stop() {
        bailey.close();
        cluster.close();
    }

    private void startBailey() {
        bailey = Bailey.of(cluster, consul.httpPort(), Map.of("resync", "1s", "guard.floor", "2"))
                .started();
    }

    private static String name(int service) {
        return "s" + service;
    }

    private static String address(int instance, int generation) {
        return "10.9." + generation + "." + instance;
    }

    /** Gives every service these endpoints; {@code endpoint} takes their number, unique among all. */
    private void endpoints(IntFunction<Endpoint> endpoint) {
        for (int s = 0; s < SERVICES; s++) {
            int first = s * INSTANCES;
            Endpoint[] all = IntStream.range(first, first + INSTANCES)
                    .mapToObj(i -> on("node-" + i % INSTANCES, endpoint.apply(i + 1)))
                    .toArray(Endpoint[]::new);
            cluster.apply(slice(shop, name(s), name(s), all));
        }
    }

    private void removeServices() {
        for (int s = 0; s < SERVICES; s++) {
            cluster.client().services().inNamespace(shop).withName(name(s)).delete();
        }
    }

    private Optional<Hold> hold() {
        return bailey.flows().toConsul().hold();
    }

    private int held() {
        return CatalogView.of(consul, node).size();
    }

    @Test
    void servicesThatAllVanishAreNotTakenOutUntilThatIsReleased() {
        Map<String, String> before = CatalogView.of(consul, node);

        removeServices();

        await().until(() -> hold().map(hold -> hold.services().size()).orElse(0) >= 3);
        bailey.awaitFullPass();
        bailey.awaitFullPass();
        // One service may go whole, and two more are the floor.
        assertThat(held()).isGreaterThanOrEqualTo((SERVICES - 3) * INSTANCES);
        Flow.Planned<?> plan = bailey.flows().toConsul().outlook();
        assertThat(plan.plan().withheld())
                .allMatch(w -> w.reason() == Withheld.Reason.GUARD)
                .hasSize(held());
        assertThat(bailey.flows().toConsul().withheld()).containsEntry(Withheld.Reason.GUARD, (long) held());
        assertThat(before).containsAllEntriesOf(CatalogView.of(consul, node));

        bailey.flows().toConsul().release();

        await().until(() -> held() == 0);
        assertThat(hold()).isEmpty();
    }

    @Test
    void whatVanishedWhileBaileyWasStoppedIsNotTakenOutAtItsStart() {
        Map<String, String> before = CatalogView.of(consul, node);
        bailey.close();
        removeServices();

        startBailey();

        assertThat(hold().orElseThrow().deletions()).isEqualTo(SERVICES * INSTANCES);
        bailey.awaitFullPass();
        assertThat(CatalogView.of(consul, node)).isEqualTo(before);
    }

    @Test
    void whatComesBackIsNotWithheldAnyMore() {
        Map<String, String> before = CatalogView.of(consul, node);
        bailey.close();
        removeServices();
        startBailey();

        for (int s = 0; s < SERVICES; s++) {
            cluster.apply(service(shop, name(s)));
        }

        await().until(() -> hold().isEmpty());
        assertThat(CatalogView.of(consul, node)).isEqualTo(before);
    }

    @Test
    void oneServiceIsScaledToZeroWithoutAHold() {
        cluster.apply(slice(shop, name(0), name(0)));

        await().until(() -> held() == (SERVICES - 1) * INSTANCES);
        assertThat(hold()).isEmpty();
    }

    @Test
    void everythingIsReplacedWithoutAHold() {
        for (int replaced = 0; replaced < INSTANCES; replaced++) {
            int last = replaced;
            endpoints(i -> (i - 1) % INSTANCES <= last ? ready(address(i, 2)) : ready(address(i, 1)));
            await().untilAsserted(() -> assertThat(CatalogView.of(consul, node).keySet().stream()
                            .filter(id -> id.contains("/10.9.2."))
                            .count())
                    .isEqualTo((long) SERVICES * (last + 1)));
            assertThat(hold()).isEmpty();
        }
        await().until(() -> held() == SERVICES * INSTANCES);
    }

    @Test
    void aNodeIsDrainedWithoutAHold() {
        // A third of all: one more than may vanish by the share.
        endpoints(i -> (i - 1) % INSTANCES == 0 ? draining(address(i, 1)) : ready(address(i, 1)));
        bailey.awaitFullPass();
        for (int s = 0; s < SERVICES; s++) {
            int first = s * INSTANCES + 1;
            cluster.apply(slice(
                    shop,
                    name(s),
                    name(s),
                    on("node-1", ready(address(first + 1, 1))),
                    on("node-2", ready(address(first + 2, 1)))));
        }

        await().until(() -> held() == SERVICES * (INSTANCES - 1));
        assertThat(hold()).isEmpty();
    }

    @Test
    void aLostNodeIsNoReasonForAHold() {
        for (int s = 0; s < SERVICES; s++) {
            int first = s * INSTANCES + 1;
            cluster.apply(slice(
                    shop,
                    name(s),
                    name(s),
                    on("node-1", ready(address(first + 1, 1))),
                    on("node-2", ready(address(first + 2, 1)))));
        }

        await().until(() -> held() == SERVICES * (INSTANCES - 1));
        assertThat(hold()).isEmpty();
    }
}
