package bridge.bailey.source;

import bridge.bailey.model.ServiceKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A source that knows what a test says. */
public class MemorySource<S> implements Source<S> {

    private Snapshot<S> now = new Snapshot<>(Map.of(), key -> true);

    /** What it knows from now on, and whether that is everything. */
    public void set(Map<ServiceKey, S> services, boolean complete) {
        now = new Snapshot<>(Map.copyOf(services), key -> complete);
    }

    @Override
    public CompletionStage<Void> start(Listener listener) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Snapshot<S> all() {
        return now;
    }

    @Override
    public Snapshot<S> of(Set<ServiceKey> keys) {
        Map<ServiceKey, S> some = new HashMap<>(now.services());
        some.keySet().retainAll(keys);
        return new Snapshot<>(some, now.complete());
    }

    @Override
    public List<Part> parts() {
        return List.of();
    }

    @Override
    public void close() {}
}
