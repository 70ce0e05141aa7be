package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.local.LocalConsul;
import bridge.bailey.model.Finding;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Others change Consul: what is ours is repaired, and what is not is never touched. */
class DriftIT {

    private final LocalConsul consul = SharedConsul.get();
    private Cluster cluster;
    private String shop;
    private String node;
    private Bailey bailey;

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        node = "k8s-" + cluster.prefix();
        cluster.apply(service(shop, "users", Map.of("bailey.bridge/tags", "v1")));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.2")));
    }

    @AfterEach
    void stop() {
        bailey.close();
        cluster.close();
    }

    private void startBailey() {
        bailey = Bailey.of(cluster, consul.httpPort(), Map.of("resync", "1s")).started();
    }

    private String id(String address) {
        return cluster.prefix() + "/" + shop + "/users/" + address + ":8080";
    }

    private void txn(String operations) {
        consul.put("txn", operations);
    }

    /** What others do, with $N for our node, $I for one of our ids, and $M for our marks. */
    static Stream<Arguments> edits() {
        return Stream.of(
                Arguments.of(
                        "removed",
                        """
                        {"Service": {"Verb": "delete", "Node": "$N", "Service": {"ID": "$I", "Service": "users"}}}"""),
                Arguments.of(
                        "changed",
                        """
                        {"Service": {"Verb": "set", "Node": "$N", "Service": {"ID": "$I", "Service": "users",
                          "Address": "10.6.6.6", "Port": 666, $M}}}"""),
                Arguments.of(
                        "renamed",
                        """
                        {"Service": {"Verb": "set", "Node": "$N", "Service": {"ID": "$I", "Service": "evil",
                          "Address": "10.1.0.1", "Port": 8080, $M}}}"""),
                Arguments.of(
                        "given fields that we never write",
                        """
                        {"Service": {"Verb": "set", "Node": "$N", "Service": {"ID": "$I", "Service": "users",
                          "Address": "10.1.0.1", "Port": 8080, "Tags": ["k8s", "v1"], "EnableTagOverride": true,
                          "Weights": {"Passing": 1, "Warning": 9}, $M}}}"""),
                Arguments.of(
                        "added under our mark",
                        """
                        {"Service": {"Verb": "set", "Node": "$N", "Service": {"ID": "stray", "Service": "users",
                          "Address": "10.6.6.6", $M}}}"""),
                Arguments.of(
                        "check removed",
                        """
                        {"Check": {"Verb": "delete", "Check": {"Node": "$N", "CheckID": "$I:readiness"}}}"""),
                Arguments.of(
                        "check failed",
                        """
                        {"Check": {"Verb": "set", "Check": {"Node": "$N", "CheckID": "$I:readiness", "Name": "x",
                          "ServiceID": "$I", "Status": "critical"}}}"""),
                Arguments.of(
                        "check moved to the node",
                        """
                        {"Check": {"Verb": "set", "Check": {"Node": "$N", "CheckID": "$I:readiness", "Name": "x",
                          "Status": "passing"}}}"""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("edits")
    void whatOthersDidToOurEntriesIsRepaired(String what, String operation) {
        startBailey();
        Map<String, String> before = CatalogView.of(consul, node);
        assertThat(before).as(what).hasSize(2);

        txn("[" + operation.replace("$N", node).replace("$I", id("10.1.0.1")).replace("$M", marks()) + "]");

        await("a repair").until(() -> bailey.outcomes().size() > before.size());
        await().until(() -> CatalogView.of(consul, node).equals(before));
    }

    private String marks() {
        return """
                "Meta": {"managed-by": "bailey", "bailey-cluster": "%s"}"""
                .formatted(cluster.prefix());
    }

    @Test
    void theAddressOfOurNodeIsRepaired() {
        startBailey();
        txn("""
                [{"Node": {"Verb": "set", "Node": {"Node": "%s", "Address": "10.6.6.6", %s}}}]"""
                .formatted(node, marks()));

        await().untilAsserted(() -> assertThat(consul.get("catalog/node-services/" + node)
                        .at("/Node/Address")
                        .asText())
                .isEqualTo("127.0.0.1"));
    }

    @Test
    void aNodeThatLostItsMetaToARegistrationByHandIsKnownByItsEntriesAndMended() {
        startBailey();
        consul.put(
                "catalog/register",
                """
                {"Node": "%s", "Address": "127.0.0.1", "Service": {"ID": "theirs", "Service": "theirs"}}"""
                        .formatted(node));
        assertThat(consul.get("catalog/node-services/" + node).at("/Node/Meta").size())
                .isZero();

        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.5")));

        await().untilAsserted(() ->
                assertThat(CatalogView.of(consul, node)).containsOnlyKeys(id("10.1.0.1"), id("10.1.0.5"), "theirs"));
        await().untilAsserted(() -> assertThat(consul.get("catalog/node-services/" + node)
                        .at("/Node/Meta/bailey-cluster")
                        .asText())
                .isEqualTo(cluster.prefix()));
    }

    @Test
    void aForeignEntryOnOurNodeIsLeftAlone() {
        startBailey();
        txn(
                """
                [{"Service": {"Verb": "set", "Node": "%s", "Service": {"ID": "theirs", "Service": "theirs",
                  "Address": "10.7.7.7", "Port": 7, "Meta": {"managed-by": "bailey", "bailey-cluster": "other"}}}}]"""
                        .formatted(node));

        bailey.awaitFullPass();
        cluster.delete(service(shop, "users"));
        await().until(() -> CatalogView.of(consul, node).size() == 1);
        bailey.awaitFullPass();

        assertThat(CatalogView.of(consul, node)).containsOnlyKeys("theirs");
    }

    @Test
    void aForeignEntryThatHasAWantedIdIsNeitherOverwrittenNorInTheWayOfOthers() {
        startBailey();
        String wanted = id("10.1.0.9");
        txn(
                """
                [{"Service": {"Verb": "set", "Node": "%s", "Service": {"ID": "%s", "Service": "theirs",
                  "Address": "10.7.7.7", "Port": 7}}}]"""
                        .formatted(node, wanted));

        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.8"), ready("10.1.0.9")));

        await().untilAsserted(() -> assertThat(CatalogView.of(consul, node).keySet())
                .containsExactlyInAnyOrder(id("10.1.0.1"), id("10.1.0.8"), wanted));
        await().untilAsserted(
                        () -> assertThat(bailey.findings()).singleElement().satisfies(finding -> {
                            assertThat(finding.kind()).isEqualTo(Finding.Kind.FOREIGN_ENTRY);
                            assertThat(finding.text()).contains(shop + "/users", wanted);
                        }));
        assertThat(CatalogView.of(consul, node).get(wanted)).startsWith("theirs 10.7.7.7:7");
    }

    @Test
    void aForeignNodeOfOurNameIsNotWrittenTo() {
        txn("""
                [{"Node": {"Verb": "set", "Node": {"Node": "%s", "Address": "10.7.7.7"}}}]"""
                .formatted(node));

        bailey = Bailey.of(cluster, consul.httpPort(), Map.of()).start();

        await().until(() -> !bailey.outages().isEmpty());
        assertThat(bailey.outages().get(0)).contains(node, "is not ours", "bailey.export.node");
        assertThat(CatalogView.of(consul, node)).isEmpty();
        assertThat(bailey.flows().toConsul().status().started()).isFalse();
    }

    @Test
    void aRestartWritesNothingWhereNothingChanged() {
        startBailey();
        bailey.close();

        startBailey();
        bailey.awaitFullPass();

        assertThat(bailey.outcomes()).isEmpty();
        assertThat(bailey.requests("txn")).isZero();
    }

    @Test
    void whatWentWhileBaileyWasStoppedIsRemovedAtItsStart() {
        startBailey();
        bailey.close();
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.2")));

        startBailey();

        assertThat(CatalogView.of(consul, node)).containsOnlyKeys(id("10.1.0.2"));
    }

    @Test
    void twoClustersInOneConsulLeaveEachOtherAlone() {
        startBailey();
        try (Cluster other = Cluster.open()) {
            other.apply(service(other.namespace("shop"), "users"));
            other.apply(slice(other.namespace("shop"), "a", "users", ready("10.2.0.1")));
            try (Bailey second =
                    Bailey.of(other, consul.httpPort(), Map.of("resync", "1s")).started()) {
                second.awaitFullPass();
                bailey.awaitFullPass();
                assertThat(CatalogView.of(consul, node)).hasSize(2);
                assertThat(CatalogView.of(consul, "k8s-" + other.prefix())).hasSize(1);
                assertThat(new Dns(consul.dnsPort()).a("users")).contains("10.1.0.1", "10.1.0.2", "10.2.0.1");
            }
        }
    }
}
