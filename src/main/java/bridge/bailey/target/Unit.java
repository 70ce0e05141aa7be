package bridge.bailey.target;

import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ExternalNode;
import bridge.bailey.plan.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A change with the operations that make it. They are done together, or not at all. */
record Unit(Change<CatalogEntry> change, List<byte[]> operations) {

    /** The external node on which the entry will be. */
    Optional<ExternalNode> node() {
        return change.item().node();
    }

    /** The same, with one operation before the others. */
    Unit after(byte[] first) {
        return new Unit(
                change, Stream.concat(Stream.of(first), operations.stream()).toList());
    }

    int size() {
        return ConsulHttp.size(operations);
    }

    /**
     * Packs units in order into batches within the limits. A unit that alone exceeds them is a batch of its own, for
     * Consul to refuse.
     */
    static List<List<Unit>> pack(List<Unit> units, int maxOperations, int maxBytes) {
        List<List<Unit>> batches = new ArrayList<>();
        List<Unit> batch = new ArrayList<>();
        int operations = 0;
        int bytes = 0;
        for (Unit unit : units) {
            boolean full = operations + unit.operations().size() > maxOperations || bytes + unit.size() > maxBytes;
            if (full && !batch.isEmpty()) {
                batches.add(List.copyOf(batch));
                batch.clear();
                operations = 0;
                bytes = 0;
            }
            batch.add(unit);
            operations += unit.operations().size();
            bytes += unit.size();
        }
        if (!batch.isEmpty()) {
            batches.add(List.copyOf(batch));
        }
        return batches;
    }
}
