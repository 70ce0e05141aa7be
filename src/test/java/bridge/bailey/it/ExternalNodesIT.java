package bridge.bailey.it;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.local.LocalConsul;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.CatalogEntry.Status;
import bridge.bailey.model.ExternalNode;
import bridge.bailey.target.Outcome;
import bridge.bailey.target.Outcome.Kind;
import bridge.bailey.target.TargetException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines without an agent, as external nodes in a real Consul. */
class ExternalNodesIT {

    private final LocalConsul consul = SharedConsul.get();
    private final Machines machines = new Machines(consul);
    private final Dns dns = new Dns(consul.dnsPort());

    @AfterEach
    void stop() {
        machines.clear();
        machines.fullPass();
        machines.close();
    }

    private void txn(String operations) {
        consul.put("txn", operations);
    }

    private JsonNode node(String machine) {
        return consul.get("catalog/node-services/" + machines.node(machine)).path("Node");
    }

    private boolean exists(String machine) {
        return node(machine).isObject();
    }

    private Map<String, String> on(String machine) {
        return CatalogView.of(consul, machines.node(machine));
    }

    private List<String> a(String service) {
        return dns.a(machines.cluster() + "-" + service);
    }

    private static void assertApplied(List<Outcome<CatalogEntry>> outcomes) {
        assertThat(outcomes)
                .isNotEmpty()
                .allSatisfy(o -> assertThat(o.kind()).as(o.message()).isEqualTo(Kind.APPLIED));
    }

    private void assertSettled() {
        assertThat(machines.fullPass()).isEmpty();
    }

    private String marks() {
        return """
                "Meta": {"managed-by": "bailey", "bailey-cluster": "%s"}"""
                .formatted(machines.cluster());
    }

    @Test
    void aMachineIsANodeThatDnsFindsAsLongAsItIsNotCritical() {
        machines.put("billing", "i-0abc", "10.20.0.11", Status.PASSING);
        machines.put("billing", "i-0def", "10.20.0.12", Status.PASSING);
        assertApplied(machines.fullPass());

        assertThat(a("billing")).containsExactly("10.20.0.11", "10.20.0.12");
        assertThat(node("i-0abc").path("Address").asText()).isEqualTo("10.20.0.11");
        assertThat(meta("i-0abc"))
                .isEqualTo(Map.of(
                        "managed-by", "bailey",
                        "bailey-cluster", machines.cluster(),
                        "external-node", "true",
                        "external-probe", "false"));
        JsonNode check = consul.get("health/node/" + machines.node("i-0abc")).path(0);
        assertThat(check.path("Name").asText()).isEqualTo("Bailey probe");
        assertThat(check.path("CheckID").asText()).isEqualTo(machines.id("billing", "10.20.0.11") + ":readiness");

        machines.put("billing", "i-0abc", "10.20.0.11", Status.CRITICAL);
        assertApplied(machines.pass("billing"));
        assertThat(a("billing")).containsExactly("10.20.0.12");

        machines.put("billing", "i-0abc", "10.20.0.11", Status.PASSING);
        assertApplied(machines.pass("billing"));
        assertThat(a("billing")).containsExactly("10.20.0.11", "10.20.0.12");
        assertSettled();
        assertThat(exists("i-0abc")).isTrue();
        assertThat(consul.get("catalog/node-services/k8s-" + machines.cluster())
                        .path("Node")
                        .isNull())
                .as("without entries of the cluster it needs no node")
                .isTrue();
    }

    private Map<String, String> meta(String machine) {
        Map<String, String> meta = new TreeMap<>();
        node(machine)
                .path("Meta")
                .properties()
                .forEach(f -> meta.put(f.getKey(), f.getValue().asText()));
        return meta;
    }

    @Test
    void twoServicesOnOneMachineShareItsNodeAndItGoesWithTheLast() {
        machines.put("billing", "i-1", "10.20.0.11", Status.PASSING);
        machines.put("users", "i-1", "10.20.0.11", Status.PASSING);
        machines.putPod("users", "10.1.0.1");
        assertApplied(machines.fullPass());

        assertThat(on("i-1"))
                .containsOnlyKeys(machines.id("billing", "10.20.0.11"), machines.id("users", "10.20.0.11"));
        assertThat(a("users")).containsExactly("10.1.0.1", "10.20.0.11");

        machines.remove("billing", "10.20.0.11");
        assertApplied(machines.pass("billing"));
        assertThat(on("i-1")).containsOnlyKeys(machines.id("users", "10.20.0.11"));

        machines.remove("users", "10.20.0.11");
        assertApplied(machines.pass("users"));
        assertThat(exists("i-1")).isFalse();
        assertThat(a("users")).containsExactly("10.1.0.1");
        assertSettled();
    }

    @Test
    void aServiceThatIsAddedLaterComesToTheNodeThatIsThere() {
        machines.put("billing", "i-1", "10.20.0.11", Status.PASSING);
        machines.fullPass();
        long created = node("i-1").path("CreateIndex").asLong();

        machines.put("users", "i-1", "10.20.0.11", Status.PASSING);
        assertApplied(machines.pass("users"));

        assertThat(on("i-1")).hasSize(2);
        assertThat(node("i-1").path("CreateIndex").asLong()).isEqualTo(created);
        assertThat(node("i-1").path("ModifyIndex").asLong()).isEqualTo(created);
    }

    @Test
    void anAddressThatChangedIsWrittenToTheSameNode() {
        machines.put("billing", "i-1", "10.20.0.11", Status.PASSING);
        machines.put("users", "i-1", "10.20.0.11", Status.PASSING);
        machines.fullPass();
        long created = node("i-1").path("CreateIndex").asLong();

        machines.clear();
        machines.put("billing", "i-1", "10.20.0.99", Status.PASSING);
        machines.put("users", "i-1", "10.20.0.99", Status.PASSING);
        assertApplied(machines.fullPass());

        assertThat(node("i-1").path("Address").asText()).isEqualTo("10.20.0.99");
        assertThat(node("i-1").path("CreateIndex").asLong()).isEqualTo(created);
        assertThat(on("i-1"))
                .containsOnlyKeys(machines.id("billing", "10.20.0.99"), machines.id("users", "10.20.0.99"));
        assertSettled();
    }

    @Test
    void aMachineThatGetsAnotherNameMovesWithoutAGap() {
        machines.put("billing", "i-1", "10.20.0.11", Status.PASSING);
        machines.fullPass();

        machines.put("billing", "i-2", "10.20.0.11", Status.PASSING);
        assertApplied(machines.fullPass());

        assertThat(exists("i-1")).isFalse();
        assertThat(on("i-2")).containsOnlyKeys(machines.id("billing", "10.20.0.11"));
        assertSettled();
    }

    @Test
    void aNodeOfAnotherOwnerIsNeitherWrittenToNorInTheWayOfOthers() {
        String name = machines.node("i-1");
        txn(
                """
                [{"Node": {"Verb": "set", "Node": {"Node": "%s", "Address": "10.7.7.7", "Meta": {"team": "blue"}}}},
                 {"Service": {"Verb": "set", "Node": "%s", "Service": {"ID": "theirs", "Service": "theirs"}}}]"""
                        .formatted(name, name));
        machines.put("billing", "i-1", "10.20.0.11", Status.PASSING);
        machines.put("users", "i-1", "10.20.0.11", Status.PASSING);
        machines.put("billing", "i-2", "10.20.0.12", Status.PASSING);

        assertThat(machines.fullPass().stream().filter(Outcome::applied)).hasSize(1);
        List<Outcome<CatalogEntry>> second = machines.fullPass();

        assertThat(second).hasSize(2).allSatisfy(o -> {
            assertThat(o.kind()).isEqualTo(Kind.REFUSED);
            assertThat(o.message()).contains(name, "is not ours", "managed-by=bailey");
        });
        assertThat(CatalogView.of(consul, name)).containsOnlyKeys("theirs");
        assertThat(node("i-1").path("Address").asText()).isEqualTo("10.7.7.7");
        assertThat(a("billing")).containsExactly("10.20.0.12");

        txn("[{\"Node\": {\"Verb\": \"delete\", \"Node\": {\"Node\": \"" + name + "\"}}}]");
        assertApplied(machines.fullPass());
        assertThat(on("i-1")).hasSize(2);
    }

    @Test
    void theNodeOfTheClusterItselfIsNoMachine() {
        machines.put(
                "billing",
                "10.20.0.11",
                Status.PASSING,
                Optional.of(new ExternalNode("k8s-" + machines.cluster(), "10.20.0.11")));
        machines.putPod("users", "10.1.0.1");

        List<Outcome<CatalogEntry>> outcomes = machines.fullPass();

        assertThat(outcomes).extracting(Outcome::kind).containsExactlyInAnyOrder(Kind.REFUSED, Kind.APPLIED);
        assertThat(CatalogView.of(consul, "k8s-" + machines.cluster()))
                .containsOnlyKeys(machines.id("users", "10.1.0.1"));
    }

    @Test
    void oneNameForTwoMachinesIsTold() {
        machines.put("billing", "same", "10.20.0.11", Status.PASSING);
        machines.put("users", "same", "10.20.0.12", Status.PASSING);

        List<Outcome<CatalogEntry>> outcomes = machines.fullPass();

        assertThat(outcomes).extracting(Outcome::kind).containsExactlyInAnyOrder(Kind.APPLIED, Kind.REFUSED);
        assertThat(outcomes.stream().filter(o -> !o.applied()).map(Outcome::message))
                .singleElement()
                .asString()
                .contains("10.20.0.11", "10.20.0.12", "one machine");
    }

    @Test
    void aForeignServiceOnOurNodeIsLeftAloneAndKeepsTheNode() {
        machines.put("billing", "i-1", "10.20.0.11", Status.PASSING);
        machines.fullPass();
        String theirs =
                """
                [{"Service": {"Verb": "%s", "Node": "%s", "Service": {"ID": "theirs", "Service": "theirs"}}}]""";
        txn(theirs.formatted("set", machines.node("i-1")));

        machines.clear();
        assertApplied(machines.pass("billing"));
        assertThat(on("i-1")).containsOnlyKeys("theirs");
        assertSettled();
        assertThat(on("i-1")).containsOnlyKeys("theirs");

        txn(theirs.formatted("delete", machines.node("i-1")));
        assertSettled();
        assertThat(exists("i-1")).as("an empty node of ours").isFalse();
    }

    /** What others do, with $N for a node of ours, $I for an id on it, and $M for our marks. */
    static Stream<Arguments> edits() {
        return Stream.of(
                Arguments.of(
                        "an entry removed",
                        """
                        {"Service": {"Verb": "delete", "Node": "$N", "Service": {"ID": "$I", "Service": "x"}}}"""),
                Arguments.of(
                        "an entry changed",
                        """
                        {"Service": {"Verb": "set", "Node": "$N", "Service": {"ID": "$I", "Service": "evil",
                          "Address": "10.6.6.6", "Port": 666, $M}}}"""),
                Arguments.of(
                        "an entry added under our mark",
                        """
                        {"Service": {"Verb": "set", "Node": "$N", "Service": {"ID": "stray", "Service": "x", $M}}}"""),
                Arguments.of(
                        "a check removed",
                        """
                        {"Check": {"Verb": "delete", "Check": {"Node": "$N", "CheckID": "$I:readiness"}}}"""),
                Arguments.of(
                        "a check renamed and failed",
                        """
                        {"Check": {"Verb": "set", "Check": {"Node": "$N", "CheckID": "$I:readiness", "Name": "x",
                          "ServiceID": "$I", "Status": "critical"}}}"""),
                Arguments.of(
                        "the address of the node",
                        """
                        {"Node": {"Verb": "set", "Node": {"Node": "$N", "Address": "10.6.6.6",
                          "Meta": {"managed-by": "bailey", "bailey-cluster": "$C", "external-node": "true",
                          "external-probe": "false"}}}}"""),
                Arguments.of(
                        "the node given to consul-esm",
                        """
                        {"Node": {"Verb": "set", "Node": {"Node": "$N", "Address": "10.20.0.11",
                          "Meta": {"managed-by": "bailey", "bailey-cluster": "$C", "external-node": "true",
                          "external-probe": "true"}}}}"""),
                Arguments.of(
                        "the node without its marks",
                        """
                        {"Node": {"Verb": "set", "Node": {"Node": "$N", "Address": "10.20.0.11"}}}"""),
                Arguments.of(
                        "the node removed",
                        """
                        {"Node": {"Verb": "delete", "Node": {"Node": "$N"}}}"""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("edits")
    void whatOthersDidIsRepaired(String what, String operation) {
        machines.put("billing", "i-1", "10.20.0.11", Status.PASSING);
        machines.put("users", "i-1", "10.20.0.11", Status.PASSING);
        machines.put("billing", "i-2", "10.20.0.12", Status.PASSING);
        machines.fullPass();
        Map<String, String> before = on("i-1");
        Map<String, String> meta = meta("i-1");

        txn("["
                + operation
                        .replace("$N", machines.node("i-1"))
                        .replace("$I", machines.id("billing", "10.20.0.11"))
                        .replace("$M", marks())
                        .replace("$C", machines.cluster())
                + "]");
        assertApplied(machines.fullPass());

        assertThat(on("i-1")).as(what).isEqualTo(before);
        assertThat(meta("i-1")).isEqualTo(meta);
        assertThat(node("i-1").path("Address").asText()).isEqualTo("10.20.0.11");
        assertSettled();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c", "d", "evil", "zz"})
    void anEntryThatOthersRenamedIsSeenThoughTheIndexOfItsOldNameStaysAsItWas(String name) {
        machines.put("billing", "i-1", "10.20.0.11", Status.PASSING);
        machines.put("billing", "i-2", "10.20.0.12", Status.PASSING);
        machines.fullPass();
        machines.fullPass();

        txn(
                """
                [{"Service": {"Verb": "set", "Node": "%s", "Service": {"ID": "%s", "Service": "%s", %s}}}]"""
                        .formatted(machines.node("i-1"), machines.id("billing", "10.20.0.11"), name, marks()));

        assertApplied(machines.fullPass());
        assertThat(a("billing")).containsExactly("10.20.0.11", "10.20.0.12");
        assertSettled();
    }

    @Test
    void aRemovedNodeIsNoticedBeforeTheNextReading() throws TargetException {
        machines.put("billing", "i-1", "10.20.0.11", Status.PASSING);
        machines.put("billing", "i-2", "10.20.0.12", Status.PASSING);
        machines.fullPass();
        machines.fullPass();
        assertThat(machines.target().intact()).isTrue();

        txn("[{\"Node\": {\"Verb\": \"delete\", \"Node\": {\"Node\": \"" + machines.node("i-1") + "\"}}}]");

        assertThat(machines.target().intact()).isFalse();
    }

    @Test
    void aConflictLeavesEverythingAsItIsAndTheNextReadingMendsIt() {
        machines.put("billing", "i-1", "10.20.0.11", Status.PASSING);
        machines.fullPass();
        txn("[{\"Node\": {\"Verb\": \"delete\", \"Node\": {\"Node\": \"" + machines.node("i-1") + "\"}}}]");

        machines.put("users", "i-1", "10.20.0.11", Status.PASSING);
        assertThat(machines.pass("users")).extracting(Outcome::kind).containsExactly(Kind.CONFLICT);

        assertApplied(machines.fullPass());
        assertThat(on("i-1")).hasSize(2);
        assertSettled();
    }

    @Test
    void aFreshStartWritesNothingAndRemovesWhatWent() {
        machines.put("billing", "i-1", "10.20.0.11", Status.PASSING);
        machines.put("billing", "i-2", "10.20.0.12", Status.PASSING);
        machines.fullPass();

        try (Machines again = new Machines(consul, machines.cluster(), "")) {
            again.put("billing", "i-1", "10.20.0.11", Status.PASSING);
            again.put("billing", "i-2", "10.20.0.12", Status.PASSING);
            assertThat(again.fullPass()).isEmpty();
            assertThat(again.requests("txn")).isZero();

            again.remove("billing", "10.20.0.12");
            assertApplied(again.fullPass());
            assertThat(exists("i-2")).isFalse();
            assertThat(exists("i-1")).isTrue();
        }
    }

    @Test
    void anEmptyNodeThatWasLeftBehindIsRemovedByTheNextFullPass() {
        machines.put("billing", "i-1", "10.20.0.11", Status.PASSING);
        machines.fullPass();
        txn("[{\"Service\": {\"Verb\": \"delete\", \"Node\": \"" + machines.node("i-1") + "\", \"Service\": {\"ID\": \""
                + machines.id("billing", "10.20.0.11") + "\", \"Service\": \"x\"}}}]");

        try (Machines again = new Machines(consul, machines.cluster(), "")) {
            assertThat(again.fullPass()).isEmpty();
        }

        assertThat(exists("i-1")).isFalse();
    }

    @Test
    void twoClustersLeaveEachOthersMachinesAlone() {
        machines.put("billing", "i-1", "10.20.0.11", Status.PASSING);
        machines.fullPass();
        try (Machines other = new Machines(consul)) {
            other.put("billing", "i-1", "10.20.0.11", Status.PASSING);
            assertApplied(other.fullPass());
            other.clear();
            assertApplied(other.fullPass());
            assertThat(CatalogView.of(consul, other.node("i-1"))).isEmpty();
        }
        assertThat(on("i-1")).hasSize(1);
        assertSettled();
    }

    @Test
    void manyMachinesTakeFewTransactionsAndAReadingFewRequests() {
        int count = 200;
        for (int i = 0; i < count; i++) {
            machines.put("billing", "i-" + i, "10.21.0." + i, Status.PASSING);
            machines.put("users", "i-" + i, "10.21.0." + i, Status.PASSING);
        }
        assertApplied(machines.fullPass());
        // At most 64 operations each: 3 for a machine with its first service, 2 for each further one.
        assertThat(machines.requests("txn")).isBetween(count * 5 / 128, count * 5 / 64 + 6);

        int before = machines.requests();
        machines.fullPass();
        assertThat(machines.requests() - before)
                .as("4 for the cluster's node, of which a part may be read again; nodes, names, twice 2 services")
                .isLessThanOrEqualTo(10);
        int unchanged = machines.requests();
        machines.fullPass();
        assertThat(machines.requests() - unchanged).as("nothing changed").isEqualTo(2 + 4);

        machines.clear();
        int transactions = machines.requests("txn");
        assertApplied(machines.fullPass());
        assertThat(machines.requests("txn") - transactions).isLessThanOrEqualTo(count * 2 / 64 + 1 + count / 50 + 2);
        assertThat(exists("i-7")).isFalse();
        assertSettled();
    }

    @Test
    void withoutMachinesAReadingCostsWhatItCostBefore() {
        machines.putPod("users", "10.1.0.1");
        machines.fullPass();
        machines.fullPass();

        int before = machines.requests();
        machines.fullPass();

        assertThat(machines.requests() - before).isEqualTo(2);
    }

    @Test
    void aBadEntryHoldsBackNeitherItsMachineNorOthers() {
        machines.put("billing", "i-1", "10.20.0.11", Status.PASSING);
        CatalogEntry good = machines.put("users", "i-1", "10.20.0.11", Status.PASSING);
        machines.put("billing", "i-2", "10.20.0.12", Status.PASSING);
        machines.desired()
                .values()
                .forEach(entries -> entries.replaceAll(
                        (id, entry) -> id.equals(machines.id("billing", "10.20.0.11")) ? withBadMeta(entry) : entry));

        List<Outcome<CatalogEntry>> outcomes = machines.fullPass();

        assertThat(outcomes.stream().filter(o -> !o.applied())).singleElement().satisfies(o -> assertThat(o.kind())
                .isEqualTo(Kind.REFUSED));
        assertThat(on("i-1")).containsOnlyKeys(good.id());
        assertThat(on("i-2")).hasSize(1);
    }

    private static CatalogEntry withBadMeta(CatalogEntry e) {
        return new CatalogEntry(
                e.key(),
                e.id(),
                e.name(),
                e.address(),
                e.port(),
                e.tags(),
                Map.of("bad.key", "x"),
                1,
                e.check(),
                e.node());
    }
}
