package bridge.bailey.overview;

import bridge.bailey.desired.Decision;
import bridge.bailey.flow.FlowObserver;
import bridge.bailey.flow.PassReport;
import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.process.Fatal;
import bridge.bailey.source.Source;
import bridge.bailey.view.History;
import bridge.bailey.view.Outline;
import bridge.bailey.view.Seen;
import bridge.bailey.view.ServiceDetail;
import bridge.bailey.view.ServiceView;
import bridge.bailey.view.Views;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The view of all bridged services, kept current on a thread of its own: what the sources tell, and each pass, marks service
 * keys, and a moment later these alone are viewed anew. Asking costs the flows nothing.
 */
public final class Overview implements FlowObserver, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Overview.class);

    /** Marks of this long are viewed together: the marks of an event and of its pass, in most cases. */
    private static final Duration BEAT = Duration.ofMillis(200);

    /** So many beats are between two looks at what time alone changes. */
    private static final int LOOK_AFTER = 5;

    private static final Duration STOP_WITHIN = Duration.ofSeconds(2);

    private final Views views;
    private final Duration staleAfter;
    private final InstantSource clock;
    private final Map<ServiceKey, Row> rows = new ConcurrentSkipListMap<>();
    private final Versions versions = new Versions();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Set<ServiceKey> marked = new HashSet<>();
    private final ScheduledExecutorService thread;
    private volatile Reader reader;
    private volatile Set<String> away = Set.of();
    private final Map<String, Instant> silentSince = new HashMap<>();
    private final Set<ServiceKey> failed = new HashSet<>();
    private int beats;

    private record Row(ServiceView view, History history, Optional<Instant> reviewAt) {}

    /** Tells what Bailey knows; for any thread. */
    public interface Reader {
        /** What is known of these service keys; of each, even if that is nothing. */
        Map<ServiceKey, Seen> read(Set<ServiceKey> keys);

        /** How current each source is. */
        List<Source.Part> parts();

        /** The flows whose target does not answer. */
        default Set<String> unanswered() {
            return Set.of();
        }

        /** Which rules decided what about a service. */
        default List<Decision> decisions(Seen seen) {
            return List.of();
        }
    }

    /**
     * Makes it.
     *
     * @param staleAfter how long a source may be away until what it told is stale
     */
    public Overview(Views views, Duration staleAfter, InstantSource clock) {
        this.views = views;
        this.staleAfter = staleAfter;
        this.clock = clock;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "overview");
            made.setDaemon(true);
            return made;
        });
    }

    /** Starts to look. */
    @SuppressWarnings("FutureReturnValueIgnored") // A beat tells its failures itself.
    public void start(Reader source) {
        readFrom(source);
        thread.scheduleWithFixedDelay(this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    void readFrom(Reader source) {
        reader = source;
    }

    @Override
    public void marked(String flow, Set<ServiceKey> keys) {
        mark(keys);
    }

    @Override
    public void passed(PassReport<? extends Item> report) {
        mark(report.reasons().keySet());
    }

    private void mark(Set<ServiceKey> keys) {
        synchronized (marked) {
            marked.addAll(keys);
        }
    }

    private Set<ServiceKey> take() {
        synchronized (marked) {
            Set<ServiceKey> taken = Set.copyOf(marked);
            marked.clear();
            return taken;
        }
    }

    private void beat() {
        try {
            step();
        } catch (RuntimeException | Error e) {
            Fatal.endOn(e);
            // An exception would end the schedule.
            LOG.error("The overview can't look at what time changes; it is tried again", e);
        }
    }

    /** One beat: views what was marked, and from time to time what time alone may have changed. */
    void step() {
        if (beats++ % LOOK_AFTER == 0) {
            lookAtTime();
        }
        Set<ServiceKey> keys = take();
        if (keys.isEmpty()) {
            return;
        }
        try {
            view(keys);
        } catch (RuntimeException e) {
            // One service must not keep the others from being seen.
            keys.forEach(this::viewAlone);
        }
    }

    private void viewAlone(ServiceKey key) {
        try {
            view(Set.of(key));
        } catch (RuntimeException e) {
            LOG.errorf(e, "Service %s can't be viewed; it is tried again in a second", key);
            failed.add(key);
        }
    }

    private void lookAtTime() {
        mark(failed);
        failed.clear();
        Instant instant = clock.instant();
        Set<String> now = reader.parts().stream()
                .filter(part -> !part.up() && part.ageSeconds() >= staleAfter.toMillis() / 1000.0)
                .map(Source.Part::name)
                .collect(Collectors.toSet());
        now.addAll(silent(instant));
        if (!now.equals(away)) {
            away = now;
            mark(rows.keySet());
        }
        rows.forEach(
                (key, row) -> row.reviewAt().filter(at -> !at.isAfter(instant)).ifPresent(at -> mark(Set.of(key))));
    }

    /** What a target holds is known from what it last answered, as what a source tells is. */
    private Set<String> silent(Instant instant) {
        Set<String> flows = reader.unanswered();
        silentSince.keySet().retainAll(flows);
        flows.forEach(flow -> silentSince.putIfAbsent(flow, instant));
        return silentSince.entrySet().stream()
                .filter(flow -> !flow.getValue().plus(staleAfter).isAfter(instant))
                .map(flow -> Seen.targetOf(flow.getKey()))
                .collect(Collectors.toSet());
    }

    private void view(Set<ServiceKey> keys) {
        Instant now = clock.instant();
        Set<ServiceKey> changed = new HashSet<>();
        reader.read(keys).forEach((key, seen) -> {
            Row before = rows.get(key);
            if (!seen.bridged()) {
                if (rows.remove(key) != null) {
                    changed.add(key);
                }
                return;
            }
            History history = before == null ? Views.first(now) : before.history();
            Views.Viewed viewed = views.of(seen, history, away, now);
            ServiceView view = viewed.detail().view();
            rows.put(key, new Row(view, viewed.history(), viewed.reviewAt()));
            if (before == null || !before.view().equals(view)) {
                changed.add(key);
            }
        });
        if (!changed.isEmpty()) {
            versions.add(changed);
            listeners.forEach(Runnable::run);
        }
    }

    /** All bridged services, by key. */
    public List<ServiceView> services() {
        return rows.values().stream().map(Row::view).toList();
    }

    /** One bridged service at a glance. */
    public Optional<ServiceView> service(ServiceKey key) {
        return Optional.ofNullable(rows.get(key)).map(Row::view);
    }

    /** One service in detail, as it is now, be it bridged or not; empty if there is none of this name. */
    public Optional<ServiceDetail> detail(ServiceKey key) {
        if (reader == null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Seen seen = reader.read(Set.of(key)).get(key);
        if (seen == null || !seen.known()) {
            return Optional.empty();
        }
        Row row = rows.get(key);
        return Optional.of(views.of(seen, row == null ? Views.first(now) : row.history(), away, now)
                .detail()
                .with(reader.decisions(seen), Outline.of(seen)));
    }

    /** The sources, and the targets, that are away for so long that what they told is stale. */
    public Set<String> away() {
        return away;
    }

    /** Grows with each change. */
    public long version() {
        return versions.version();
    }

    /** What changed since a version; a negative one stands for nothing known. */
    public Delta since(long version) {
        long reached = versions.version();
        Optional<Set<ServiceKey>> keys = versions.since(version);
        if (keys.isEmpty()) {
            return new Delta(reached, true, services(), List.of());
        }
        Map<ServiceKey, ServiceView> changed = new TreeMap<>();
        List<ServiceKey> removed = new ArrayList<>();
        for (ServiceKey key : keys.get()) {
            service(key).ifPresentOrElse(view -> changed.put(key, view), () -> removed.add(key));
        }
        return new Delta(reached, false, List.copyOf(changed.values()), removed);
    }

    /** Runs something after each change, on the overview's thread: must be quick. */
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("The overview's last look goes on.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
