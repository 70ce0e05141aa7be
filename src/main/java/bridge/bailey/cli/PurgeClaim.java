package bridge.bailey.cli;

import bridge.bailey.consul.Fence;
import bridge.bailey.lead.ClusterId;
import java.util.Optional;
import java.util.UUID;

/** Takes the fence in Consul for {@code purge}, once it begins to write: a Bailey that still runs is refused from then on. */
final class PurgeClaim implements Fence.Claimant {

    private final ClusterId id;
    private final String term = "purge/" + UUID.randomUUID();
    private volatile boolean begun;

    PurgeClaim(ClusterId id) {
        this.id = id;
    }

    /** From now on it is written. */
    void begin() {
        begun = true;
    }

    @Override
    public Optional<String> term() {
        return begun ? Optional.of(term) : Optional.empty();
    }

    @Override
    public boolean confirmed() {
        return begun;
    }

    @Override
    public boolean elected() {
        return false;
    }

    @Override
    public String identity() {
        return "purge";
    }

    @Override
    public Optional<String> clusterId() {
        return id.get();
    }
}
