package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.it.FaultProxy.Fault;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.plan.Change;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Consul is away, ill, or not what it was: nothing is lost, nothing is deleted, and it mends itself. */
class ConsulFaultsIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    /** What is mended within {@link #SOON} is not mended by the next full pass; and what does not answer is soon given up. */
    private static final Map<String, String> OPTIONS = Map.of("resync", "10m", "consul.request-timeout", "2s");

    private static LocalConsul consul;

    @RegisterExtension
    final Measured measured = new Measured();

    private FaultProxy proxy;
    private Cluster cluster;
    private String shop;
    private Bailey bailey;
    private Foreign foreign;

    @BeforeAll
    static void startConsul() {
        consul = LocalConsul.start();
    }

    @AfterAll
    static void stopConsul() {
        consul.close();
    }

    @BeforeEach
    void start() {
        proxy = new FaultProxy(consul.httpPort());
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        cluster.apply(service(shop, "users"));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.2")));
        cluster.apply(service(shop, "orders"));
        cluster.apply(slice(shop, "b", "orders", ready("10.1.0.3")));
        foreign = Foreign.beside(consul, cluster.prefix());
        bailey = Bailey.of(cluster, proxy.port(), OPTIONS).started();
        foreign.alsoOnOurNode();
    }

    @AfterEach
    void stop() {
        bailey.close();
        cluster.close();
        proxy.close();
        foreign.assertUntouched();
    }

    private List<String> addresses() {
        return CatalogView.of(consul, "k8s-" + cluster.prefix()).keySet().stream()
                .filter(id -> id.startsWith(cluster.prefix()))
                .map(id -> id.replaceAll(".*/(.*):.*", "$1"))
                .sorted()
                .toList();
    }

    private void awaitAddresses(String... expected) {
        await().atMost(SOON).untilAsserted(() -> assertThat(addresses()).containsExactly(expected));
        measured.seconds("all is there");
    }

    private void assertNothingWasDeleted() {
        assertThat(bailey.outcomes()).noneMatch(o -> o.change().action() == Change.Action.DELETE);
    }

    @Test
    void whatChangedWhileConsulWasStoppedIsThereWhenItIsBack() {
        consul.stop();
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.9")));
        await("the outage is noticed").atMost(SOON).until(() -> !bailey.outages()
                .isEmpty());

        consul.startAgain();
        measured.begin();

        awaitAddresses("10.1.0.1", "10.1.0.3", "10.1.0.9");
        await().atMost(SOON).until(() -> bailey.flows().toConsul().status().targetUp());
    }

    @Test
    void aConsulThatComesBackEmptyIsFilledAgain() {
        consul.stop();
        consul.wipe();
        foreign.allWasLost();
        consul.startAgain();
        measured.begin();

        awaitAddresses("10.1.0.1", "10.1.0.2", "10.1.0.3");
        assertNothingWasDeleted();
    }

    @Test
    void aNodeThatWasRemovedByHandIsNoticedBeforeTheNextFullPass() {
        consul.put(
                "txn",
                """
                [{"Node": {"Verb": "delete", "Node": {"Node": "k8s-%s"}}}]"""
                        .formatted(cluster.prefix()));
        measured.begin();
        foreign.ourNodeWasRemoved();

        awaitAddresses("10.1.0.1", "10.1.0.2", "10.1.0.3");
    }

    @Test
    void aConsulThatWasRestoredToAnOlderStateIsNoticedBeforeTheNextFullPass() {
        byte[] snapshot = consul.snapshot();
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.2"), ready("10.1.0.4")));
        awaitAddresses("10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.4");

        consul.restore(snapshot);
        measured.begin();

        awaitAddresses("10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.4");
        await("both writes are told").atMost(SOON).untilAsserted(() -> assertThat(
                        bailey.outcomes().stream().filter(o -> o.change().id().contains("10.1.0.4") && o.applied()))
                .hasSize(2));
    }

    @Test
    void aConsulThatHangsIsToldWhileItHangsAndServedWhenItGoesOn() {
        consul.pause();
        try {
            cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.6")));
            await("the outage is noticed").atMost(SOON).until(() -> !bailey.outages()
                    .isEmpty());
        } finally {
            consul.resume();
        }
        measured.begin();

        awaitAddresses("10.1.0.1", "10.1.0.3", "10.1.0.6");
    }

    /** An answer that stops half-way on a connection that stays open must not hold up a flow for ever. */
    @Test
    void anAnswerThatStopsHalfwayIsGivenUp() {
        proxy.set(new Fault.Stall(200));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.2"), ready("10.1.0.5")));

        await("the outage is noticed twice while connections stay open")
                .atMost(SOON)
                .until(() -> bailey.outages().size() >= 2);
        assertNothingWasDeleted();
        proxy.set(new Fault.Pass());
        measured.begin();

        awaitAddresses("10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.5");
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Fault.Reset(),
                new Fault.Silence(),
                new Fault.Stall(40),
                new Fault.Delay(5000),
                new Fault.Answer(500, "No cluster leader"),
                new Fault.Answer(503, "not now"),
                new Fault.Answer(429, "slow down"),
                new Fault.Answer(403, "ACL not found"),
                new Fault.Answer(200, "<html>a login page</html>"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whileConsulIsIllNothingIsDeletedAndAfterwardsAllIsThere(Fault fault) {
        proxy.set(fault);
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.2"), ready("10.1.0.7")));
        await("the fault is met twice").atMost(SOON).until(() -> proxy.met() >= 2);
        assertNothingWasDeleted();

        proxy.set(new Fault.Pass());
        measured.begin();

        awaitAddresses("10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.7");
        assertNothingWasDeleted();
    }

    @Test
    void aWriteWhoseAnswerWasLostIsNotDoneTwice() {
        proxy.set(new Fault.LoseAnswers());
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.8")));
        await("the write is tried").atMost(SOON).until(() -> !bailey.outages().isEmpty());

        proxy.set(new Fault.Pass());
        measured.begin();

        awaitAddresses("10.1.0.1", "10.1.0.3", "10.1.0.8");
        await().atMost(SOON).until(() -> bailey.flows().toConsul().status().targetUp());
        assertThat(CatalogView.of(consul, "k8s-" + cluster.prefix()).values())
                .filteredOn(entry -> !entry.startsWith("users 10.9.9.8"))
                .noneMatch(entry -> entry.contains("+"))
                .allMatch(entry -> entry.contains("readiness=passing"));
    }

    @Test
    void aStartWhileConsulIsAwayWaitsForIt() {
        bailey.close();
        proxy.set(new Fault.Reset());
        bailey = Bailey.of(cluster, proxy.port(), OPTIONS).start();
        await().atMost(SOON).until(() -> proxy.met() >= 2);
        assertThat(bailey.flows().toConsul().status().started()).isFalse();

        proxy.set(new Fault.Pass());
        measured.begin();

        await().atMost(SOON).until(() -> bailey.flows().toConsul().status().started());
        assertThat(bailey.outcomes()).as("nothing had changed").isEmpty();
    }

    @Test
    void whileConsulIsAwayManyChangesOfOneServiceWaitAsOne() {
        proxy.set(new Fault.Reset());
        for (int i = 10; i < 40; i++) {
            cluster.apply(slice(shop, "a", "users", ready("10.1.0." + i)));
        }
        await().atMost(SOON).until(() -> !bailey.outages().isEmpty());
        assertThat(bailey.flows().toConsul().status().waiting()).isLessThanOrEqualTo(1);

        proxy.set(new Fault.Pass());
        measured.begin();

        awaitAddresses("10.1.0.3", "10.1.0.39");
    }

    @Test
    void theOldStaysUntilTheNewCouldBeRegistered() {
        try (HttpFilter filter = new HttpFilter(consul.uri())) {
            bailey.close();
            bailey = Bailey.of(cluster, filter.port(), OPTIONS).started();
            filter.refuse(body -> body.contains("\"cas\""));
            cluster.apply(slice(shop, "a", "users", ready("10.1.0.8"), ready("10.1.0.9")));
            await().atMost(SOON).until(() -> bailey.outages().size() >= 2);
            assertThat(addresses()).containsExactly("10.1.0.1", "10.1.0.2", "10.1.0.3");

            filter.refuse(body -> false);
            measured.begin();

            awaitAddresses("10.1.0.3", "10.1.0.8", "10.1.0.9");
        }
    }
}
