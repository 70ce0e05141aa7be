package bridge.bailey.source;

import bridge.bailey.model.Answer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Answers that a test gives. */
public final class MemoryDiscovery<Q, I> implements Discovery<Q, I> {

    private final Map<Q, Answer<I>> answers = new ConcurrentHashMap<>();
    private final Function<Q, String> origins;
    private volatile Listener<Q> listener = query -> {};
    private volatile Set<Q> asked = Set.of();

    public MemoryDiscovery(Function<Q, String> origins) {
        this.origins = origins;
    }

    public MemoryDiscovery<Q, I> tell(Listener<Q> whom) {
        listener = whom;
        return this;
    }

    public void put(Q query, List<I> instances) {
        answers.put(query, new Answer<>(origins.apply(query), true, true, instances, Optional.of(Instant.EPOCH), ""));
        listener.changed(query);
    }

    /** The last answer stays. */
    public void fail(Q query, String error) {
        Answer<I> last = answer(query);
        answers.put(
                query, new Answer<>(last.origin(), true, last.known(), last.instances(), last.lastSuccess(), error));
        listener.changed(query);
    }

    public Set<Q> asked() {
        return asked;
    }

    @Override
    public void ask(Set<Q> queries) {
        asked = Set.copyOf(queries);
    }

    @Override
    public Answer<I> answer(Q query) {
        return answers.getOrDefault(query, Answer.none(origins.apply(query)));
    }

    @Override
    public void close() {}
}
