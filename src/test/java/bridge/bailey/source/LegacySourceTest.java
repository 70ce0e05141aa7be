package bridge.bailey.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.desired.LegacyWorlds;
import bridge.bailey.desired.Merging;
import bridge.bailey.local.LocalKubernetes;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.Health;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDeclaration.Origin;
import bridge.bailey.model.LegacyInstance;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.OpenConnections;
import bridge.bailey.model.Probe;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.probe.Connections;
import bridge.bailey.probe.MemoryConnections;
import bridge.bailey.probe.MemoryProbes;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the source asks, watches and tells, with origins and probes that the test plays and an API in this process. */
class LegacySourceTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final ServiceKey BILLING = new ServiceKey("shop", "billing");
    private static final ServiceKey USERS = new ServiceKey("shop", "users");
    private static final Ec2Query TAGS = new Ec2Query("tags", "", List.of());
    private static final Ec2Query ONE = new Ec2Query("eu-west-1", "", List.of());
    private static final Ec2Query TWO = new Ec2Query("eu-west-2", "", List.of());
    private static final ConsulQuery CONSUL = new ConsulQuery("billing", "", List.of());

    private static LocalKubernetes api;

    private final MemoryDeclarations declarations = new MemoryDeclarations();
    private final MemoryDiscovery<Ec2Query, Ec2Instance> ec2 = new MemoryDiscovery<>(Ec2Query::origin);
    private final MemoryDiscovery<ConsulQuery, ConsulInstance> consul = new MemoryDiscovery<>(ConsulQuery::origin);
    private final MemoryProbes probes = new MemoryProbes();
    private final MemoryConnections connections = new MemoryConnections();
    private final ConcurrentLinkedQueue<Set<ServiceKey>> told = new ConcurrentLinkedQueue<>();

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochSecond(90));

    private KubernetesClient client;
    private ClusterWatch cluster;
    private LegacySource source;

    @BeforeAll
    static void startApi() {
        api = LocalKubernetes.start();
    }

    @AfterAll
    static void stopApi() {
        api.close();
    }

    @BeforeEach
    void make() {
        client = api.client();
        cluster = new ClusterWatch(client, InstantSource.system());
        source = new LegacySource(
                cluster,
                Optional.of(declarations),
                new LegacySource.Origins(ec2, consul, Set.of(TAGS), "default"),
                probes,
                connections,
                LegacyWorlds.RULES,
                now::get);
        ec2.tell(source::ec2Changed);
        consul.tell(source::consulChanged);
        probes.tell(source::probed);
    }

    @AfterEach
    void close() {
        cluster.close();
        client.services().inNamespace("shop").delete();
        client.close();
    }

    private CompletableFuture<Void> start() {
        return source.start(told::add).toCompletableFuture();
    }

    /** Started, with tags that nobody has. */
    private void started() {
        CompletableFuture<Void> start = start();
        ec2.put(TAGS, List.of());
        await().atMost(SOON).until(start::isDone);
        told.clear();
    }

    private static LegacyDeclaration declaration(String name, int age, Origin... origins) {
        return new LegacyDeclaration(
                new ServiceKey("shop", name),
                "uid",
                1,
                Instant.ofEpochSecond(1000L - age),
                Map.of(),
                BILLING,
                List.of(new LegacyDeclaration.Port("http", 80, 8080, Protocol.TCP, "")),
                List.of(origins),
                Optional.of(new Probe(
                        new Probe.Check.Tcp(""), Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1, Health.UNHEALTHY)),
                0.5,
                false,
                false,
                false,
                Optional.empty(),
                List.of());
    }

    private static Origin ec2Of(Ec2Query... queries) {
        return new Origin.Ec2(List.of(queries), false);
    }

    private static Ec2Instance machine(String id, String address, String services) {
        return new Ec2Instance(
                id, address, "", "", "", false, services.isEmpty() ? Map.of() : Map.of("bailey:service", services));
    }

    private LegacyView view(ServiceKey key) {
        return source.view(key).orElseThrow();
    }

    @Test
    void theQueriesFollowTheResourceThatCounts() {
        started();
        assertThat(ec2.asked()).containsExactly(TAGS);

        declarations.put(declaration("older", 2, ec2Of(ONE), new Origin.Consul(CONSUL)));
        declarations.put(declaration("newer", 1, ec2Of(TWO)));
        assertThat(ec2.asked()).containsExactlyInAnyOrder(TAGS, ONE);
        assertThat(consul.asked()).containsExactly(CONSUL);

        declarations.remove(new ServiceKey("shop", "older"));
        assertThat(ec2.asked()).containsExactlyInAnyOrder(TAGS, TWO);
        assertThat(consul.asked()).isEmpty();

        declarations.remove(new ServiceKey("shop", "newer"));
        assertThat(ec2.asked()).containsExactly(TAGS);
        assertThat(source.view(BILLING)).isEmpty();
    }

    @Test
    void anAnswerMarksTheServicesThatItFeedsAndNoOther() {
        started();
        declarations.put(declaration("billing", 1, ec2Of(ONE), new Origin.Consul(CONSUL)));
        told.clear();

        ec2.put(TWO, List.of());
        assertThat(told).isEmpty();
        ec2.put(ONE, List.of(machine("i-1", "10.20.0.1", "")));
        assertThat(told).containsExactly(Set.of(BILLING));
        told.clear();
        consul.put(CONSUL, List.of());
        assertThat(told).containsExactly(Set.of(BILLING));
        assertThat(view(BILLING).ec2().get(ONE).instances()).hasSize(1);
    }

    @Test
    void aChangeOfTagsMarksExactlyTheServicesConcerned() {
        started();

        ec2.put(
                TAGS,
                List.of(machine("i-1", "10.20.0.1", "shop/billing:80"), machine("i-2", "10.20.0.2", "shop/users:80")));
        assertThat(told).containsExactly(Set.of(BILLING, USERS));
        told.clear();

        ec2.put(
                TAGS,
                List.of(machine("i-1", "10.20.0.1", "shop/billing:80"), machine("i-2", "10.20.0.2", "shop/users:80")));
        assertThat(told).as("nothing changed").isEmpty();

        ec2.put(
                TAGS,
                List.of(machine("i-1", "10.20.0.1", "shop/billing:81"), machine("i-2", "10.20.0.2", "shop/users:80")));
        assertThat(told).containsExactly(Set.of(BILLING));
        told.clear();

        ec2.put(TAGS, List.of(machine("i-1", "10.20.0.1", "shop/billing:81")));
        assertThat(told).as("a machine that is gone").containsExactly(Set.of(USERS));
        assertThat(source.view(USERS)).isEmpty();
        assertThat(source.all().services()).containsOnlyKeys(BILLING);
    }

    @Test
    void aTagThatCannotBeReadIsToldEvenWhereItNamesNoService() {
        started();

        ec2.put(TAGS, List.of(machine("i-1", "10.20.0.1", "shop/billing:http")));

        assertThat(view(BILLING).tagged()).isEmpty();
        assertThat(view(BILLING).findings()).hasSize(1);
    }

    @Test
    void aServiceIsCompleteWhenItsOwnOriginsAndTheTagsAreKnown() {
        assertThat(start()).isNotDone();
        declarations.put(declaration("billing", 1, ec2Of(ONE, TWO), new Origin.Consul(CONSUL)));
        ec2.put(ONE, List.of());
        ec2.fail(TWO, "throttled");
        consul.put(CONSUL, List.of());
        ec2.put(TAGS, List.of(machine("i-1", "10.20.0.1", "shop/users:80")));
        await().atMost(SOON).until(() -> view(USERS).complete());

        assertThat(view(BILLING).complete()).as("an origin that never answered").isFalse();
        ec2.put(TWO, List.of());
        assertThat(view(BILLING).complete()).isTrue();
        ec2.fail(TWO, "throttled");
        assertThat(view(BILLING).complete()).as("it answered once").isTrue();

        declarations.synced(false);
        assertThat(view(USERS).complete()).as("resources that are not all read").isFalse();
    }

    @Test
    void theFirstPassWaitsForTheFirstTryOfEachOriginNotForItsSuccess() {
        declarations.put(declaration("billing", 1, ec2Of(ONE), new Origin.Consul(CONSUL)));
        CompletableFuture<Void> start = start();

        ec2.fail(TAGS, "denied");
        ec2.put(ONE, List.of());
        await().atMost(SOON)
                .until(() -> cluster.services().synced() && cluster.slices().synced());
        assertThat(start).isNotDone();

        consul.fail(CONSUL, "connection refused");
        await().atMost(SOON).until(start::isDone);
        assertThat(start).isCompleted();
    }

    @Test
    void startedTwiceItTellsBothAndReadsOnce() {
        started();
        ConcurrentLinkedQueue<Set<ServiceKey>> other = new ConcurrentLinkedQueue<>();
        assertThat(source.start(other::add).toCompletableFuture()).isCompleted();

        declarations.put(declaration("billing", 1, ec2Of(ONE)));

        assertThat(told).containsExactly(Set.of(BILLING));
        assertThat(other).containsExactly(Set.of(BILLING));
    }

    @Test
    void whatIsProbedFollowsTheInstances() {
        started();
        declarations.put(declaration("billing", 1, ec2Of(ONE)));
        ec2.put(ONE, List.of(machine("i-1", "10.20.0.1", "")));
        assertThat(probes.watched(BILLING).targets()).containsOnlyKeys(new ProbeTarget("10.20.0.1", 8080));
        assertThat(probes.watched(BILLING).failOpenBelow()).isEqualTo(0.5);

        ec2.put(ONE, List.of(machine("i-2", "10.20.0.2", "")));
        assertThat(probes.watched(BILLING).targets()).containsOnlyKeys(new ProbeTarget("10.20.0.2", 8080));

        declarations.remove(BILLING);
        assertThat(probes.watched(BILLING).targets()).isEmpty();
    }

    @Test
    void aVerdictMarksItsService() {
        started();
        declarations.put(declaration("billing", 1, ec2Of(ONE)));
        told.clear();

        probes.put(BILLING, new ProbeTarget("10.20.0.1", 8080), Health.HEALTHY, "");

        assertThat(told).containsExactly(Set.of(BILLING));
        assertThat(view(BILLING).verdicts()).hasSize(1);
    }

    @Test
    void aServiceOfADeclaredNameMarksItAndOthersAreNoConcern() {
        started();
        declarations.put(declaration("billing", 1, ec2Of(ONE)));
        told.clear();

        client.resource(service("else")).create();
        client.resource(service("billing")).create();

        await().atMost(SOON).until(() -> view(BILLING).service().isPresent());
        await().atMost(SOON).untilAsserted(() -> assertThat(told).isNotEmpty());
        assertThat(told).containsOnly(Set.of(BILLING));
    }

    private static Service service(String name) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .addNewPort()
                .withPort(80)
                .endPort()
                .endSpec()
                .build();
    }

    @Test
    void howCurrentItIsCanBeAskedBeforeItStarts() {
        assertThat(source.parts())
                .filteredOn(part -> part.name().equals(TAGS.origin()))
                .singleElement()
                .satisfies(part -> {
                    assertThat(part.up()).isFalse();
                    assertThat(part.ageSeconds()).isZero();
                });
    }

    @Test
    void eachOriginIsAPartAndTheWorstAnswerOfOneShows() {
        Ec2Query same = new Ec2Query("eu-west-1", "", List.of(new Ec2Query.Filter("vpc-id", List.of("vpc-1"))));
        started();
        declarations.put(declaration("billing", 1, ec2Of(ONE, same), new Origin.Consul(CONSUL)));
        ec2.put(ONE, List.of());
        ec2.put(same, List.of());
        ec2.fail(same, "throttled");

        assertThat(source.parts())
                .containsExactly(
                        new Source.Part("consul", false, 0, Optional.empty()),
                        new Source.Part("ec2/eu-west-1", false, 90, Optional.of("throttled")),
                        new Source.Part("ec2/tags", true, 0, Optional.empty()),
                        new Source.Part("legacyservices", true, 0, Optional.empty()));
    }

    @Test
    void itIsWholeOnceEveryOriginAnswered() {
        assertThat(source.isWhole()).as("before the start").isFalse();
        CompletableFuture<Void> start = start();
        ec2.fail(TAGS, "away");
        await().atMost(SOON).until(start::isDone);
        assertThat(source.isWhole()).as("an origin failed").isFalse();

        ec2.put(TAGS, List.of());
        assertThat(source.isWhole()).isTrue();
    }

    @Test
    void anOriginThatNeverAnswersIsWaitedForOnlySoLong() {
        CompletableFuture<Void> start = start();
        ec2.fail(TAGS, "away");
        await().atMost(SOON).until(start::isDone);

        now.set(Instant.ofEpochSecond(90).plus(LegacySource.PATIENCE).minusMillis(1));
        assertThat(source.isWhole()).isFalse();
        now.set(Instant.ofEpochSecond(90).plus(LegacySource.PATIENCE));
        assertThat(source.isWhole()).isTrue();
    }

    @Test
    void resourcesThatCannotBeReadAreWaitedForWithoutEnd() {
        declarations.synced(false);
        started();

        now.set(Instant.ofEpochSecond(90).plus(LegacySource.PATIENCE));
        assertThat(source.isWhole()).isFalse();
        declarations.synced(true);
        assertThat(source.isWhole()).isTrue();
    }

    private static LegacyDeclaration counted(String gauge) {
        LegacyDeclaration d =
                declaration("one", 1, new Origin.Static(List.of(new Origin.Static.Instance("a", "10.0.0.1", ""))));
        return new LegacyDeclaration(
                d.resource(),
                d.uid(),
                d.generation(),
                d.createdAt(),
                d.annotations(),
                d.key(),
                d.ports(),
                d.origins(),
                d.probe(),
                d.failOpenBelow(),
                d.blend(),
                d.headless(),
                d.registerInConsul(),
                Optional.of(new LegacyDeclaration.Metrics(9100, "/prom", false, gauge)),
                d.findings());
    }

    @Test
    void connectionsAreCountedWhileTheResourceNamesAGauge() {
        started();
        declarations.put(counted("open"));
        assertThat(connections.watched(BILLING))
                .containsExactly(new Connections.Page("10.0.0.1", 9100, "/prom", "open"));
        LegacyInstance machine =
                Merging.merge(view(BILLING), LegacyWorlds.RULES).instances().get(0);
        assertThat(view(BILLING).connections(machine)).contains(OpenConnections.NONE);

        OpenConnections seven = new OpenConnections(OptionalDouble.of(7), Optional.of(Instant.EPOCH), "");
        connections.put(BILLING, Map.of("10.0.0.1", seven));
        assertThat(view(BILLING).connections(machine)).contains(seven);

        declarations.put(counted(""));
        assertThat(connections.watched(BILLING)).isEmpty();
        assertThat(view(BILLING)
                        .connections(Merging.merge(view(BILLING), LegacyWorlds.RULES)
                                .instances()
                                .get(0)))
                .isEmpty();

        declarations.put(counted("open"));
        declarations.remove(new ServiceKey("shop", "one"));
        assertThat(connections.watched(BILLING)).isEmpty();
    }
}
