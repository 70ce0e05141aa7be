package bridge.bailey.it;

import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.LegacyKube.legacyService;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bridge.bailey.cli.LegacySystems;
import bridge.bailey.config.Settings;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.flow.LegacySide;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.local.LocalEc2;
import bridge.bailey.local.LocalMachines;
import bridge.bailey.local.Ports;
import bridge.bailey.metrics.Metrics;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.probe.ProbeLog;
import bridge.bailey.probe.Probes;
import bridge.bailey.source.AwsEc2;
import bridge.bailey.source.Discovery;
import bridge.bailey.source.Ec2Discovery;
import bridge.bailey.source.LegacyDeclarations;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.fabric8.mockwebserver.http.MockResponse;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Legacy services from one end to the other: what teams declare or tag, and what pods and the teams then see. */
class LegacyIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Vertx VERTX = Vertx.vertx();

    private final LocalConsul consul = SharedConsul.get();
    private final LocalEc2 ec2 = LocalEc2.start();
    private final int port = Ports.free();
    private final LocalMachines machines = new LocalMachines(port, Ports.free());
    private Cluster cluster;
    private String shop;
    private Bailey bailey;

    /** The real ones, but for EC2, which is in this process. */
    private final class Systems implements LegacySide.Systems {
        private final LegacySystems real;
        private final Settings settings;

        Systems(Settings settings, KubernetesClient client, ConsulHttp http) {
            this.settings = settings;
            this.real =
                    new LegacySystems(settings, client, http, VERTX, new ProbeLog(new Metrics(List.of(), "test", "")));
        }

        @Override
        public LegacyDeclarations declarations() {
            return real.declarations();
        }

        @Override
        public Discovery<Ec2Query, Ec2Instance> ec2(Discovery.Listener<Ec2Query> listener) {
            AwsEc2 api = new AwsEc2(settings.config().cluster(), ec2.url());
            Duration refresh = settings.config().ec2().refresh();
            return new Ec2Discovery(api, refresh, InstantSource.system(), new Random(), listener);
        }

        @Override
        public Discovery<ConsulQuery, ConsulInstance> consul(Discovery.Listener<ConsulQuery> listener) {
            return real.consul(listener);
        }

        @Override
        public Probes probes(Probes.Listener listener) {
            return real.probes(listener);
        }
    }

    @BeforeEach
    void open() {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        // Makes the namespace.
        cluster.apply(service(shop, "other"));
    }

    @AfterEach
    void close() {
        if (bailey != null) {
            bailey.close();
        }
        machines.close();
        ec2.close();
        cluster.close();
    }

    private void start() {
        start(cluster.newClient());
    }

    private void start(KubernetesClient client) {
        Map<String, String> options = new HashMap<>(Map.of(
                "cluster", cluster.prefix(),
                "export.enabled", "false",
                "legacy.enabled", "true",
                "legacy.namespaces", cluster.prefix() + "-*",
                "legacy.allow-loopback", "true",
                "resync", "1s"));
        options.putAll(Map.of("ec2.enabled", "true", "ec2.regions", "eu-central-1", "ec2.refresh", "1s"));
        bailey = new Bailey(client, Map.of("CONSUL_HTTP_ADDR", "127.0.0.1:" + consul.httpPort()), options, Systems::new)
                .start();
    }

    private void declare(String name, String spec) {
        cluster.apply(legacyService(shop, name, spec));
    }

    /** Each address of the Service with its readiness. */
    private Map<String, Boolean> endpoints(String service) {
        return slices(service).stream()
                .flatMap(slice -> slice.getEndpoints().stream())
                .collect(Collectors.toMap(
                        e -> e.getAddresses().get(0),
                        e -> e.getConditions().getReady(),
                        (a, b) -> a && b,
                        TreeMap::new));
    }

    private List<EndpointSlice> slices(String service) {
        return cluster.client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(shop)
                .withLabel("kubernetes.io/service-name", service)
                .list()
                .getItems();
    }

    private void awaitEndpoints(String service, Map<String, Boolean> expected) {
        await().atMost(SOON).untilAsserted(() -> assertThat(endpoints(service)).isEqualTo(new TreeMap<>(expected)));
    }

    private GenericKubernetesResource resource(String name) {
        return LegacyKube.api(cluster.client(), shop, name).get();
    }

    private Object ready(String name) {
        return resource(name).get("status", "ready");
    }

    /** A condition's status and reason, such as {@code True Ready}. */
    private String condition(String name, String type) {
        List<Map<String, Object>> conditions = resource(name).get("status", "conditions");
        return (conditions == null ? List.<Map<String, Object>>of() : conditions)
                .stream()
                        .filter(c -> type.equals(c.get("type")))
                        .map(c -> c.get("status") + " " + c.get("reason"))
                        .findFirst()
                        .orElse("");
    }

    private void awaitCondition(String name, String type, String expected) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(condition(name, type)).isEqualTo(expected));
    }

    private List<String> events(String name) {
        return events(name, Event::getReason);
    }

    private List<String> messages(String name) {
        return events(name, Event::getMessage);
    }

    private List<String> events(String name, Function<Event, String> part) {
        return cluster.client().v1().events().inNamespace(shop).list().getItems().stream()
                .filter(event -> name.equals(event.getInvolvedObject().getName()))
                .map(part)
                .toList();
    }

    private boolean hasMirror(String name) {
        return cluster.client().services().inNamespace(shop).withName(name).get() != null;
    }

    private static Ec2Instance instance(String id, String address, Map<String, String> tags) {
        return new Ec2Instance(id, address, "", "", "eu-central-1a", false, tags);
    }

    private Map<String, String> tagged(String service) {
        return Map.of("bailey:service", shop + "/" + service + ":80=8080", "bailey:probe", "none");
    }

    private void onLoopback() {
        assumeTrue(cluster.isLocal(), "a real API server refuses loopback addresses");
    }

    @Test
    void aMachineThatDiesDropsOutInTimeAndComesBack() {
        onLoopback();
        LegacyKube.install(cluster);
        machines.add("one", "127.0.0.2").add("two", "127.0.0.3");
        declare(
                "billing",
                """
                {ports: [{name: http, port: 80, targetPort: %d}],
                 origins: [{static: {instances: [{address: 127.0.0.2}, {address: 127.0.0.3, id: vm-two}]}}],
                 probe: {http: {path: /health}, interval: 1s, timeout: 1s, rise: 2, fall: 2}}"""
                        .formatted(port));
        start();
        awaitEndpoints("billing", Map.of("127.0.0.2", true, "127.0.0.3", true));
        awaitCondition("billing", "Ready", "True Ready");
        assertThat(events("billing")).as("what is new has not recovered").isEmpty();

        machines.stop("two");

        // At most fall × interval; the rest is for a machine that is busy.
        await().atMost(Duration.ofSeconds(2 + 10)).untilAsserted(() -> assertThat(endpoints("billing"))
                .isEqualTo(Map.of("127.0.0.2", true, "127.0.0.3", false)));
        awaitCondition("billing", "Healthy", "False SomeUnhealthy");
        assertThat(ready("billing")).isEqualTo("1/2");
        assertThat(resource("billing").<String>get("status", "instances", 0, "id"))
                .isEqualTo("vm-two");
        assertThat(resource("billing").<String>get("status", "instances", 0, "reason"))
                .isEqualTo("connection refused");
        await().atMost(SOON).untilAsserted(() -> assertThat(events("billing")).containsExactly("EndpointUnhealthy"));

        machines.start("two");

        awaitEndpoints("billing", Map.of("127.0.0.2", true, "127.0.0.3", true));
        awaitCondition("billing", "Ready", "True Ready");
        await().atMost(SOON).untilAsserted(() -> assertThat(events("billing"))
                .containsExactlyInAnyOrder("EndpointUnhealthy", "EndpointRecovered"));
    }

    @Test
    void theLastMachineThatDiesIsKeptAndSuspicionIsTold() {
        onLoopback();
        LegacyKube.install(cluster);
        machines.add("one", "127.0.0.2");
        declare(
                "billing",
                """
                {ports: [{port: %d}], origins: [{static: {instances: [{address: 127.0.0.2}]}}],
                 probe: {tcp: {}, interval: 200ms, timeout: 100ms, fall: 2}}"""
                        .formatted(port));
        start();
        awaitEndpoints("billing", Map.of("127.0.0.2", true));

        machines.stop("one");

        awaitCondition("billing", "Healthy", "Unknown PathSuspected");
        awaitCondition("billing", "Ready", "True PathSuspected");
        assertThat(endpoints("billing")).isEqualTo(Map.of("127.0.0.2", true));
        await().atMost(SOON).until(() -> events("billing").contains("PathSuspected"));
    }

    @Test
    void aTagAloneMakesAServiceAndTakesItAway() {
        LegacyKube.install(cluster);
        ec2.put(instance("i-1", "10.20.0.11", tagged("users")), instance("i-2", "10.20.0.12", tagged("users")));
        start();
        awaitEndpoints("users", Map.of("10.20.0.11", true, "10.20.0.12", true));

        ec2.setState("i-2", "stopping");
        awaitEndpoints("users", Map.of("10.20.0.11", true, "10.20.0.12", false));
        assertThat(slices("users").get(0).getEndpoints())
                .filteredOn(e -> e.getAddresses().contains("10.20.0.12"))
                .allMatch(
                        e -> e.getConditions().getServing() && e.getConditions().getTerminating());

        ec2.put(instance("i-2", "10.20.0.12", tagged("orders")));
        awaitEndpoints("users", Map.of("10.20.0.11", true));
        awaitEndpoints("orders", Map.of("10.20.0.12", true));

        ec2.remove("i-2");
        await().atMost(SOON)
                .until(() -> !hasMirror("orders") && slices("orders").isEmpty());
        assertThat(hasMirror("users")).isTrue();
    }

    @Test
    void whatAnAgentRegisteredInConsulServesWithTheHealthThatConsulKnows() {
        LegacyKube.install(cluster);
        String crm = cluster.prefix() + "-crm";
        consul.put(
                "agent/service/register",
                """
                {"ID": "%s", "Name": "%s", "Address": "10.20.0.21", "Port": 8080, "Check": {"TTL": "10m",
                 "Status": "passing"}}"""
                        .formatted(crm, crm));
        declare("crm", "{ports: [{port: 80}], origins: [{consul: {service: %s}}]}".formatted(crm));
        start();
        awaitEndpoints("crm", Map.of("10.20.0.21", true));
        awaitCondition("crm", "Ready", "True Ready");

        consul.put(
                "agent/check/update/service:" + crm,
                """
                {"Status": "critical", "Output": "disk full"}""");

        awaitEndpoints("crm", Map.of("10.20.0.21", false));
        awaitCondition("crm", "Ready", "False AllUnhealthy");
        assertThat(resource("crm").<String>get("status", "instances", 0, "reason"))
                .isEqualTo("disk full");
        await().atMost(SOON).untilAsserted(() -> assertThat(messages("crm"))
                .containsExactly("10.20.0.21:8080 is unhealthy: disk full"));
    }

    @Test
    void anOriginThatFailsIsToldAndWhatItAnsweredLastStaysEvenThroughARestart() {
        LegacyKube.install(cluster);
        ec2.put(instance("i-1", "10.20.0.11", Map.of("app", "billing")));
        declare(
                "billing",
                "{ports: [{port: 80}], origins: [{ec2: {region: eu-central-1, filters: [{name: \"tag:app\", values: [billing]}]}}]}");
        start();
        awaitEndpoints("billing", Map.of("10.20.0.11", true));
        awaitCondition("billing", "OriginsAvailable", "True AllAnswer");

        ec2.fail(503, "RequestLimitExceeded");
        awaitCondition("billing", "OriginsAvailable", "False OriginUnavailable");
        awaitCondition("billing", "Ready", "True OriginUnavailable");
        await().atMost(SOON).until(() -> events("billing").contains("OriginUnavailable"));
        bailey.awaitFullPass();
        assertThat(endpoints("billing")).isEqualTo(Map.of("10.20.0.11", true));

        bailey.close();
        start();
        awaitCondition("billing", "Ready", "Unknown OriginUnavailable");
        bailey.awaitFullPass();
        assertThat(endpoints("billing")).isEqualTo(Map.of("10.20.0.11", true));

        ec2.remove("i-1");
        ec2.recover();
        awaitEndpoints("billing", Map.of());
        awaitCondition("billing", "Ready", "False NoInstances");
    }

    @Test
    void whereTheDefinitionIsMissingTagsAreServedAndItIsNoticedWhenItComes() {
        assumeTrue(cluster.isLocal(), "on a real API server the definition stays, for other tests");
        cluster.local()
                .intercept(request -> request.getPath().contains("/legacyservices")
                        ? Optional.of(new MockResponse().setResponseCode(404).setBody("404 page not found"))
                        : Optional.empty());
        ec2.put(instance("i-1", "10.20.0.11", tagged("users")));
        start();
        awaitEndpoints("users", Map.of("10.20.0.11", true));
        assertThat(bailey.flows().sources())
                .filteredOn(part -> part.name().equals("legacyservices"))
                .singleElement()
                .satisfies(part -> assertThat(part.error().orElse("")).contains("is not installed"));

        cluster.local().intercept(request -> Optional.empty());
        LegacyKube.install(cluster);
        declare("billing", "{ports: [{port: 80}], origins: [{static: {instances: [{address: 10.20.0.12}]}}]}");

        awaitEndpoints("billing", Map.of("10.20.0.12", true));
        awaitCondition("billing", "Ready", "True Ready");
    }

    @Test
    void aDeletedResourceTakesItsMirrorAlong() {
        LegacyKube.install(cluster);
        declare("billing", "{ports: [{port: 80}], origins: [{static: {instances: [{address: 10.20.0.12}]}}]}");
        start();
        awaitEndpoints("billing", Map.of("10.20.0.12", true));

        cluster.delete(legacyService(shop, "billing"));

        await().atMost(SOON)
                .until(() -> !hasMirror("billing") && slices("billing").isEmpty());
        assertThat(hasMirror("other")).isTrue();
    }

    @Test
    void whileNothingChangesNothingIsWritten() {
        LegacyKube.install(cluster);
        ec2.put(
                instance("i-1", "10.20.0.11", tagged("users")),
                instance("i-2", "10.20.0.13", Map.of("app", "billing")));
        declare(
                "billing",
                """
                {ports: [{port: 80}], origins: [{static: {instances: [{address: 10.20.0.12}, {address: 224.0.0.1}]}},
                 {ec2: {region: eu-central-1, filters: [{name: "tag:app", values: [billing]}]}}]}""");
        declare("archive", "{origins: [{hostname: archive.example.com}]}");
        declare(
                "late",
                "{serviceName: billing, ports: [{port: 80}], origins: [{static: {instances: [{address: 10.20.0.9}]}}]}");
        start();
        awaitEndpoints("users", Map.of("10.20.0.11", true));
        awaitEndpoints("billing", Map.of("10.20.0.12", true, "10.20.0.13", true));
        awaitCondition("billing", "Ready", "True Degraded");
        awaitCondition("archive", "Ready", "True ExternalName");
        awaitCondition("late", "Synced", "False ServiceClaimed");
        await().atMost(SOON).until(() -> events("late").contains("ServiceClaimed"));
        await().atMost(SOON).until(() -> events("billing").contains("UnusableAddress"));
        // What was told of the last changes has been written by then.
        bailey.awaitFullPass();
        Map<String, String> before = versions();
        int asked = ec2.requests();

        await("EC2 is asked again").atMost(SOON).until(() -> ec2.requests() >= asked + 4);
        bailey.awaitFullPass();

        assertThat(versions()).isEqualTo(before);
    }

    /** Of everything that Bailey writes. */
    private Map<String, String> versions() {
        Map<String, String> all = new TreeMap<>();
        cluster.client()
                .services()
                .inNamespace(shop)
                .list()
                .getItems()
                .forEach(s -> all.put(
                        "Service " + s.getMetadata().getName(), s.getMetadata().getResourceVersion()));
        List.of("users", "billing").forEach(name -> slices(name)
                .forEach(s -> all.put(
                        "EndpointSlice " + s.getMetadata().getName(),
                        s.getMetadata().getResourceVersion())));
        List.of("billing", "archive", "late")
                .forEach(name -> all.put(
                        "LegacyService " + name, resource(name).getMetadata().getResourceVersion()));
        cluster.client()
                .v1()
                .events()
                .inNamespace(shop)
                .list()
                .getItems()
                .forEach(e -> all.put(
                        "Event " + e.getMetadata().getName(), e.getMetadata().getResourceVersion()));
        return all;
    }

    @Test
    void theTargetIsAwayForAsLongAsTheApiServerIs() {
        assumeTrue(cluster.isLocal(), "the proxy's address is in no certificate");
        LegacyKube.install(cluster);
        ec2.put(instance("i-1", "10.20.0.11", tagged("users")));
        FaultProxy proxy = new FaultProxy(new InetSocketAddress(
                cluster.address().getHost(), cluster.address().getPort()));
        try {
            start(cluster.newClientThrough(proxy.port(), new VertxHttpClientFactory()));
            awaitEndpoints("users", Map.of("10.20.0.11", true));

            proxy.set(new FaultProxy.Fault.Reset());
            ec2.put(instance("i-2", "10.20.0.12", tagged("users")));
            await().atMost(SOON).until(() -> bailey.outages().size() >= 2);
            assertThat(bailey.outages()).last().asString().contains("does not answer");
            assertThat(bailey.flows().toKubernetes().status().targetUp()).isFalse();
            proxy.set(new FaultProxy.Fault.Pass());

            awaitEndpoints("users", Map.of("10.20.0.11", true, "10.20.0.12", true));
            await().atMost(SOON)
                    .until(() -> bailey.flows().toKubernetes().status().targetUp());
        } finally {
            proxy.close();
        }
    }
}
