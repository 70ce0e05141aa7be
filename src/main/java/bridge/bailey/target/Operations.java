package bridge.bailey.target;

import bridge.bailey.consul.Txn;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ExternalNode;
import bridge.bailey.target.Shadow.Stored;
import java.util.ArrayList;
import java.util.List;

/** The operations of a transaction that make a change. */
final class Operations {

    /** The name of the check of an entry of the cluster, and of one on an external node. */
    private static final String READINESS = "Kubernetes readiness";

    private static final String PROBE = "Bailey probe";

    private final String clusterNode;

    /**
     * Makes the maker.
     *
     * @param clusterNode the node of entries that name none
     */
    Operations(String clusterNode) {
        this.clusterNode = clusterNode;
    }

    static String checkName(boolean external) {
        return external ? PROBE : READINESS;
    }

    List<byte[]> create(CatalogEntry entry) {
        return register(entry, 0);
    }

    List<byte[]> delete(CatalogEntry entry, Stored stored) {
        return List.of(Txn.deleteService(nodeOf(entry), entry.id(), entry.name(), stored.serviceIndex()));
    }

    /** Empty if only the entry's node differs. */
    List<byte[]> update(CatalogEntry before, CatalogEntry after, Stored stored) {
        List<byte[]> operations = new ArrayList<>();
        if (!before.name().equals(after.name()) || !nodeOf(before).equals(nodeOf(after))) {
            // In one transaction, so that no reader sees a gap. A mere change of the name would not wake those who
            // watch the old one: the index of the name that is left behind stays as it was.
            operations.addAll(delete(before, stored));
            operations.addAll(create(after));
            return operations;
        }
        if (!serviceOf(before).equals(serviceOf(after))) {
            operations.addAll(register(after, stored.serviceIndex()));
        } else if (after.check().isPresent() && !after.check().equals(before.check())) {
            CatalogEntry.Check check = after.check().orElseThrow();
            operations.add(Txn.setCheck(nodeOf(after), checkOf(after, check), stored.checkIndex()));
        }
        if (before.check().isPresent() && after.check().isEmpty()) {
            CatalogEntry.Check check = before.check().orElseThrow();
            operations.add(Txn.deleteCheck(nodeOf(before), checkOf(before, check), stored.checkIndex()));
        }
        return operations;
    }

    private List<byte[]> register(CatalogEntry entry, long index) {
        byte[] service = Txn.setService(nodeOf(entry), serviceOf(entry), index);
        return entry.check()
                .map(check -> List.of(service, Txn.setCheck(nodeOf(entry), checkOf(entry, check))))
                .orElse(List.of(service));
    }

    private String nodeOf(CatalogEntry entry) {
        return entry.node().map(ExternalNode::name).orElse(clusterNode);
    }

    private static Txn.Service serviceOf(CatalogEntry e) {
        return new Txn.Service(e.id(), e.name(), e.address(), e.port(), e.tags(), e.meta(), e.weight());
    }

    private static Txn.Check checkOf(CatalogEntry entry, CatalogEntry.Check check) {
        return new Txn.Check(
                entry.checkId(),
                checkName(entry.node().isPresent()),
                entry.id(),
                entry.name(),
                check.status().text(),
                check.output());
    }
}
