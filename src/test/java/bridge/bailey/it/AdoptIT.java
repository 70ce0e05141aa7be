package bridge.bailey.it;

import static bridge.bailey.it.Kube.notReady;
import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.it.BaileyJar.Result;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.target.CatalogSync;
import bridge.bailey.target.Counterparts.Left;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way from the catalog sync of consul-k8s to Bailey, on a real Consul and its DNS. */
class AdoptIT {

    private final LocalConsul consul = SharedConsul.get();
    private final Dns dns = new Dns(consul.dnsPort());

    @TempDir
    Path directory;

    private Cluster cluster;
    private String shop;
    private String users;
    private String node;
    private ConsulK8s sync;
    private Bailey bailey;

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        // A name of its own, since all tests ask one DNS.
        users = cluster.namespace("users");
        node = "k8s-sync-" + cluster.prefix();
        sync = new ConsulK8s(consul, node);
        cluster.apply(service(shop, users));
        cluster.apply(slice(shop, "a", users, ready("10.1.0.1"), ready("10.1.0.2")));
    }

    @AfterEach
    void stop() {
        if (bailey != null) {
            bailey.close();
        }
        cluster.close();
    }

    private void startBailey() {
        bailey = Bailey.of(cluster, consul.httpPort(), Map.of()).started();
    }

    private Result adopt(String... more) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "BAILEY_CLUSTER",
                cluster.prefix(),
                "CONSUL_HTTP_ADDR",
                "127.0.0.1:" + consul.httpPort(),
                "KUBECONFIG",
                cluster.kubeconfig(directory).toString()));
        List<String> arguments = new ArrayList<>(List.of("adopt"));
        arguments.addAll(List.of(more));
        Map.of("--node", node, "--watch", "0").forEach((name, value) -> {
            if (!arguments.contains(name)) {
                arguments.addAll(List.of(name, value));
            }
        });
        return BaileyJar.run(directory, environment, arguments.toArray(String[]::new));
    }

    private CatalogSync catalogSync() {
        return new CatalogSync(consul(), cluster.prefix(), node, "k8s-" + cluster.prefix());
    }

    private ConsulHttp consul() {
        return new ConsulHttp(bailey.settings().consul(), (kind, status, seconds) -> {});
    }

    private Set<String> theirs() {
        return CatalogView.of(consul, node).keySet();
    }

    @Test
    void entriesAreTakenOverWithoutAGapInDns() throws Exception {
        sync.register(shop, users, "10.1.0.1", 8080, true);
        sync.register(shop, users, "10.1.0.2", 8080, true);
        List<List<String>> gaps = new CopyOnWriteArrayList<>();
        AtomicBoolean asking = new AtomicBoolean(true);
        AtomicInteger asked = new AtomicInteger();
        Thread asker = new Thread(() -> {
            while (asking.get()) {
                List<String> addresses = dns.a(users);
                asked.incrementAndGet();
                if (!addresses.equals(List.of("10.1.0.1", "10.1.0.2"))) {
                    gaps.add(addresses);
                }
            }
        });
        asker.start();
        try {
            await().until(() -> asked.get() > 100);
            startBailey();

            Result dryRun = adopt("--dry-run");
            assertThat(dryRun.code()).as(dryRun.err()).isEqualTo(2);
            assertThat(dryRun.out())
                    .contains("node " + node, "- 10.1.0.1:8080 passing  Bailey's: " + cluster.prefix())
                    .contains("2 to remove, 0 to leave");
            assertThat(theirs()).as("a dry run removes nothing").hasSize(2);

            Result adopted = adopt("--yes");
            assertThat(adopted.code()).as(adopted.out() + adopted.err()).isZero();
            assertThat(adopted.out()).contains("2 removed.", "Node \"" + node + "\" removed");
            int then = asked.get();
            await().until(() -> asked.get() > then + 100);
        } finally {
            asking.set(false);
            asker.join();
        }
        assertThat(gaps).as("of %d lookups", asked.get()).isEmpty();
        assertThat(consul.get("catalog/node/" + node).isNull()).isTrue();
        assertThat(dns.a(users)).containsExactly("10.1.0.1", "10.1.0.2");

        assertThat(adopt("--yes").out()).contains("Nothing to adopt");
    }

    @Test
    void whatHasNoCounterpartIsLeftWithTheReasonAndSoIsTheNode() throws Exception {
        cluster.apply(slice(shop, "a", users, ready("10.1.0.1"), notReady("10.1.0.2")));
        startBailey();
        sync.register(shop, users, "10.1.0.1", 8080, true);
        sync.registerUnchecked(shop, users, "10.1.0.2", 8080);
        sync.register(shop, users, "10.1.0.3", 8080, true);
        sync.register(shop, users + "-other", "10.1.0.4", 8080, true);
        consul.put(
                "catalog/register",
                "{\"Node\": \"%s\", \"Address\": \"127.0.0.1\", \"SkipNodeUpdate\": true, \"Service\": {\"Service\": \"by-hand\"}}"
                        .formatted(node));

        Result adopted = adopt("--yes");

        assertThat(adopted.code()).as(adopted.err()).isEqualTo(2);
        assertThat(adopted.out())
                .contains(
                        "10.1.0.2:8080 passing  stays: Bailey's entry is critical",
                        "10.1.0.3:8080 passing  stays: Bailey registers " + users + ", but not at this address",
                        "10.1.0.4:8080 passing  stays: Bailey registers no service of this name",
                        "by-hand  stays: not an entry of catalog sync",
                        "1 to remove, 4 to leave",
                        "Node \"" + node + "\" stays.");
        assertThat(theirs())
                .containsExactlyInAnyOrder(
                        ConsulK8s.id(users, "10.1.0.2"),
                        ConsulK8s.id(users, "10.1.0.3"),
                        ConsulK8s.id(users + "-other", "10.1.0.4"),
                        "by-hand");
    }

    @Test
    void anEntryThatIsRegisteredAnewMeanwhileIsLeftAndSoIsOneWhoseCounterpartWent() throws Exception {
        sync.register(shop, users, "10.1.0.1", 8080, true);
        sync.register(shop, users, "10.1.0.2", 8080, true);
        startBailey();
        CatalogSync adoption = catalogSync();
        CatalogSync.Found found = adoption.look();
        assertThat(found.counterparts().matched()).hasSize(2);

        consul.put(
                "catalog/deregister",
                "{\"Node\": \"%s\", \"ServiceID\": \"%s\"}".formatted(node, ConsulK8s.id(users, "10.1.0.1")));
        sync.register(shop, users, "10.1.0.1", 8080, true);
        bailey.close();
        consul.put(
                "catalog/deregister",
                "{\"Node\": \"k8s-%s\", \"ServiceID\": \"%s/%s/%s/10.1.0.2:8080\"}"
                        .formatted(cluster.prefix(), cluster.prefix(), shop, users));
        bailey = null;

        CatalogSync.Done done = adoption.remove(found.counterparts().matched());

        assertThat(done.removed()).isEmpty();
        assertThat(done.left())
                .extracting(Left::why)
                .hasSize(2)
                .anyMatch(why -> why.contains("registered anew"))
                .anyMatch(why -> why.contains("went meanwhile"));
        assertThat(theirs()).hasSize(2);
    }

    @Test
    void aCatalogSyncThatRunsIsToldBeforeAndOneThatBringsEntriesBackAfterwards() throws Exception {
        sync.register(shop, users, "10.1.0.1", 8080, true);
        startBailey();
        var deployment = ConsulK8s.deployment(shop);
        cluster.apply(deployment);

        Result refused = adopt("--yes");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains(
                        "kubectl -n " + shop + " scale deployment/consul-sync-catalog --replicas=0",
                        "Nothing was removed");
        assertThat(theirs()).hasSize(1);

        cluster.delete(deployment);
        AtomicBoolean syncing = new AtomicBoolean(true);
        Thread elsewhere = new Thread(() -> {
            while (syncing.get()) {
                if (theirs().isEmpty()) {
                    sync.register(shop, users, "10.1.0.1", 8080, true);
                    syncing.set(false);
                }
            }
        });
        elsewhere.start();
        Result back = adopt("--yes", "--watch", "30");
        syncing.set(false);
        elsewhere.join();
        assertThat(back.code()).as(back.out()).isEqualTo(1);
        assertThat(back.err()).contains("came back", "still runs");
    }

    @Test
    void nothingIsAskedWithoutATerminalAndABaileysNodeIsNeverAdopted() throws Exception {
        sync.register(shop, users, "10.1.0.1", 8080, true);
        startBailey();

        Result nobody = adopt();
        assertThat(nobody.code()).isEqualTo(1);
        assertThat(nobody.err()).contains("--yes");
        Result own = adopt("--yes", "--node", "k8s-" + cluster.prefix());
        assertThat(own.code()).isEqualTo(1);
        assertThat(own.err()).contains("is a Bailey's");
        assertThat(theirs()).hasSize(1);
        assertThat(CatalogView.of(consul, "k8s-" + cluster.prefix())).hasSize(2);
    }
}
