package bridge.bailey.source;

import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** Where one side is read from. An event carries no payload: it only marks a service key as changed. */
public interface Source<S> extends AutoCloseable {

    /** Starts to read; does not block. The stage completes when everything was read once. */
    CompletionStage<Void> start(Listener listener);

    /** What is known now of all service keys. */
    Snapshot<S> all();

    /** What is known now of these service keys; one that does not exist is absent. */
    Snapshot<S> of(Set<ServiceKey> keys);

    /** The parts of the source, and how current each is. */
    List<Part> parts();

    @Override
    void close();

    /** Is told which service keys changed. */
    interface Listener {
        void changed(Set<ServiceKey> keys);
    }

    /**
     * What a source knows.
     *
     * @param complete whether everything is known that could want an item: if not, it may still be wanted
     */
    record Snapshot<S>(Map<ServiceKey, S> services, Predicate<Item> complete) {}

    /**
     * One part of a source, such as the watch of one resource.
     *
     * @param up whether it is connected
     * @param ageSeconds for how long it may have missed changes: 0 while it is connected
     * @param error the last failure, while it is not connected
     */
    record Part(String name, boolean up, double ageSeconds, Optional<String> error) {}
}
