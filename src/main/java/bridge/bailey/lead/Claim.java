package bridge.bailey.lead;

import bridge.bailey.consul.Fence;
import java.util.Optional;

/** Takes the fence in Consul for who leads. */
public record Claim(Leadership leadership, ClusterId id) implements Fence.Claimant {

    @Override
    public Optional<String> term() {
        return leadership.term();
    }

    @Override
    public boolean confirmed() {
        // A key without the cluster's id would let another cluster of this name take it.
        return leadership.confirmed() && (!leadership.elected() || id.isSettled());
    }

    @Override
    public boolean elected() {
        return leadership.elected();
    }

    @Override
    public String identity() {
        return leadership.identity();
    }

    @Override
    public Optional<String> clusterId() {
        return id.get();
    }
}
