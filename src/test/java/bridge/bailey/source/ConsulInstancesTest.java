package bridge.bailey.source;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.consul.Catalog;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.Health;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConsulInstancesTest {

    private static final Catalog.Check ALIVE = check("serfHealth", "", "passing", "", "Agent alive and reachable");
    private static final Catalog.Check DEAD = check("serfHealth", "", "critical", "", "Agent not live or unreachable");
    private static final Catalog.Check FINE = check("service:b1", "b1", "passing", "", "200 OK");
    private static final Catalog.Check BROKEN = check("service:b1", "b1", "critical", "", " connection refused\n");
    private static final Catalog.Check SLOW = check("service:b1:2", "b1", "warning", "", "takes 3 s");
    private static final Catalog.Check SILENT = check("service:b1", "b1", "critical", "", "");
    private static final Catalog.Check SERVICE_STOPPED =
            check("_service_maintenance:b1", "b1", "critical", "upgrade", "");
    private static final Catalog.Check NODE_STOPPED = check("_node_maintenance", "", "critical", "new kernel", "");

    static Stream<Arguments> checks() {
        return Stream.of(
                Arguments.of("no checks", List.of(), Health.HEALTHY, ""),
                Arguments.of("all passing", List.of(ALIVE, FINE), Health.HEALTHY, ""),
                Arguments.of("warning", List.of(ALIVE, SLOW), Health.HEALTHY, "takes 3 s"),
                Arguments.of("critical", List.of(ALIVE, BROKEN), Health.UNHEALTHY, "connection refused"),
                Arguments.of("critical and warning", List.of(SLOW, BROKEN), Health.UNHEALTHY, "connection refused"),
                Arguments.of(
                        "critical without a word", List.of(SILENT), Health.UNHEALTHY, "check \"name\" is critical"),
                Arguments.of(
                        "a dead node whose service passed last",
                        List.of(FINE, DEAD),
                        Health.UNHEALTHY,
                        "Agent not live or unreachable"),
                Arguments.of(
                        "both critical: the node explains the service",
                        List.of(BROKEN, DEAD),
                        Health.UNHEALTHY,
                        "Agent not live or unreachable"),
                Arguments.of(
                        "the service in maintenance",
                        List.of(ALIVE, BROKEN, SERVICE_STOPPED),
                        Health.UNHEALTHY,
                        "maintenance: upgrade"),
                Arguments.of(
                        "the node in maintenance",
                        List.of(DEAD, FINE, NODE_STOPPED),
                        Health.UNHEALTHY,
                        "maintenance: new kernel"),
                Arguments.of(
                        "a status that Consul does not know",
                        List.of(check("service:b1", "b1", "odd", "", "?")),
                        Health.HEALTHY,
                        ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("checks")
    void checksDecideAsTheyDoInConsulsDns(String what, List<Catalog.Check> checks, Health health, String why) {
        ConsulInstance instance = only(instance("", "", Map.of(), Map.of(), "", checks));

        assertThat(instance.health()).as(what).isEqualTo(health);
        assertThat(instance.why()).as(what).isEqualTo(why);
    }

    @Test
    void theReasonDoesNotDependOnTheOrderOfTheChecks() {
        Catalog.Check other = check("service:b1:9", "b1", "critical", "", "another");
        assertThat(ConsulInstances.of(List.of(instance("", "", Map.of(), Map.of(), "", List.of(BROKEN, other)))))
                .isEqualTo(
                        ConsulInstances.of(List.of(instance("", "", Map.of(), Map.of(), "", List.of(other, BROKEN)))));
    }

    @Test
    void aLongOutputIsShortenedAndStaysOnOneLine() {
        Catalog.Check chatty = check("service:b1", "b1", "critical", "", "line 1\nline 2 " + "x".repeat(500));

        assertThat(only(instance("", "", Map.of(), Map.of(), "", List.of(chatty)))
                        .why())
                .doesNotContain("\n")
                .hasSizeLessThan(130);
    }

    @ParameterizedTest(name = "service \"{0}\", node \"{1}\" → {2}")
    @CsvSource({"10.1.0.1, 10.0.0.1, 10.1.0.1", "'', 10.0.0.1, 10.0.0.1", "vm.example.com, 10.0.0.1, vm.example.com"})
    void theServicesOwnAddressCountsForMoreThanItsNodes(String service, String node, String expected) {
        ConsulInstance instance = only(instance(service, node, Map.of(), Map.of(), "", List.of()));

        assertThat(instance.address()).isEqualTo(expected);
        assertThat(instance.id()).isEqualTo("vm1/b1");
        assertThat(instance.port()).isEqualTo(8080);
    }

    static Stream<Arguments> zones() {
        return Stream.of(
                Arguments.of(Map.of(), Map.of(), ""),
                Arguments.of(Map.of("zone", "a"), Map.of("zone", "b"), "a"),
                Arguments.of(Map.of(), Map.of("availability_zone", "b"), "b"),
                Arguments.of(Map.of("availability-zone", "c"), Map.of("zone", "b"), "c"),
                Arguments.of(Map.of("zone", " "), Map.of("availability-zone", "d"), "d"));
    }

    @ParameterizedTest(name = "service {0}, node {1} → \"{2}\"")
    @MethodSource("zones")
    void theZoneIsInTheServicesOrTheNodesMeta(Map<String, String> service, Map<String, String> node, String expected) {
        assertThat(only(instance("", "", service, node, "", List.of())).zone()).isEqualTo(expected);
    }

    static Stream<Arguments> notLegacy() {
        Map<String, String> exported = Map.of("managed-by", "bailey", "bailey-cluster", "any");
        Map<String, String> synced = Map.of("external-source", "kubernetes");
        return Stream.of(
                Arguments.of("exported by a Bailey", instance("", "", exported, Map.of(), "", List.of())),
                Arguments.of("on a node of a Bailey", instance("", "", Map.of(), exported, "", List.of())),
                Arguments.of("synced by consul-k8s", instance("", "", synced, Map.of(), "", List.of())),
                Arguments.of("on the node of consul-k8s", instance("", "", Map.of(), synced, "", List.of())),
                Arguments.of("a proxy", instance("", "", Map.of(), Map.of(), "connect-proxy", List.of())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notLegacy")
    void whatCameFromAClusterOrServesAMeshIsNoLegacyInstance(String what, Catalog.Instance other) {
        Catalog.Instance legacy = instance("10.1.0.7", "", Map.of("managed-by", "puppet"), Map.of(), "", List.of());

        assertThat(ConsulInstances.of(List.of(other, legacy)))
                .as(what)
                .extracting(ConsulInstance::address)
                .containsExactly("10.1.0.7");
    }

    private static ConsulInstance only(Catalog.Instance instance) {
        List<ConsulInstance> found = ConsulInstances.of(List.of(instance));
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static Catalog.Instance instance(
            String address,
            String nodeAddress,
            Map<String, String> meta,
            Map<String, String> nodeMeta,
            String kind,
            List<Catalog.Check> checks) {
        return new Catalog.Instance(
                new Catalog.Node("vm1", nodeAddress, nodeMeta, 1, 1),
                new Catalog.Service(
                        "b1", "billing", address, 8080, List.of(), meta, null, Map.of(), false, kind, List.of(), 1),
                checks);
    }

    private static Catalog.Check check(String id, String serviceId, String status, String notes, String output) {
        return new Catalog.Check(id, "name", serviceId, status, notes, output, 1);
    }
}
