package bridge.bailey.target;

import bridge.bailey.consul.Catalog;
import bridge.bailey.consul.ConsulException;
import bridge.bailey.consul.Txn;
import bridge.bailey.consul.Writes;
import bridge.bailey.model.Marks;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The synthetic node that bears the entries of the cluster itself. */
final class ClusterNode {

    private static final String ADDRESS = "127.0.0.1";

    private final Writes consul;
    private final String name;
    private final Map<String, String> meta;
    private volatile Optional<Catalog.Node> known = Optional.empty();

    ClusterNode(Writes consul, String cluster, String name) {
        this.consul = consul;
        this.name = name;
        this.meta = Map.of(Marks.SOURCE, Marks.KUBERNETES, Marks.MANAGED_BY, Marks.BAILEY, Marks.CLUSTER, cluster);
    }

    String name() {
        return name;
    }

    void adopt(Optional<Catalog.Node> found) {
        known = found;
    }

    /** Whether others changed it. */
    boolean needsRepair() {
        return known.map(node -> !node.address().equals(ADDRESS) || !node.meta().equals(meta))
                .orElse(false);
    }

    /** By its index of creation, as far as it is known. */
    Optional<Long> identity() {
        return known.map(Catalog.Node::createIndex);
    }

    /** Why the node could not be registered. */
    record Missing(Outcome.Kind kind, String message) {}

    /** Registers the node if Consul has none of that name, and mends it if others changed it. */
    Optional<Missing> ensure() {
        if (known.isPresent() && !needsRepair()) {
            return Optional.empty();
        }
        long index = known.map(Catalog.Node::modifyIndex).orElse(0L);
        try {
            Txn.Answer answer = consul.transact(List.of(Txn.setNode(name, ADDRESS, meta, index)));
            if (!answer.errors().isEmpty()) {
                String what = answer.errors().get(0).what();
                return Optional.of(missing(Transactions.kindOf(what), what));
            }
            known = Optional.of(answer.results().get(0).node());
            return Optional.empty();
        } catch (ConsulException e) {
            return Optional.of(missing(Transactions.kindOf(e), e.getMessage()));
        }
    }

    /** Without a node nothing at all can be written: that is one trouble, not one for each entry. */
    private Missing missing(Outcome.Kind kind, String what) {
        return new Missing(
                kind == Outcome.Kind.CONFLICT || kind == Outcome.Kind.FENCED ? kind : Outcome.Kind.UNAVAILABLE,
                "node \"" + name + "\" can't be registered: " + what);
    }
}
