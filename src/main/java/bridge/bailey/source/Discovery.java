package bridge.bailey.source;

import bridge.bailey.model.Answer;
import java.util.Set;

/**
 * A system that is asked for legacy instances, query by query, again and again. Each query keeps its last good answer while
 * the system fails.
 *
 * @param <Q> a query
 * @param <I> an instance, in the system's own terms
 */
public interface Discovery<Q, I> extends AutoCloseable {

    /** Asks these queries from now on, and no others; does not block. Known queries keep their answers. */
    void ask(Set<Q> queries);

    /** What is known in answer to a query; {@link Answer#none} if it is not asked. For any thread. */
    Answer<I> answer(Q query);

    @Override
    void close();

    /** Is told that the answer to a query changed: its instances, or whether it failed. Must be quick. */
    interface Listener<Q> {
        void changed(Q query);
    }
}
