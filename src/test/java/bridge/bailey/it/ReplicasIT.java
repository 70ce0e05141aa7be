package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.it.FaultProxy.Fault;
import bridge.bailey.local.LocalConsul;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas, each the real jar: one writes, whatever happens to it, and Consul never takes a write of the other. */
@DisabledIfEnvironmentVariable(
        named = "BAILEY_TEST_KUBECONFIG",
        matches = ".+",
        disabledReason = "the proxy's address is in no certificate")
class ReplicasIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int LEASE_SECONDS = 3;

    /** The lease time, a turn of the election, and what a busy machine adds. */
    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(LEASE_SECONDS + 12);

    /** Where the lead is handed over: whoever had to wait for the end of the Lease would come too late. */
    private static final String LONG_LEASE = "long-lease";

    private static final int LONG_LEASE_SECONDS = 300;

    @RegisterExtension
    final Measured measured = new Measured();

    private final LocalConsul consul = SharedConsul.get();
    private final HttpFilter toConsul = new HttpFilter(consul.uri());
    private final List<AutoCloseable> opened = new ArrayList<>();

    @TempDir
    Path directory;

    private Cluster cluster;
    private String shop;
    private FaultProxy toApi;
    private Foreign foreign;
    private BaileyJar first;
    private BaileyJar second;
    private int leaseSeconds;

    /** The first comes to Consul and to the API by ways that can be cut; it leads before the second starts. */
    @BeforeEach
    void start(TestInfo test) throws IOException {
        leaseSeconds = test.getTags().contains(LONG_LEASE) ? LONG_LEASE_SECONDS : LEASE_SECONDS;
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        LegacyKube.install(cluster);
        identify(cluster, "11111111-0000-0000-0000-000000000001");
        cluster.apply(service(shop, "users"));
        pods("10.1.0.1", "10.1.0.2");
        foreign = Foreign.beside(consul, cluster.prefix());
        toApi = new FaultProxy(new InetSocketAddress(
                cluster.address().getHost(), cluster.address().getPort()));
        first = replica("first", cluster, toConsul.port());
        Path kubeconfig = Path.of(JarSetup.environment(cluster, consul, directory.resolve("first"))
                .get("KUBECONFIG"));
        Files.writeString(
                kubeconfig,
                Files.readString(kubeconfig).replace(":" + cluster.address().getPort(), ":" + toApi.port()));
        first.start();
        await("the first leads").atMost(SOON).until(() -> leads(first));
        second = replica("second", cluster, consul.httpPort()).start();
        awaitPods("10.1.0.1", "10.1.0.2");
        foreign.alsoOnOurNode();
    }

    private BaileyJar replica(String name, Cluster of, int consulPort) throws IOException {
        Path own = Files.createDirectories(directory.resolve(name));
        Map<String, String> environment = JarSetup.environment(of, consulPort, own);
        environment.putAll(Map.of(
                "HOSTNAME",
                name,
                "BAILEY_CLUSTER",
                cluster.prefix(),
                "BAILEY_LEADER_ENABLED",
                "true",
                "BAILEY_LEADER_NAMESPACE",
                of.namespace("shop"),
                "BAILEY_LEADER_LEASE_DURATION",
                leaseSeconds + "s",
                "BAILEY_LEADER_RENEW_DEADLINE",
                leaseSeconds - 1 + "s",
                "BAILEY_LEADER_RETRY_PERIOD",
                "300ms"));
        BaileyJar jar = new BaileyJar(own, environment);
        opened.add(jar::kill);
        return jar;
    }

    /** By which Bailey tells clusters apart. */
    private static void identify(Cluster cluster, String uid) {
        cluster.client().namespaces().withName("kube-system").delete();
        cluster.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("kube-system")
                        .withUid(uid)
                        .endMetadata()
                        .build())
                .create();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        toApi.close();
        toConsul.close();
        cluster.close();
        foreign.assertUntouched();
    }

    private static boolean leads(BaileyJar jar) {
        return jar.metric("bailey_leader", "") == 1;
    }

    private void pods(String... addresses) {
        cluster.apply(slice(
                shop, "a", "users", List.of(addresses).stream().map(Kube::ready).toArray(Endpoint[]::new)));
    }

    private List<String> addresses() {
        return CatalogView.of(consul, "k8s-" + cluster.prefix()).keySet().stream()
                .filter(id -> id.startsWith(cluster.prefix()))
                .map(id -> id.replaceAll(".*/(.*):.*", "$1"))
                .sorted()
                .toList();
    }

    private void awaitPods(String... expected) {
        await().atMost(SOON).untilAsserted(() -> assertThat(addresses()).containsExactly(expected));
    }

    private void awaitTakeOver() {
        await("the second leads").atMost(TAKEN_OVER_WITHIN).until(() -> leads(second));
        measured.seconds("the second leads");
    }

    @Test
    void afterAKillTheOtherTakesOverWithinTheLeaseTime() {
        assertThat(leads(second)).isFalse();
        assertThat(second.status("/health/ready")).as("a follower's readiness").isEqualTo(200);
        first.kill();
        pods("10.1.0.2", "10.1.0.3");
        measured.begin();

        awaitTakeOver();
        awaitPods("10.1.0.2", "10.1.0.3");
        measured.seconds("what changed meanwhile is in Consul");
    }

    @Test
    @Tag(LONG_LEASE)
    void whoIsToldToStopHandsOverAtOnce() {
        pods("10.1.0.2", "10.1.0.3");
        awaitPods("10.1.0.2", "10.1.0.3");
        first.signal("TERM");
        measured.begin();

        await("the second leads").atMost(SOON).until(() -> leads(second));
        measured.seconds("the second leads");
        assertThat(first.endsWithin(SOON)).as("ended").isTrue();
    }

    /** Its last transaction is on its way while it is halted, and arrives when another has long undone what it was about. */
    @Test
    void aLeaderThatWasHaltedWakesAndConsulRefusesWhatItHadBegun() {
        toConsul.hold(body -> body.contains("10.1.0.66"));
        pods("10.1.0.1", "10.1.0.2", "10.1.0.66");
        await("its transaction is on its way").atMost(SOON).until(() -> toConsul.held() >= 1);
        first.signal("STOP");
        measured.begin();
        awaitTakeOver();
        awaitPods("10.1.0.1", "10.1.0.2", "10.1.0.66");
        pods("10.1.0.2");
        awaitPods("10.1.0.2");
        int answered = toConsul.answered();

        toConsul.release();
        await("Consul has answered what was begun").atMost(SOON).until(() -> toConsul.answered() > answered);
        assertThat(addresses()).containsExactly("10.1.0.2");
        first.signal("CONT");
        await("it knows").atMost(SOON).until(() -> first.status("/health/live") == 200 && !leads(first));

        pods("10.1.0.2", "10.1.0.4");
        awaitPods("10.1.0.2", "10.1.0.4");
        assertThat(leads(second)).isTrue();
    }

    @Test
    void aReplicaThatIsCutOffFromTheApiGivesWayToTheOtherAndFollowsWhenItIsBack() {
        toApi.set(new Fault.Reset());
        measured.begin();
        awaitTakeOver();
        pods("10.1.0.2", "10.1.0.5");
        awaitPods("10.1.0.2", "10.1.0.5");

        toApi.set(new Fault.Pass());
        await("the first follows").atMost(SOON).until(() -> !leads(first));
        pods("10.1.0.5", "10.1.0.6");
        awaitPods("10.1.0.5", "10.1.0.6");
        assertThat(leads(second)).isTrue();
    }

    @Test
    void aSecondClusterOfTheSameNameWritesNothingAndSaysWhy() throws IOException {
        try (Cluster other = Cluster.open()) {
            identify(other, "22222222-0000-0000-0000-000000000002");
            LegacyKube.install(other);
            other.apply(service(other.namespace("shop"), "users"));
            other.apply(slice(other.namespace("shop"), "a", "users", ready("10.66.0.1")));
            BaileyJar stranger = replica("stranger", other, consul.httpPort()).launch();
            measured.begin();

            await("it says why").atMost(SOON).until(() -> Files.readString(stranger.log())
                    .contains("another cluster"));
            measured.seconds("since its start, it says why");
            pods("10.1.0.2", "10.1.0.7");
            awaitPods("10.1.0.2", "10.1.0.7");
            stranger.kill();
        }
    }
}
