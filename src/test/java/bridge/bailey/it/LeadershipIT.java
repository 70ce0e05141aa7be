package bridge.bailey.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import bridge.bailey.consul.Catalog;
import bridge.bailey.consul.ConsulException;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.Fence;
import bridge.bailey.consul.FencedException;
import bridge.bailey.consul.Txn;
import bridge.bailey.lead.Alone;
import bridge.bailey.lead.Bulletin;
import bridge.bailey.lead.ElectedLeadership;
import bridge.bailey.lead.Leadership;
import bridge.bailey.local.LocalConsul;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The election among replicas, and the fence that Consul holds before the writes of all but the leader. */
class LeadershipIT {

    /** Longer than any test takes: who leads after that was handed the lead. */
    private static final Duration NEVER = Duration.ofMinutes(5);

    /** Longer than a busy machine keeps a thread waiting, which would hand the lead over too early. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    private final LocalConsul consul = SharedConsul.get();
    private final List<Replica> replicas = new ArrayList<>();
    private Cluster cluster;
    private String namespace;

    @BeforeEach
    void open() {
        cluster = Cluster.open();
        namespace = cluster.namespace("bailey");
        cluster.apply(new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("makes-the-namespace")
                .endMetadata()
                .build());
    }

    @AfterEach
    void close() {
        replicas.forEach(Replica::close);
        cluster.client().leases().inNamespace(namespace).withName("bailey").delete();
        cluster.close();
    }

    /** One replica: its part in the election, and its fence. */
    private final class Replica implements Fence.Claimant, Bulletin, AutoCloseable {
        private final String name;
        private final KubernetesClient client;
        private final ConsulHttp http;
        private final Leadership leadership;
        private final Fence fence;
        private final String clusterId;
        private final Set<String> withheld = ConcurrentHashMap.newKeySet();
        private final Set<String> resumed = ConcurrentHashMap.newKeySet();
        private final Set<String> released = ConcurrentHashMap.newKeySet();

        Replica(String name, Duration lease) {
            this(name, lease, cluster.newClient(), "this-cluster");
        }

        Replica(String name, Duration lease, KubernetesClient client, String clusterId) {
            this.name = name;
            this.client = client;
            this.clusterId = clusterId;
            this.http = Machines.http(consul, "", (kind, status, seconds) -> {});
            this.leadership = lease.isZero()
                    ? new Alone(name, "once")
                    : new ElectedLeadership(
                            client,
                            new ElectedLeadership.Rules(
                                    namespace,
                                    "bailey",
                                    lease,
                                    lease.multipliedBy(2).dividedBy(3),
                                    Duration.ofMillis(200)),
                            name,
                            "once",
                            this,
                            System::nanoTime);
            this.fence = new Fence(http, cluster.prefix(), this, InstantSource.system());
            replicas.add(this);
        }

        Replica start() {
            leadership.start(() -> {});
            return this;
        }

        Replica leads() {
            start();
            await().until(() -> leadership.term().isPresent());
            return this;
        }

        /** As if the catalog had been read under it. */
        void takeFence() throws ConsulException {
            fence.open(Optional.of(fence.take()));
        }

        Txn.Answer write(String node) throws ConsulException {
            return fence.transact(List.of(
                    Txn.setNode(cluster.prefix() + "-" + node, "127.0.0.1", Map.of("by", cluster.prefix()), 0)));
        }

        @Override
        public Optional<String> term() {
            return leadership.term();
        }

        @Override
        public boolean confirmed() {
            return leadership.confirmed();
        }

        @Override
        public boolean elected() {
            return leadership.elected();
        }

        @Override
        public String identity() {
            return leadership.identity();
        }

        @Override
        public Optional<String> clusterId() {
            return Optional.of(clusterId);
        }

        @Override
        public Set<String> withheld() {
            return new HashSet<>(withheld);
        }

        @Override
        public void resume(Set<String> flows) {
            resumed.addAll(flows);
        }

        @Override
        public boolean hasJudged(String flow) {
            return true;
        }

        @Override
        public void release(Set<String> flows) {
            released.addAll(flows);
        }

        @Override
        public void close() {
            leadership.close();
            http.close();
            client.close();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private Lease lease() {
        return cluster.client()
                .leases()
                .inNamespace(namespace)
                .withName("bailey")
                .get();
    }

    private Set<String> written() throws ConsulException {
        Set<String> names = new HashSet<>();
        for (Catalog.Node node : replicas.get(0).http.nodes(Map.of("by", cluster.prefix()))) {
            names.add(node.name().substring(cluster.prefix().length() + 1));
        }
        return names;
    }

    @Test
    void whoLeavesHandsTheLeadToTheNextAtOnce() {
        Replica first = new Replica("first", NEVER).leads();
        Replica second = new Replica("second", NEVER).start();
        await().until(() -> second.leadership.leader().equals(Optional.of("first")));

        first.leadership.close();

        await().until(() -> second.leadership.term().isPresent());
        assertThat(first.leadership.term()).isEmpty();
        assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("second");
    }

    @Test
    void theNextOneLeadsWhenTheLeaderFallsSilent() throws Exception {
        try (FaultProxy proxy = new FaultProxy(cluster.address().getPort())) {
            Replica first = new Replica(
                            "first",
                            SHORT,
                            cluster.newClientThrough(proxy.port(), new VertxHttpClientFactory()),
                            "this-cluster")
                    .leads();
            Replica second = new Replica("second", SHORT).start();
            first.takeFence();

            proxy.set(new FaultProxy.Fault.Reset());

            await().until(() -> second.leadership.term().isPresent());
            assertThat(first.leadership.isFresh()).isFalse();
        }
    }

    @Test
    void consulRefusesTheWritesOfALeaderThatDoesNotKnowItWasDeposed() throws Exception {
        try (FaultProxy proxy = new FaultProxy(cluster.address().getPort())) {
            Replica first = new Replica(
                            "first",
                            SHORT,
                            cluster.newClientThrough(proxy.port(), new VertxHttpClientFactory()),
                            "this-cluster")
                    .leads();
            first.takeFence();
            assertThat(first.write("before").errors()).isEmpty();
            Replica second = new Replica("second", SHORT).start();

            proxy.set(new FaultProxy.Fault.Reset());
            await().until(() -> second.leadership.term().isPresent());
            second.takeFence();

            assertThat(first.leadership.term()).isPresent();
            assertThatThrownBy(() -> first.write("after")).isInstanceOf(FencedException.class);
            assertThat(second.write("by-the-next").errors()).isEmpty();
            assertThat(written()).containsExactlyInAnyOrder("before", "by-the-next");
            // Nor can it take the fence back: whether it leads, it can't tell.
            assertThatThrownBy(first.fence::take).isInstanceOf(FencedException.class);
        }
    }

    @Test
    void aLeaderThatIsDeposedFindsOutWhenItAsks() throws ConsulException {
        Replica first = new Replica("first", NEVER).leads();
        first.takeFence();
        cluster.client().leases().inNamespace(namespace).withName("bailey").edit(lease -> {
            lease.getSpec().setHolderIdentity("second");
            return lease;
        });

        assertThat(first.leadership.confirmed()).isFalse();
        assertThat(first.leadership.term()).isEmpty();
        assertThatThrownBy(() -> first.write("after")).isInstanceOf(FencedException.class);
    }

    @Test
    void theLeaderTakesTheFenceAgainWhereConsulLostIt() throws ConsulException {
        Replica first = new Replica("first", NEVER).leads();
        first.takeFence();
        Catalog.Key key = first.http.key(Fence.key(cluster.prefix())).orElseThrow();
        first.http.transact(List.of(Txn.deleteKey(key.key(), key.modifyIndex())));
        assertThatThrownBy(() -> first.write("refused")).isInstanceOf(FencedException.class);

        Fence.Claim again = first.fence.take();
        // What follows from what was read before is not written: somebody else may have written since.
        assertThatThrownBy(() -> first.write("of-an-old-reading")).isInstanceOf(FencedException.class);

        first.fence.open(Optional.of(again));
        assertThat(first.write("after").errors()).isEmpty();
        assertThat(written()).containsExactly("after");
    }

    @Test
    void aSecondClusterOfTheSameNameWritesNothingAndSaysWhy() throws ConsulException {
        Replica first = new Replica("first", NEVER).leads();
        first.takeFence();
        Replica other = new Replica("other", Duration.ZERO, cluster.newClient(), "other-cluster");

        assertThatThrownBy(other.fence::take)
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("another cluster")
                .hasMessageContaining("\"" + cluster.prefix() + "\"")
                .hasMessageContaining("this-cluster")
                .hasMessageContaining("other-cluster")
                .hasMessageContaining("consul kv delete bailey/" + cluster.prefix() + "/leader");
        assertThat(first.write("still").errors()).isEmpty();
    }

    @Test
    void withoutAnElectionWhoComesLastWrites() throws ConsulException {
        Replica first = new Replica("first", Duration.ZERO);
        first.takeFence();
        Replica second = new Replica("second", Duration.ZERO);

        second.takeFence();

        assertThat(second.write("second").errors()).isEmpty();
        assertThatThrownBy(() -> first.write("first")).isInstanceOf(FencedException.class);
        assertThatThrownBy(first.fence::take).hasMessageContaining("\"second\"").hasMessageContaining("bailey.leader");
    }

    @Test
    void aKeyThatNoBaileyWroteIsLeftAsItIs() throws ConsulException {
        Replica first = new Replica("first", Duration.ZERO);
        first.http.transact(List.of(Txn.setKey(Fence.key(cluster.prefix()), "not ours".getBytes(UTF_8), 0)));

        assertThatThrownBy(first.fence::take).hasMessageContaining(Fence.key(cluster.prefix()));
        assertThat(first.http.key(Fence.key(cluster.prefix())).orElseThrow().bytes())
                .asString()
                .isEqualTo("not ours");
    }

    @Test
    void anOperatorsWordOnTheLeaseIsHeardAndTakenOff() {
        Replica first = new Replica("first", NEVER).leads();
        cluster.client().leases().inNamespace(namespace).withName("bailey").edit(lease -> {
            lease.getMetadata().setAnnotations(Map.of(Bulletin.RELEASE, "to-consul", "team", "platform"));
            return lease;
        });

        await().until(() -> first.released.contains("to-consul"));
        await().untilAsserted(
                        () -> assertThat(lease().getMetadata().getAnnotations()).isEqualTo(Map.of("team", "platform")));
    }

    @Test
    void theNextLeaderKnowsOfWhatWasWithheld() {
        Replica first = new Replica("first", NEVER).leads();
        first.withheld.add("to-consul");
        await().until(() -> lease().getMetadata().getAnnotations() != null
                && lease().getMetadata().getAnnotations().containsKey(Bulletin.WITHHELD));

        Replica second = new Replica("second", NEVER).start();
        first.leadership.close();

        await().until(() -> second.leadership.term().isPresent());
        await().untilAsserted(() -> assertThat(second.resumed).containsExactly("to-consul"));
    }
}
