package bridge.bailey.probe;

import bridge.bailey.model.OpenConnections;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.probe.PageReader.Found;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Reads all pages from one event loop, again and again, a few at once. How many connections are open matters to people who
 * decide on the cutover, not to a pass, so nobody is told of a change.
 *
 * <p>A reading counts for {@link #FRESH}: a page that fails once says nothing about the connections, one that fails for long
 * means that they are not known.
 */
public final class PolledConnections implements Connections {

    static final Duration INTERVAL = Duration.ofSeconds(15);

    static final Duration FRESH = INTERVAL.multipliedBy(3);

    /** Of one page. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** The first readings are spread over this. */
    private static final long SPREAD = TimeUnit.SECONDS.toNanos(2);

    static final int MOST_AT_ONCE = 8;

    private final EventLoop loop;
    private final PageReader reader;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final ProbeObserver observer;

    /** What is known, for any thread; a service without pages is absent. */
    private final Map<ServiceKey, Map<Page, Known>> known = new ConcurrentHashMap<>();

    // Of the event loop.
    private final Map<ServiceKey, Map<Page, Turn>> turns = new HashMap<>();
    private final Queue<Turn> due = new ArrayDeque<>();
    private int reading;
    private boolean closed;

    /** The last good reading of a page, and why the last try failed, or "". */
    private record Known(OptionalDouble open, Optional<Instant> at, String error) {
        static final Known NOTHING = new Known(OptionalDouble.empty(), Optional.empty(), "");

        Known after(Found found, Instant now) {
            return found.open().isPresent()
                    ? new Known(found.open(), Optional.of(now), "")
                    : new Known(open, at, found.error());
        }

        OpenConnections at(Instant now) {
            boolean fresh = at.filter(read -> !now.isAfter(read.plus(FRESH))).isPresent();
            if (fresh) {
                return new OpenConnections(open, at, "");
            }
            String why = at.isPresent() ? "not read any more" : OpenConnections.NONE.error();
            return new OpenConnections(OptionalDouble.empty(), at, error.isEmpty() ? why : error);
        }
    }

    /** One page's turns; it is abandoned when nobody watches it any more. */
    private static final class Turn {
        private final ServiceKey key;
        private final Page page;
        private Optional<Long> timer = Optional.empty();
        private boolean isReading;
        private boolean abandoned;

        Turn(ServiceKey key, Page page) {
            this.key = key;
            this.page = page;
        }
    }

    /**
     * Reads nothing yet.
     *
     * @param random spreads the readings
     * @param observer is told what the fresh readings of a service come to, on the event loop
     */
    public PolledConnections(Vertx vertx, RandomGenerator random, InstantSource clock, ProbeObserver observer) {
        this(VertxLoop.of(vertx), new HttpPages(vertx, TIMEOUT), random, clock, observer);
    }

    PolledConnections(
            EventLoop loop, PageReader reader, RandomGenerator random, InstantSource clock, ProbeObserver observer) {
        this.loop = loop;
        this.reader = reader;
        this.random = random;
        this.clock = clock;
        this.observer = observer;
    }

    @Override
    public void watch(ServiceKey key, Set<Page> pages) {
        Set<Page> wanted = Set.copyOf(pages);
        loop.execute(() -> {
            if (!closed && (turns.containsKey(key) || !wanted.isEmpty())) {
                replace(key, wanted);
            }
        });
    }

    @Override
    public Map<String, OpenConnections> of(ServiceKey key) {
        Instant now = clock.instant();
        Map<String, OpenConnections> all = new HashMap<>();
        known.getOrDefault(key, Map.of()).forEach((page, last) -> all.put(page.address(), last.at(now)));
        return Map.copyOf(all);
    }

    @Override
    public void close() {
        loop.execute(() -> {
            closed = true;
            turns.values().forEach(all -> all.values().forEach(this::abandon));
            reader.close();
        });
    }

    private void replace(ServiceKey key, Set<Page> pages) {
        Map<Page, Turn> ofService = turns.computeIfAbsent(key, k -> new HashMap<>());
        Map<Page, Known> published = known.computeIfAbsent(key, k -> new ConcurrentHashMap<>());
        ofService.values().removeIf(turn -> {
            boolean gone = !pages.contains(turn.page);
            if (gone) {
                abandon(turn);
                published.remove(turn.page);
            }
            return gone;
        });
        for (Page page : pages) {
            if (!ofService.containsKey(page)) {
                Turn turn = new Turn(key, page);
                ofService.put(page, turn);
                published.put(page, Known.NOTHING);
                wait(turn, random.nextLong(SPREAD));
            }
        }
        if (pages.isEmpty()) {
            turns.remove(key);
            known.remove(key);
        }
        tell(key);
        proceed();
    }

    private void abandon(Turn turn) {
        turn.abandoned = true;
        turn.timer.ifPresent(loop::cancel);
        if (turn.isReading) {
            reading--;
        }
    }

    private void wait(Turn turn, long nanos) {
        turn.timer = Optional.of(loop.after(nanos, () -> {
            turn.timer = Optional.empty();
            due.add(turn);
            proceed();
        }));
    }

    private void proceed() {
        while (!closed && reading < MOST_AT_ONCE && !due.isEmpty()) {
            Turn turn = due.remove();
            if (!turn.abandoned) {
                reading++;
                turn.isReading = true;
                reader.read(turn.page).onSuccess(found -> finished(turn, found));
            }
        }
    }

    private void finished(Turn turn, Found found) {
        if (turn.abandoned) {
            return;
        }
        reading--;
        turn.isReading = false;
        known.get(turn.key).computeIfPresent(turn.page, (page, last) -> last.after(found, clock.instant()));
        wait(turn, nextIn());
        tell(turn.key);
        proceed();
    }

    /** A tenth more or less, so that pages that came together do not stay together. */
    private long nextIn() {
        long interval = INTERVAL.toNanos();
        return interval - interval / 10 + random.nextLong(interval / 5);
    }

    private void tell(ServiceKey key) {
        double[] fresh = of(key).values().stream()
                .flatMapToDouble(connections -> connections.open().stream())
                .toArray();
        double sum = 0;
        for (double open : fresh) {
            sum += open;
        }
        observer.connections(key, fresh.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum));
    }
}
