package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.flow.LegacySide;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Health;
import bridge.bailey.model.Item;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDeclaration.Origin;
import bridge.bailey.model.Probe;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.probe.MemoryProbes;
import bridge.bailey.probe.Probes;
import bridge.bailey.source.Discovery;
import bridge.bailey.source.LegacyDeclarations;
import bridge.bailey.source.MemoryDeclarations;
import bridge.bailey.source.MemoryDiscovery;
import bridge.bailey.target.Outcome;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Legacy services in the cluster's API, with origins and probes that the test plays. */
class MirrorIT {

    private static final String MANAGER = "endpointslice.kubernetes.io/managed-by";
    private static final Duration SOON = Duration.ofSeconds(60);

    private final MemoryDeclarations declarations = new MemoryDeclarations();
    private final MemoryDiscovery<Ec2Query, Ec2Instance> ec2 = new MemoryDiscovery<>(Ec2Query::origin);
    private final MemoryDiscovery<ConsulQuery, ConsulInstance> consul = new MemoryDiscovery<>(ConsulQuery::origin);
    private MemoryProbes probes = new MemoryProbes();

    private Cluster cluster;
    private String shop;
    private ServiceKey billing;
    private Bailey bailey;

    private final class Played implements LegacySide.Systems {
        @Override
        public LegacyDeclarations declarations() {
            return declarations;
        }

        @Override
        public Discovery<Ec2Query, Ec2Instance> ec2(Discovery.Listener<Ec2Query> listener) {
            return ec2.tell(listener);
        }

        @Override
        public Discovery<ConsulQuery, ConsulInstance> consul(Discovery.Listener<ConsulQuery> listener) {
            return consul.tell(listener);
        }

        @Override
        public Probes probes(Probes.Listener listener) {
            return probes.tell(listener);
        }
    }

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        billing = new ServiceKey(shop, "billing");
        // Makes the namespace.
        cluster.apply(service(shop, "other"));
    }

    @AfterEach
    void stop() {
        if (bailey != null) {
            bailey.close();
        }
        cluster.close();
    }

    private Bailey bailey(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(Map.of(
                "cluster", cluster.prefix(), "export.enabled", "false", "legacy.enabled", "true", "resync", "1s"));
        all.putAll(options);
        return new Bailey(cluster.newClient(), Map.of(), all, (settings, client, http) -> new Played());
    }

    private void started() {
        bailey = bailey(Map.of()).started();
    }

    private static LegacyDeclaration.Port http() {
        return new LegacyDeclaration.Port("http", 80, 8080, Protocol.TCP, "http");
    }

    private LegacyDeclaration declaration(Origin... origins) {
        return declaration(d -> d, origins);
    }

    private LegacyDeclaration declaration(UnaryOperator<Draft> change, Origin... origins) {
        return change.apply(new Draft()).declaration(List.of(origins));
    }

    private static Origin machines(int from, int to) {
        return new Origin.Static(IntStream.range(from, to)
                .mapToObj(i -> "10.20." + i / 200 + "." + (i % 200 + 1))
                .map(address -> new Origin.Static.Instance("vm-" + address, address, "eu-central-1a"))
                .toList());
    }

    private static Origin addresses(String... addresses) {
        return new Origin.Static(Arrays.stream(addresses)
                .map(address -> new Origin.Static.Instance(address, address, ""))
                .toList());
    }

    /** A LegacyService for {@code billing}; what a test changes in it. */
    private final class Draft {
        private boolean blend;
        private boolean headless;
        private boolean probed;
        private Optional<LegacyDeclaration.Metrics> metrics = Optional.empty();
        private List<LegacyDeclaration.Port> ports = List.of(http());
        private String resource = "billing";
        private Instant createdAt = Instant.EPOCH;

        Draft blend() {
            blend = true;
            return this;
        }

        Draft headless() {
            headless = true;
            return this;
        }

        Draft probed() {
            probed = true;
            return this;
        }

        Draft annotated() {
            metrics = Optional.of(new LegacyDeclaration.Metrics(9100, "/prom", true, ""));
            return this;
        }

        Draft ports(LegacyDeclaration.Port... given) {
            ports = List.of(given);
            return this;
        }

        Draft resource(String name, Instant created) {
            resource = name;
            createdAt = created;
            return this;
        }

        LegacyDeclaration declaration(List<Origin> origins) {
            Probe probe = new Probe(
                    new Probe.Check.Tcp(""), Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1, Health.UNHEALTHY);
            return new LegacyDeclaration(
                    new ServiceKey(shop, resource),
                    "uid",
                    1,
                    createdAt,
                    Map.of(),
                    billing,
                    ports,
                    origins,
                    probed ? Optional.of(probe) : Optional.empty(),
                    0.3,
                    blend,
                    headless,
                    false,
                    metrics,
                    List.of());
        }
    }

    private Service mirror() {
        return cluster.client().services().inNamespace(shop).withName("billing").get();
    }

    private List<EndpointSlice> slices() {
        return cluster.client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(shop)
                .withLabel("kubernetes.io/service-name", "billing")
                .withLabel(MANAGER, "bailey.bridge")
                .list()
                .getItems();
    }

    /** Each address with its conditions: ready, serving, terminating. */
    private Map<String, String> endpoints() {
        return slices().stream()
                .flatMap(s -> s.getEndpoints().stream())
                .collect(Collectors.toMap(
                        e -> e.getAddresses().get(0), MirrorIT::conditions, (a, b) -> a + " and " + b, TreeMap::new));
    }

    private static String conditions(Endpoint endpoint) {
        return List.of(
                        endpoint.getConditions().getReady(),
                        endpoint.getConditions().getServing(),
                        endpoint.getConditions().getTerminating())
                .stream()
                .map(b -> b ? "T" : "F")
                .collect(Collectors.joining("/"));
    }

    private void eventually(Map<String, String> expected) {
        await().atMost(SOON).untilAsserted(() -> assertThat(endpoints()).isEqualTo(new TreeMap<>(expected)));
    }

    private Map<String, Long> versions() {
        return slices().stream()
                .collect(Collectors.toMap(
                        s -> s.getMetadata().getName(),
                        s -> Long.parseLong(s.getMetadata().getResourceVersion())));
    }

    @Test
    void aDeclaredServiceGetsAServiceAndSlicesAsTheRulesWant() {
        started();
        declarations.put(declaration(addresses("10.20.0.11", "2001:DB8:0::7")));
        eventually(Map.of("10.20.0.11", "T/T/F", "2001:db8::7", "T/T/F"));

        Service service = mirror();
        assertThat(service.getSpec().getSelector()).isNullOrEmpty();
        assertThat(service.getSpec().getType()).isEqualTo("ClusterIP");
        assertThat(service.getMetadata().getLabels())
                .containsEntry("app.kubernetes.io/managed-by", "bailey")
                .containsEntry("bailey.bridge/legacy-service", "billing");
        assertThat(service.getSpec().getPorts()).singleElement().satisfies(port -> {
            assertThat(port.getName()).isEqualTo("http");
            assertThat(port.getPort()).isEqualTo(80);
            assertThat(port.getAppProtocol()).isEqualTo("http");
        });
        assertThat(slices()).hasSize(2).allSatisfy(slice -> {
            assertThat(slice.getMetadata().getLabels())
                    .containsEntry("kubernetes.io/service-name", "billing")
                    .containsEntry(MANAGER, "bailey.bridge")
                    .containsEntry("app.kubernetes.io/managed-by", "bailey")
                    .containsEntry("bailey.bridge/legacy-service", "billing")
                    .doesNotContainKey("service.kubernetes.io/headless");
            assertThat(slice.getMetadata().getOwnerReferences())
                    .extracting(OwnerReference::getUid)
                    .containsExactly(service.getMetadata().getUid());
            assertThat(slice.getPorts()).singleElement().satisfies(port -> {
                assertThat(port.getName()).isEqualTo("http");
                assertThat(port.getPort()).isEqualTo(8080);
            });
            assertThat(slice.getEndpoints()).allMatch(e -> e.getNodeName() == null);
        });
    }

    @Test
    void removingOneOfManyMachinesRewritesOneSliceAndAFullPassNone() {
        started();
        declarations.put(declaration(machines(0, 250)));
        await().atMost(SOON).until(() -> endpoints().size() == 250);
        Map<String, Long> before = versions();
        assertThat(before).hasSize(3);

        bailey.awaitFullPass();
        assertThat(versions()).isEqualTo(before);

        declarations.put(declaration(machines(1, 250)));
        await().atMost(SOON).until(() -> endpoints().size() == 249);
        assertThat(versions().entrySet().stream().filter(e -> !e.getValue().equals(before.get(e.getKey()))))
                .hasSize(1);
    }

    @Test
    void verdictsDecideWhoIsReadyAndANewMachineWaitsForItsFirst() {
        started();
        declarations.put(declaration(Draft::probed, addresses("10.20.0.11", "10.20.0.12")));
        eventually(Map.of("10.20.0.11", "F/F/F", "10.20.0.12", "F/F/F"));
        assertThat(probes.watched(billing).targets()).containsOnlyKeys(target("10.20.0.11"), target("10.20.0.12"));

        probes.put(billing, target("10.20.0.11"), Health.HEALTHY, "");
        eventually(Map.of("10.20.0.11", "T/T/F", "10.20.0.12", "F/F/F"));

        probes.put(billing, target("10.20.0.11"), Health.UNHEALTHY, "connection refused");
        eventually(Map.of("10.20.0.11", "F/F/F", "10.20.0.12", "F/F/F"));
    }

    private static ProbeTarget target(String address) {
        return new ProbeTarget(address, 8080);
    }

    @Test
    void aRestartTakesNoEndpointAway() {
        started();
        declarations.put(declaration(Draft::probed, addresses("10.20.0.11", "10.20.0.12")));
        eventually(Map.of("10.20.0.11", "F/F/F", "10.20.0.12", "F/F/F"));
        probes.put(billing, target("10.20.0.11"), Health.HEALTHY, "");
        eventually(Map.of("10.20.0.11", "T/T/F", "10.20.0.12", "F/F/F"));
        Map<String, Long> before = versions();
        bailey.close();

        probes = new MemoryProbes();
        started();
        bailey.awaitFullPass();

        assertThat(versions()).isEqualTo(before);
    }

    @Test
    void ofTwoResourcesThatClaimOneServiceTheOlderCounts() {
        started();
        declarations.put(declaration(d -> d.resource("newer", Instant.ofEpochSecond(2)), addresses("10.20.0.12")));
        eventually(Map.of("10.20.0.12", "T/T/F"));
        declarations.put(declaration(d -> d.resource("older", Instant.ofEpochSecond(1)), addresses("10.20.0.11")));
        eventually(Map.of("10.20.0.11", "T/T/F"));

        assertThat(mirror().getMetadata().getLabels()).containsEntry("bailey.bridge/legacy-service", "older");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(bailey.flows().toKubernetes().findings())
                        .singleElement()
                        .satisfies(finding -> {
                            assertThat(finding.kind()).isEqualTo(Finding.Kind.SERVICE_CLAIMED);
                            assertThat(finding.subject().name()).isEqualTo(shop + "/newer");
                        }));

        declarations.remove(new ServiceKey(shop, "older"));
        eventually(Map.of("10.20.0.12", "T/T/F"));
    }

    @Test
    void aDeletedDeclarationTakesWhatIsOursAndNothingElse() {
        started();
        declarations.put(declaration(addresses("10.20.0.11")));
        eventually(Map.of("10.20.0.11", "T/T/F"));
        EndpointSlice foreign = new EndpointSliceBuilder(slice(shop, "by-hand", "billing", ready("10.9.9.9")))
                .editMetadata()
                .addToLabels(MANAGER, "somebody-else")
                .endMetadata()
                .build();
        cluster.apply(foreign);

        declarations.remove(billing);

        await().atMost(SOON).until(() -> mirror() == null && slices().isEmpty());
        assertThat(cluster.client()
                        .services()
                        .inNamespace(shop)
                        .withName("other")
                        .get())
                .isNotNull();
        assertThat(cluster.client().resource(foreign).get()).isNotNull();
    }

    @Test
    void aForeignServiceOfThatNameIsLeftAloneAndReported() {
        cluster.apply(service(shop, "billing"));
        String before = mirror().getMetadata().getResourceVersion();
        started();
        declarations.put(declaration(addresses("10.20.0.11")));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(bailey.flows().toKubernetes().findings())
                        .extracting(Finding::kind)
                        .containsExactly(Finding.Kind.FOREIGN_SERVICE));
        assertThat(slices()).isEmpty();
        assertThat(mirror().getMetadata().getResourceVersion()).isEqualTo(before);

        cluster.delete(service(shop, "billing"));
        eventually(Map.of("10.20.0.11", "T/T/F"));
        await().untilAsserted(() ->
                assertThat(bailey.flows().toKubernetes().findings()).isEmpty());
    }

    @Test
    void blendJoinsTheMachinesToThePodsUnderTheNamesOfTheServicesPorts() {
        Service existing = new ServiceBuilder(service(shop, "billing"))
                .editSpec()
                .editFirstPort()
                .withName("web")
                .endPort()
                .addToSelector("app", "billing")
                .endSpec()
                .build();
        cluster.apply(existing);
        String before = mirror().getMetadata().getResourceVersion();
        started();
        declarations.put(declaration(Draft::blend, addresses("10.20.0.11")));
        eventually(Map.of("10.20.0.11", "T/T/F"));

        assertThat(slices()).singleElement().satisfies(slice -> {
            assertThat(slice.getPorts().get(0).getName()).isEqualTo("web");
            assertThat(slice.getMetadata().getOwnerReferences())
                    .extracting(OwnerReference::getUid)
                    .containsExactly(mirror().getMetadata().getUid());
        });
        assertThat(mirror().getMetadata().getResourceVersion()).isEqualTo(before);

        declarations.remove(billing);
        await().atMost(SOON).until(() -> slices().isEmpty());
        assertThat(mirror().getMetadata().getResourceVersion()).isEqualTo(before);
    }

    @Test
    void aServiceThatSomebodyMadeServePodsIsNeverDeleted() {
        started();
        declarations.put(declaration(Draft::blend, addresses("10.20.0.11")));
        eventually(Map.of("10.20.0.11", "T/T/F"));
        cluster.client().services().inNamespace(shop).withName("billing").edit(s -> new ServiceBuilder(s)
                .editSpec()
                .addToSelector("app", "billing")
                .endSpec()
                .build());
        bailey.awaitFullPass();
        assertThat(mirror().getSpec().getSelector()).containsEntry("app", "billing");
        assertThat(endpoints()).containsOnlyKeys("10.20.0.11");

        declarations.remove(billing);

        await().atMost(SOON).until(() -> slices().isEmpty());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(mirror().getMetadata().getLabels())
                        .doesNotContainKeys("app.kubernetes.io/managed-by", "bailey.bridge/legacy-service"));
        assertThat(mirror().getSpec().getSelector()).containsEntry("app", "billing");
    }

    @Test
    void aHostNameIsAnExternalNameAndCanBecomeMachinesAndHeadlessAndBack() {
        started();
        declarations.put(declaration(new Origin.HostName("billing.legacy.example.com")));
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(mirror()).isNotNull();
            assertThat(mirror().getSpec().getType()).isEqualTo("ExternalName");
            assertThat(mirror().getSpec().getExternalName()).isEqualTo("billing.legacy.example.com");
        });

        declarations.put(declaration(addresses("10.20.0.11")));
        eventually(Map.of("10.20.0.11", "T/T/F"));
        assertThat(mirror().getSpec().getType()).isEqualTo("ClusterIP");
        assertThat(mirror().getSpec().getClusterIP()).isNotEqualTo("None");

        declarations.put(declaration(Draft::headless, addresses("10.20.0.11")));
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(mirror().getSpec().getClusterIP()).isEqualTo("None");
            assertThat(slices()).isNotEmpty().allSatisfy(slice -> {
                assertThat(slice.getMetadata().getLabels()).containsKey("service.kubernetes.io/headless");
                assertThat(slice.getMetadata().getOwnerReferences().get(0).getUid())
                        .isEqualTo(mirror().getMetadata().getUid());
            });
        });

        declarations.put(declaration(new Origin.HostName("billing.legacy.example.com")));
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(mirror().getSpec().getType()).isEqualTo("ExternalName");
            assertThat(slices()).isEmpty();
        });
    }

    @Test
    void driftIsRepaired() {
        started();
        declarations.put(declaration(addresses("10.20.0.11", "10.20.0.12")));
        eventually(Map.of("10.20.0.11", "T/T/F", "10.20.0.12", "T/T/F"));

        slices().forEach(slice -> cluster.client().resource(slice).delete());
        eventually(Map.of("10.20.0.11", "T/T/F", "10.20.0.12", "T/T/F"));

        slices().forEach(slice -> cluster.client().resource(slice).edit(s -> new EndpointSliceBuilder(s)
                .editFirstEndpoint()
                .withAddresses("10.66.6.6")
                .endEndpoint()
                .build()));
        eventually(Map.of("10.20.0.11", "T/T/F", "10.20.0.12", "T/T/F"));

        cluster.client().services().inNamespace(shop).withName("billing").edit(s -> new ServiceBuilder(s)
                .editSpec()
                .addToSelector("app", "else")
                .editFirstPort()
                .withPort(81)
                .endPort()
                .endSpec()
                .build());
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(mirror().getSpec().getSelector()).isNullOrEmpty();
            assertThat(mirror().getSpec().getPorts().get(0).getPort()).isEqualTo(80);
        });

        String uid = mirror().getMetadata().getUid();
        cluster.client().services().inNamespace(shop).withName("billing").delete();
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(mirror()).isNotNull();
            assertThat(mirror().getMetadata().getUid()).isNotEqualTo(uid);
            assertThat(slices()).isNotEmpty().allSatisfy(slice -> assertThat(
                            slice.getMetadata().getOwnerReferences())
                    .extracting(OwnerReference::getUid)
                    .containsExactly(mirror().getMetadata().getUid()));
        });
    }

    @Test
    void whatOthersPutOnOurServiceStays() {
        started();
        declarations.put(declaration(addresses("10.20.0.11")));
        eventually(Map.of("10.20.0.11", "T/T/F"));
        cluster.client().services().inNamespace(shop).withName("billing").edit(s -> new ServiceBuilder(s)
                .editMetadata()
                .addToLabels("team", "billing")
                .addToAnnotations("note", "by hand")
                .endMetadata()
                .editSpec()
                .withSessionAffinity("ClientIP")
                .endSpec()
                .build());

        declarations.put(declaration(
                d -> d.ports(new LegacyDeclaration.Port("http", 8000, 8080, Protocol.TCP, "http")),
                addresses("10.20.0.11")));

        await().atMost(SOON).untilAsserted(() -> assertThat(
                        mirror().getSpec().getPorts().get(0).getPort())
                .isEqualTo(8000));
        assertThat(mirror().getMetadata().getLabels()).containsEntry("team", "billing");
        assertThat(mirror().getMetadata().getAnnotations()).containsEntry("note", "by hand");
        assertThat(mirror().getSpec().getSessionAffinity()).isEqualTo("ClientIP");
    }

    @Test
    void annotationsForPrometheusComeAndGoAndOthersStay() {
        started();
        declarations.put(declaration(addresses("10.20.0.11")));
        eventually(Map.of("10.20.0.11", "T/T/F"));
        annotate("prometheus.io/scrape", "false");
        bailey.awaitFullPass();
        assertThat(annotations()).isEqualTo(Map.of("prometheus.io/scrape", "false"));

        annotate("note", "by hand");
        declarations.put(declaration(Draft::annotated, addresses("10.20.0.11")));
        Map<String, String> wanted = Map.of(
                "note", "by hand",
                "bailey.bridge/annotated", "prometheus.io",
                "prometheus.io/scrape", "true",
                "prometheus.io/port", "9100",
                "prometheus.io/path", "/prom");
        awaitAnnotations(wanted);
        annotate("prometheus.io/port", "1");
        awaitAnnotations(wanted);

        declarations.put(declaration(addresses("10.20.0.11")));
        awaitAnnotations(Map.of("note", "by hand"));
    }

    private void annotate(String name, String value) {
        cluster.client().services().inNamespace(shop).withName("billing").edit(s -> new ServiceBuilder(s)
                .editMetadata()
                .addToAnnotations(name, value)
                .endMetadata()
                .build());
    }

    private Map<String, String> annotations() {
        return Optional.ofNullable(mirror().getMetadata().getAnnotations()).orElse(Map.of());
    }

    private void awaitAnnotations(Map<String, String> expected) {
        await().atMost(SOON).untilAsserted(() -> assertThat(annotations()).isEqualTo(expected));
    }

    @Test
    void anAddressThatTheApiServerWouldRefuseHarmsNoOther() {
        started();
        declarations.put(declaration(
                addresses("127.0.0.1", "169.254.1.1", "224.0.0.1", "010.0.0.1", "billing.example.com", "10.20.0.11")));
        eventually(Map.of("10.20.0.11", "T/T/F"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(bailey.flows().toKubernetes().findings())
                        .extracting(Finding::kind)
                        .containsOnly(Finding.Kind.UNUSABLE_ADDRESS));
    }

    @Test
    void nothingIsDeletedWhileAnOriginHasNotAnswered() {
        Ec2Query query = new Ec2Query("eu-central-1", "", List.of());
        ec2.put(query, List.of(machine("i-1", "10.20.0.11", false)));
        started();
        declarations.put(declaration(new Origin.Ec2(List.of(query), false)));
        eventually(Map.of("10.20.0.11", "T/T/F"));
        ec2.put(query, List.of(machine("i-1", "10.20.0.11", true)));
        eventually(Map.of("10.20.0.11", "F/T/T"));

        Ec2Query silent = new Ec2Query("us-east-2", "", List.of());
        ec2.fail(silent, "throttled");
        declarations.put(declaration(new Origin.Ec2(List.of(silent), false), addresses("10.20.0.12")));
        eventually(Map.of("10.20.0.11", "F/T/T", "10.20.0.12", "T/T/F"));
        bailey.awaitFullPass();
        assertThat(endpoints()).containsKeys("10.20.0.11", "10.20.0.12");

        ec2.put(silent, List.of());
        eventually(Map.of("10.20.0.12", "T/T/F"));
    }

    private static Ec2Instance machine(String id, String address, boolean stopping) {
        return new Ec2Instance(id, address, "", "", "eu-central-1b", stopping, Map.of());
    }

    @Test
    void everyChangeIsOneOutcome() {
        started();
        declarations.put(declaration(addresses("10.20.0.11", "10.20.0.12")));
        eventually(Map.of("10.20.0.11", "T/T/F", "10.20.0.12", "T/T/F"));
        declarations.put(declaration(addresses("10.20.0.12")));
        eventually(Map.of("10.20.0.12", "T/T/F"));
        bailey.awaitFullPass();

        assertThat(bailey.outcomes())
                .filteredOn(o -> o.change().key().equals(billing))
                .filteredOn(Objects::nonNull)
                .extracting(MirrorIT::text)
                .containsExactlyInAnyOrder(
                        "CREATE Service APPLIED",
                        "CREATE 10.20.0.11:8080 APPLIED",
                        "CREATE 10.20.0.12:8080 APPLIED",
                        "DELETE 10.20.0.11:8080 APPLIED");
    }

    private static String text(Outcome<? extends Item> outcome) {
        return outcome.change().action() + " " + outcome.change().item().place() + " " + outcome.kind();
    }
}
