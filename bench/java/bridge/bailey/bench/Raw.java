package bridge.bailey.bench;

import bridge.bailey.consul.Txn;
import bridge.bailey.model.CatalogEntry;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The bodies of requests that write the same entries as Bailey, byte for byte in the case of transactions. */
final class Raw {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String NODE_ADDRESS = "127.0.0.1";
    private static final String CHECK_NAME = "Kubernetes readiness";

    private final String node;

    Raw(String node) {
        this.node = node;
    }

    /** A transaction that makes our node. */
    byte[] makeNode() {
        Map<String, String> meta =
                Map.of("external-source", "kubernetes", "managed-by", "bailey", "bailey-cluster", Bridge.CLUSTER);
        return transaction(List.of(Txn.setNode(node, NODE_ADDRESS, meta, 0)));
    }

    /** The fewest transactions that make these entries with their checks. */
    List<byte[]> transactions(List<CatalogEntry> entries, int maxOperations) {
        List<byte[]> all = new ArrayList<>();
        int entriesOfOne = maxOperations / 2;
        for (int from = 0; from < entries.size(); from += entriesOfOne) {
            List<byte[]> operations = new ArrayList<>();
            for (CatalogEntry entry : entries.subList(from, Math.min(from + entriesOfOne, entries.size()))) {
                operations.add(Txn.setService(node, service(entry), 0));
                operations.add(Txn.setCheck(node, check(entry, status(entry))));
            }
            all.add(transaction(operations));
        }
        return all;
    }

    /** A transaction that writes the check of an entry. */
    byte[] setCheck(CatalogEntry entry, boolean ready) {
        return transaction(List.of(Txn.setCheck(node, check(entry, ready ? "passing" : "critical"))));
    }

    /** The fewest transactions that write the checks of these entries. */
    List<byte[]> setChecks(List<CatalogEntry> entries, boolean ready, int maxOperations) {
        List<byte[]> all = new ArrayList<>();
        for (int from = 0; from < entries.size(); from += maxOperations) {
            all.add(transaction(entries.subList(from, Math.min(from + maxOperations, entries.size())).stream()
                    .map(entry -> Txn.setCheck(node, check(entry, ready ? "passing" : "critical")))
                    .toList()));
        }
        return all;
    }

    /** The body of a registration of one entry with its check, as {@code /v1/catalog/register} takes it. */
    byte[] registration(CatalogEntry e) {
        try {
            return MAPPER.writeValueAsBytes(Map.of(
                    "Node",
                    node,
                    "Address",
                    NODE_ADDRESS,
                    "SkipNodeUpdate",
                    true,
                    "Service",
                    Map.of(
                            "ID", e.id(),
                            "Service", e.name(),
                            "Address", e.address(),
                            "Port", e.port(),
                            "Tags", e.tags(),
                            "Meta", e.meta(),
                            "Weights", Map.of("Passing", e.weight(), "Warning", 1)),
                    "Check",
                    Map.of(
                            "CheckID", e.checkId(),
                            "Name", CHECK_NAME,
                            "ServiceID", e.id(),
                            "Status", status(e),
                            "Output", output(e))));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Txn.Service service(CatalogEntry e) {
        return new Txn.Service(e.id(), e.name(), e.address(), e.port(), e.tags(), e.meta(), e.weight());
    }

    private static Txn.Check check(CatalogEntry e, String status) {
        return new Txn.Check(e.checkId(), CHECK_NAME, e.id(), e.name(), status, output(e));
    }

    private static String status(CatalogEntry entry) {
        return entry.check().orElseThrow().status().text();
    }

    private static String output(CatalogEntry entry) {
        return entry.check().orElseThrow().output();
    }

    private static byte[] transaction(List<byte[]> operations) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        char before = '[';
        for (byte[] operation : operations) {
            body.write(before);
            body.writeBytes(operation);
            before = ',';
        }
        body.write(']');
        return body.toByteArray();
    }
}
