package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.local.LocalConsul;
import bridge.bailey.plan.Change;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three Consul servers, as in production, of which most die. */
class ConsulClusterIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    final Measured measured = new Measured();

    private final List<LocalConsul> servers = LocalConsul.startCluster(3);
    private final LocalConsul survivor = servers.get(0);
    private Cluster cluster;
    private String shop;
    private Bailey bailey;
    private Foreign foreign;

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        cluster.apply(service(shop, "users"));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.2")));
        foreign = Foreign.beside(survivor, cluster.prefix());
        bailey = Bailey.of(cluster, survivor.httpPort(), Map.of()).started();
        foreign.alsoOnOurNode();
    }

    @AfterEach
    void stop() {
        bailey.close();
        cluster.close();
        servers.forEach(LocalConsul::close);
    }

    @Test
    void withoutALeaderNothingIsLostAndTheNewLeaderGetsWhatChanged() {
        servers.subList(1, 3).forEach(LocalConsul::stop);
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.2"), ready("10.1.0.3")));
        await("Consul has no leader, and says so").atMost(SOON).until(() -> bailey.outages().stream()
                .anyMatch(text -> text.contains("No cluster leader")));
        assertThat(new Dns(survivor.dnsPort()).a("users"))
                .as("what the survivor's DNS answers meanwhile")
                .contains("10.1.0.1", "10.1.0.2");
        assertThat(bailey.outcomes()).noneMatch(o -> o.applied() && o.change().action() == Change.Action.DELETE);

        servers.subList(1, 3).forEach(LocalConsul::launch);
        servers.forEach(LocalConsul::awaitLeader);
        measured.begin();

        await().atMost(SOON).untilAsserted(() -> assertThat(
                        CatalogView.of(survivor, "k8s-" + cluster.prefix()).keySet())
                .containsExactlyInAnyOrder("theirs", id("10.1.0.2"), id("10.1.0.3")));
        measured.seconds("all is there, since there is a leader again");
        foreign.assertUntouched();
    }

    private String id(String address) {
        return cluster.prefix() + "/" + shop + "/users/" + address + ":8080";
    }
}
