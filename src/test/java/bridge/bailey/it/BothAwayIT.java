package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static bridge.bailey.it.LegacyKube.legacyService;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bridge.bailey.it.FaultProxy.Fault;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.source.Source;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consul and the API server are away at once, as when a zone or a network fails; both flows are on. */
class BothAwayIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    final Measured measured = new Measured();

    private final LocalConsul consul = SharedConsul.get();
    private Cluster cluster;
    private String shop;
    private FaultProxy toConsul;
    private FaultProxy toApi;
    private Bailey bailey;
    private Foreign foreign;
    private ForeignObjects foreignObjects;

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        assumeTrue(cluster.isLocal(), "the proxy's address is in no certificate");
        shop = cluster.namespace("shop");
        LegacyKube.install(cluster);
        cluster.apply(service(shop, "users"));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.2")));
        cluster.apply(legacyService(shop, "billing", machines("10.20.0.1", "10.20.0.2")));
        foreign = Foreign.beside(consul, cluster.prefix());
        foreignObjects = ForeignObjects.in(cluster, shop);
        toConsul = new FaultProxy(consul.httpPort());
        toApi = new FaultProxy(new InetSocketAddress(
                cluster.address().getHost(), cluster.address().getPort()));
        bailey = new Bailey(
                        cluster.newClientThrough(toApi.port(), new VertxHttpClientFactory()),
                        toConsul.port(),
                        "",
                        Bailey.forTest(
                                cluster,
                                Map.of(
                                        "resync",
                                        "1s",
                                        "legacy.enabled",
                                        "true",
                                        "legacy.namespaces",
                                        cluster.prefix() + "-*")))
                .started();
    }

    private static String machines(String... addresses) {
        return "{ports: [{port: 80}], origins: [{static: {instances: ["
                + String.join(
                        ", ",
                        List.of(addresses).stream()
                                .map(address -> "{address: " + address + "}")
                                .toList())
                + "]}}]}";
    }

    @AfterEach
    void stop() {
        if (bailey != null) {
            bailey.close();
            toConsul.close();
            toApi.close();
        }
        cluster.close();
    }

    private List<String> pods() {
        return CatalogView.of(consul, "k8s-" + cluster.prefix()).keySet().stream()
                .filter(id -> id.contains("/users/"))
                .map(id -> id.replaceAll(".*/(.*):.*", "$1"))
                .toList();
    }

    private List<String> billing() {
        return cluster
                .client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(shop)
                .withLabel("kubernetes.io/service-name", "billing")
                .list()
                .getItems()
                .stream()
                .map(EndpointSlice::getEndpoints)
                .flatMap(endpoints -> endpoints.stream()
                        .map(endpoint -> endpoint.getAddresses().get(0)))
                .sorted()
                .toList();
    }

    private FaultProxy proxy(String name) {
        return name.equals("consul") ? toConsul : toApi;
    }

    @ParameterizedTest(name = "{0} comes back first")
    @ValueSource(strings = {"consul", "api"})
    void whateverComesBackFirstNothingIsDeletedAndBothCatchUp(String first) {
        await().atMost(SOON).until(() -> pods().size() == 2 && billing().size() == 2);

        toConsul.set(new Fault.Reset());
        toApi.set(new Fault.Reset());
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.2"), ready("10.1.0.3")));
        cluster.apply(legacyService(shop, "billing", machines("10.20.0.2", "10.20.0.3")));
        await("both outages are noticed").atMost(SOON).until(() -> toConsul.met() >= 2 && toApi.met() >= 2);
        await().atMost(SOON).until(() -> bailey.flows().sources().stream().anyMatch(part -> !part.up()));
        proxy(first).set(new Fault.Pass());
        await("the one is back").atMost(SOON).until(() -> proxy(first).met() >= 1);
        assertThat(pods()).as("the one that stays").contains("10.1.0.2");
        assertThat(billing()).as("the one that stays").contains("10.20.0.2");
        proxy(first.equals("consul") ? "api" : "consul").set(new Fault.Pass());
        measured.begin();

        await().atMost(SOON).untilAsserted(() -> assertThat(pods()).containsExactly("10.1.0.2", "10.1.0.3"));
        await().atMost(SOON).untilAsserted(() -> assertThat(billing()).containsExactly("10.20.0.2", "10.20.0.3"));
        measured.seconds("both sides are right");
        await().atMost(SOON).until(() -> bailey.flows().sources().stream().allMatch(Source.Part::up));
        foreign.assertUntouched();
        foreignObjects.assertUntouched();
    }
}
