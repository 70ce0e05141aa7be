package bridge.bailey.source;

import bridge.bailey.model.Printable;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The watch of one resource: an informer that never gives up, and how current it is. */
final class Watch<T extends HasMetadata> implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Watch.class);

    /** Every watch is renewed from time to time, which takes a moment. */
    private static final Duration TELL_AFTER = Duration.ofSeconds(5);

    private static final int LONGEST_ERROR = 1000;

    private final String name;
    private final Supplier<Informable<T>> resource;
    private final Consumer<T> trim;
    private final Map<String, Function<T, List<String>>> indexes;
    private final InstantSource clock;
    private final Function<Throwable, String> explain;

    /** Several flows may look at one resource. */
    private final List<BiConsumer<T, T>> listeners = new CopyOnWriteArrayList<>();

    private SharedIndexInformer<T> informer;
    private CompletionStage<Void> started;
    private volatile long lastUpMillis;
    private volatile String error = "";
    private boolean toldDown;

    Watch(
            String name,
            Supplier<Informable<T>> resource,
            Consumer<T> trim,
            Map<String, Function<T, List<String>>> indexes,
            InstantSource clock) {
        this(name, resource, trim, indexes, clock, Watch::messageOf);
    }

    /**
     * Makes a watch.
     *
     * @param explain says why it is down
     */
    Watch(
            String name,
            Supplier<Informable<T>> resource,
            Consumer<T> trim,
            Map<String, Function<T, List<String>>> indexes,
            InstantSource clock,
            Function<Throwable, String> explain) {
        this.name = name;
        this.resource = resource;
        this.trim = trim;
        this.indexes = indexes;
        this.clock = clock;
        this.explain = explain;
    }

    /** Tells of changes, too, once somebody starts it; those who listen first are told first. */
    void listen(BiConsumer<T, T> changed) {
        listeners.add(changed);
    }

    /**
     * Starts to watch, unless it was started before.
     *
     * @param changed is told of every change from now on: the object before and after, of which either may be null
     */
    synchronized CompletionStage<Void> start(BiConsumer<T, T> changed) {
        listen(changed);
        if (started == null) {
            started = start();
        }
        return started;
    }

    private CompletionStage<Void> start() {
        lastUpMillis = clock.millis();
        informer = resource.get().runnableInformer(0);
        informer.removeNamespaceIndex();
        informer.itemStore(new Trim<>(trim));
        informer.addIndexers(indexes);
        informer.addEventHandler(new Handler<>((before, after) -> listeners.forEach(l -> l.accept(before, after))));
        // Without this an informer stops for good at its first error: a 403 while RBAC is being mended, for instance.
        informer.exceptionHandler((started, failure) -> {
            failed(failure);
            return true;
        });
        return informer.start();
    }

    private void failed(Throwable failure) {
        error = explain.apply(failure);
    }

    static String messageOf(Throwable failure) {
        String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return Printable.of(text, LONGEST_ERROR);
    }

    boolean synced() {
        return informer != null && informer.hasSynced();
    }

    List<T> all() {
        return informer == null ? List.of() : informer.getStore().list();
    }

    Optional<T> get(String key) {
        return Optional.ofNullable(informer).map(i -> i.getStore().getByKey(key));
    }

    List<T> byIndex(String index, String value) {
        return informer == null ? List.of() : informer.getIndexer().byIndex(index, value);
    }

    /** Also logs that the watch is down or back, since only here it is noticed. */
    synchronized Source.Part state() {
        long now = clock.millis();
        boolean up = informer != null && informer.hasSynced() && informer.isWatching();
        if (up) {
            lastUpMillis = now;
            if (toldDown) {
                LOG.infof("The watch of %s is back.", name);
                toldDown = false;
            }
            error = "";
        } else if (informer != null && !toldDown && now - lastUpMillis >= TELL_AFTER.toMillis()) {
            toldDown = true;
            LOG.warnf(
                    "The watch of %s is down; what is known of them stays as it is until it is back. %s",
                    name,
                    error.isEmpty()
                            ? "The API server does not answer, or has no such resource any more."
                            : "The last error: " + error);
        }
        return new Source.Part(
                name, up, (now - lastUpMillis) / 1000.0, up || error.isEmpty() ? Optional.empty() : Optional.of(error));
    }

    @Override
    public void close() {
        if (informer != null) {
            informer.close();
        }
    }

    private record Handler<T>(BiConsumer<T, T> changed) implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T object) {
            changed.accept(null, object);
        }

        @Override
        public void onUpdate(T before, T after) {
            changed.accept(before, after);
        }

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {
            changed.accept(object, null);
        }
    }
}
