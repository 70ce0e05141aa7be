package bridge.bailey.desired;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.config.Configs;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ClusterService;
import bridge.bailey.model.Finding;
import bridge.bailey.model.IpFamily;
import bridge.bailey.model.KubeIngress;
import bridge.bailey.model.KubeNode;
import bridge.bailey.model.KubeService;
import bridge.bailey.model.KubeSlice;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.Readiness;
import bridge.bailey.model.ServiceKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ExportPropertyTest {

    private static final ServiceKey KEY = new ServiceKey("shop", "users");

    private static final List<ExportRules> RULES = List.of(
            Configs.exportRules(""),
            Configs.exportRules("bailey: {export: {ip-family: dual, ingress: true, node-address: internal-only}}"),
            Configs.exportRules("bailey: {export: {ip-family: ipv6, checks: none, load-balancer-endpoints: true}}"),
            Configs.exportRules("bailey: {export: {ingress: true, ingress-addresses: load-balancer, tags: []}}"));

    @Property
    void theSameInAnotherOrderGivesTheSame(
            @ForAll("services") ClusterService service, @ForAll("rules") ExportRules rules, @ForAll Random random) {
        assertThat(new Export(rules).desired(shuffled(service, random))).isEqualTo(new Export(rules).desired(service));
    }

    @Property(tries = 300)
    void idsAreUniqueAndSayWhoseTheyAre(
            @ForAll("services") ClusterService service, @ForAll("rules") ExportRules rules) {
        assertThat(new Export(rules).desired(service).items())
                .allSatisfy(entry -> assertThat(entry.id()).startsWith("east/shop/users/"))
                .extracting(CatalogEntry::id)
                .doesNotHaveDuplicates();
    }

    @Property(tries = 300)
    void everyEntryIsOneThatDnsCanServe(
            @ForAll("services") ClusterService service, @ForAll("rules") ExportRules rules) {
        assertThat(new Export(rules).desired(service).items()).allSatisfy(entry -> {
            assertThat(entry.key()).isEqualTo(KEY);
            assertThat(entry.name()).matches("[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?");
            assertThat(entry.address()).isNotBlank();
            assertThat(entry.port()).isBetween(0, 65535);
            assertThat(entry.weight()).isBetween(1, 65535);
            assertThat(entry.check().isPresent()).isEqualTo(rules.checks() == ExportRules.Checks.READINESS);
        });
    }

    @Property(tries = 300)
    void metaIsNeverWhatConsulWouldRefuse(
            @ForAll("annotations") Map<String, String> annotations, @ForAll @IntRange(max = 70) int ports) {
        List<KubeService.Port> many = IntStream.range(0, ports)
                .mapToObj(i -> new KubeService.Port("p" + i, 8000 + i, 0, Protocol.TCP))
                .toList();
        List<KubeSlice.Port> theirs = many.stream()
                .map(port -> new KubeSlice.Port(port.name(), port.port(), port.protocol()))
                .toList();
        KubeSlice slice = new KubeSlice("a", IpFamily.IPV4, theirs, List.of(endpoint("10.0.0.1")), false);
        Desired<CatalogEntry> desired = new Export(RULES.get(0))
                .desired(new ClusterService(
                        service(KubeService.Type.CLUSTER_IP, annotations, many), List.of(slice), Map.of(), List.of()));

        Map<String, String> meta = desired.items().get(0).meta();
        assertThat(meta).hasSizeLessThanOrEqualTo(64);
        assertThat(meta.keySet()).allMatch(key -> key.matches("[A-Za-z0-9_-]{1,128}"));
        assertThat(meta.keySet()).noneMatch(key -> key.startsWith("consul-"));
        assertThat(meta.values()).allMatch(value -> value.getBytes(UTF_8).length <= 512);
        assertThat(meta)
                .containsEntry("external-source", "kubernetes")
                .containsEntry("managed-by", "bailey")
                .containsEntry("bailey-cluster", "east")
                .containsEntry("k8s-namespace", "shop")
                .containsEntry("k8s-service", "users")
                .containsEntry("k8s-pod", "users-1")
                .containsEntry("k8s-node", "n1")
                .containsEntry("k8s-zone", "a");
        annotations.forEach(
                (name, value) -> assertThat(value.equals(meta.get(name.substring("bailey.bridge/meta-".length())))
                                || isReported(name, desired.findings()))
                        .as(name)
                        .isTrue());
    }

    private static boolean isReported(String annotation, List<Finding> findings) {
        return findings.stream()
                .anyMatch(f -> f.kind() == Finding.Kind.DROPPED_META
                        && f.key().equals(KEY)
                        && f.field().contains("\"" + annotation + "\""));
    }

    @Provide
    Arbitrary<ExportRules> rules() {
        return Arbitraries.of(RULES);
    }

    @Provide
    Arbitrary<Map<String, String>> annotations() {
        Arbitrary<String> keys = Arbitraries.oneOf(
                Arbitraries.strings().alpha().numeric().withChars('-', '_').ofMaxLength(10),
                Arbitraries.strings().alpha().ofMinLength(126).ofMaxLength(130),
                Arbitraries.strings().all().ofMaxLength(5),
                Arbitraries.of("consul-x", "k8s-pod", "k8s-zone", "managed-by", "port-p0", "external-source"));
        Arbitrary<String> values = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(5),
                Arbitraries.strings().ascii().ofMinLength(510).ofMaxLength(514),
                Arbitraries.strings().withChars('ä', '€').ofMinLength(170).ofMaxLength(260));
        return Arbitraries.maps(keys.map(key -> "bailey.bridge/meta-" + key), values)
                .ofMaxSize(70);
    }

    @Provide
    Arbitrary<ClusterService> services() {
        return Arbitraries.oneOf(varied(), crowded());
    }

    /** One address in many slices, which agree on little. */
    private static Arbitrary<ClusterService> crowded() {
        KubeService service = service(
                KubeService.Type.CLUSTER_IP, Map.of(), List.of(new KubeService.Port("http", 80, 0, Protocol.TCP)));
        Arbitrary<List<KubeSlice.Endpoint>> endpoints = Arbitraries.of("a", "b")
                .map(zone -> new KubeSlice.Endpoint("10.0.0.1", Readiness.READY, "", "n1", zone))
                .list()
                .ofMaxSize(2);
        return Combinators.combine(Arbitraries.of("a", "b", "c"), Arbitraries.of(8080, 8081), endpoints)
                .as((name, port, all) -> new KubeSlice(
                        name, IpFamily.IPV4, List.of(new KubeSlice.Port("http", port, Protocol.TCP)), all, false))
                .list()
                .uniqueElements(KubeSlice::name)
                .ofMaxSize(3)
                .map(slices -> new ClusterService(service, slices, Map.of(), List.of()));
    }

    private static Arbitrary<ClusterService> varied() {
        List<KubeService.Port> ports = List.of(
                new KubeService.Port("http", 80, 30080, Protocol.TCP),
                new KubeService.Port("dns", 53, 0, Protocol.UDP),
                new KubeService.Port("dns-tcp", 53, 30053, Protocol.TCP));
        Arbitrary<Map<String, String>> annotations = Arbitraries.maps(
                        Arbitraries.of(
                                        "via",
                                        "ports",
                                        "port",
                                        "name",
                                        "weight",
                                        "tags",
                                        "meta-a",
                                        "meta-b.c",
                                        "sync",
                                        "unknown")
                                .map(name -> "bailey.bridge/" + name),
                        Arbitraries.of(
                                "pod",
                                "node",
                                "load-balancer",
                                "external",
                                "cluster-ip",
                                "all",
                                "dns",
                                "7",
                                "b,a",
                                "true",
                                "-",
                                ""))
                .ofMaxSize(2);
        Arbitrary<KubeService> service = Combinators.combine(
                        Arbitraries.of(
                                KubeService.Type.CLUSTER_IP,
                                KubeService.Type.NODE_PORT,
                                KubeService.Type.LOAD_BALANCER),
                        annotations,
                        Arbitraries.of(ports).list().uniqueElements())
                .as(ExportPropertyTest::service);
        return Combinators.combine(service, slices(), ingresses())
                .as((one, slices, ingresses) -> new ClusterService(
                        one,
                        slices,
                        Map.of(
                                "n1", new KubeNode("n1", List.of("192.168.0.1", "fd00::1:1"), List.of()),
                                "n2", new KubeNode("n2", List.of("192.168.0.2"), List.of("203.0.113.2"))),
                        ingresses));
    }

    private static KubeService service(
            KubeService.Type type, Map<String, String> annotations, List<KubeService.Port> ports) {
        return new KubeService(
                KEY,
                type,
                Map.of(),
                annotations,
                List.of(IpFamily.IPV4),
                List.of("10.96.0.10", "fd00::a"),
                List.of(),
                List.of("198.51.100.7", "lb.example.com"),
                ports,
                true,
                false);
    }

    private static Arbitrary<List<KubeSlice>> slices() {
        Arbitrary<KubeSlice.Endpoint> endpoint = Combinators.combine(
                        Arbitraries.of("10.0.0.1", "10.0.0.2", "fd00::1"),
                        Arbitraries.of(Readiness.class),
                        Arbitraries.of("", "users-1"),
                        Arbitraries.of("n1", "n1", "n2", "gone", ""),
                        Arbitraries.of("", "a", "b"))
                .as(KubeSlice.Endpoint::new);
        Arbitrary<KubeSlice.Port> port = Combinators.combine(
                        Arbitraries.of("http", "dns", "dns-tcp"),
                        Arbitraries.of(8080, 53),
                        Arbitraries.of(Protocol.TCP, Protocol.UDP))
                .as(KubeSlice.Port::new);
        return Combinators.combine(
                        Arbitraries.of("a", "b", "c"),
                        Arbitraries.of(IpFamily.class),
                        port.list().uniqueElements(KubeSlice.Port::name).ofMaxSize(3),
                        endpoint.list().ofMaxSize(4),
                        Arbitraries.of(false, false, false, true))
                .as(KubeSlice::new)
                .list()
                .uniqueElements(KubeSlice::name)
                .ofMaxSize(3);
    }

    private static Arbitrary<List<KubeIngress>> ingresses() {
        Arbitrary<KubeIngress.Rule> rule = Combinators.combine(
                        Arbitraries.of("", "users.example.com", "a.example.com", "*.example.com"),
                        Arbitraries.of("users", "orders"),
                        Arbitraries.of(true, false))
                .as(KubeIngress.Rule::new);
        return Combinators.combine(
                        rule.list().ofMaxSize(3),
                        Arbitraries.of("198.51.100.1", "lb.example.com").list())
                .as((rules, addresses) -> new KubeIngress("shop", "web", rules, addresses))
                .optional(0.2)
                .map(one -> one.stream().toList());
    }

    private static KubeSlice.Endpoint endpoint(String address) {
        return new KubeSlice.Endpoint(address, Readiness.READY, "users-1", "n1", "a");
    }

    private static ClusterService shuffled(ClusterService cluster, Random random) {
        KubeService service = cluster.service();
        return new ClusterService(
                new KubeService(
                        service.key(),
                        service.type(),
                        service.labels(),
                        shuffled(service.annotations(), random),
                        service.families(),
                        service.clusterIps(),
                        service.externalIps(),
                        service.loadBalancers(),
                        service.ports(),
                        service.selector(),
                        service.mirror()),
                shuffled(
                        cluster.slices().stream()
                                .map(slice -> new KubeSlice(
                                        slice.name(),
                                        slice.family(),
                                        shuffled(slice.ports(), random),
                                        shuffled(slice.endpoints(), random),
                                        slice.mirror()))
                                .toList(),
                        random),
                shuffled(cluster.nodes(), random),
                cluster.ingresses());
    }

    private static <V> List<V> shuffled(List<V> list, Random random) {
        List<V> copy = new ArrayList<>(list);
        Collections.shuffle(copy, random);
        return copy;
    }

    private static <V> Map<String, V> shuffled(Map<String, V> map, Random random) {
        Map<String, V> copy = new LinkedHashMap<>();
        shuffled(List.copyOf(map.keySet()), random).forEach(key -> copy.put(key, map.get(key)));
        return copy;
    }
}
