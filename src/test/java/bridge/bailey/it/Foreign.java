package bridge.bailey.it;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.local.LocalConsul;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What belongs to others, in Consul beside what Bailey writes: a node of nobody's with a service of the same name, the node of
 * another cluster's Bailey, and entries on Bailey's own node. Each is still the same afterwards, to its {@code ModifyIndex}.
 */
public final class Foreign {

    private static final String ON_OUR_NODE = "theirs";

    private final LocalConsul consul;
    private final String ours;
    private final List<String> nodes;
    private Map<String, Long> expected;

    private Foreign(LocalConsul consul, String cluster) {
        this.consul = consul;
        this.ours = "k8s-" + cluster;
        this.nodes = List.of("vm-of-" + cluster, "k8s-other-" + cluster);
    }

    /** Puts entries of others beside those of a Bailey of this cluster. */
    public static Foreign beside(LocalConsul consul, String cluster) {
        Foreign foreign = new Foreign(consul, cluster);
        String other = "\"Meta\": {\"managed-by\": \"bailey\", \"bailey-cluster\": \"other-" + cluster + "\"}";
        foreign.register(foreign.nodes.get(0), "\"NodeMeta\": {\"team\": \"blue\"}", "\"Meta\": {}");
        foreign.register(
                foreign.nodes.get(1),
                "\"NodeMeta\": {\"external-source\": \"kubernetes\", \"managed-by\": \"bailey\", \"bailey-cluster\": \"other-"
                        + cluster + "\"}",
                other);
        foreign.expected = foreign.indexes();
        return foreign;
    }

    private void register(String node, String nodeMeta, String meta) {
        consul.put(
                "catalog/register",
                """
                {"Node": "%s", "Address": "10.9.9.9", %s,
                 "Service": {"ID": "theirs", "Service": "users", "Address": "10.9.9.9", "Port": 9, %s},
                 "Check": {"Node": "%s", "CheckID": "theirs:up", "Name": "up", "ServiceID": "theirs", "Status": "passing"}}"""
                        .formatted(node, nodeMeta, meta, node));
    }

    /** Puts an entry of others onto Bailey's node too, which has to be there. */
    public Foreign alsoOnOurNode() {
        consul.put(
                "txn",
                """
                [{"Service": {"Verb": "set", "Node": "%s", "Service": {"ID": "%s", "Service": "users",
                  "Address": "10.9.9.8", "Port": 8}}}]"""
                        .formatted(ours, ON_OUR_NODE));
        expected = indexes();
        return this;
    }

    /** What was on our node went with it, by another's hand. */
    void ourNodeWasRemoved() {
        expected.keySet().removeIf(key -> key.startsWith(ours));
    }

    /** Consul lost everything: nobody but their owners is to bring it back. */
    void allWasLost() {
        expected = new TreeMap<>();
    }

    public void assertUntouched() {
        assertThat(indexes()).as("what belongs to others, by ModifyIndex").isEqualTo(expected);
    }

    private Map<String, Long> indexes() {
        Map<String, Long> all = new TreeMap<>();
        for (String node : nodes) {
            JsonNode found = consul.get("catalog/node/" + node);
            if (found.path("Node").isObject()) {
                all.put(node, index(found.get("Node")));
                services(found).forEach(service -> all.put(node + " " + id(service), index(service)));
                consul.get("health/node/" + node)
                        .forEach(check ->
                                all.put(node + " " + check.get("CheckID").asText(), index(check)));
            }
        }
        services(consul.get("catalog/node/" + ours)).stream()
                .filter(service -> id(service).equals(ON_OUR_NODE))
                .forEach(service -> all.put(ours + " " + id(service), index(service)));
        return all;
    }

    private static List<JsonNode> services(JsonNode node) {
        List<JsonNode> all = new ArrayList<>();
        node.path("Services").forEach(all::add);
        return all;
    }

    private static String id(JsonNode service) {
        return service.get("ID").asText();
    }

    private static long index(JsonNode object) {
        return object.get("ModifyIndex").asLong();
    }
}
