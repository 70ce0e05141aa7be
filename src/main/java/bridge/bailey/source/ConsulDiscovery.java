package bridge.bailey.source;

import bridge.bailey.consul.Backoff;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.model.Answer;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Services that legacy agents registered in Consul, with the health that Consul knows. Each query has a thread that waits in
 * a blocking query on its one service, so it learns of a change at once, and costs nothing while there is none.
 *
 * <p>Consul allows a client 200 connections, of which the rest of Bailey needs a few: beyond {@link #MOST_BLOCKING} queries
 * at a time the others are asked every {@code pause} instead.
 */
public final class ConsulDiscovery implements Discovery<ConsulQuery, ConsulInstance> {

    static final int MOST_BLOCKING = 100;

    /**
     * How queries are timed.
     *
     * @param hold for how long Consul may hold a query while nothing changes
     * @param pause between two queries that are not blocking
     * @param atLeast between two answers, against a service that changes all the time
     */
    public record Timing(Duration hold, Duration pause, Duration atLeast) {
        /** For a real Consul. */
        public static final Timing DEFAULT =
                new Timing(Duration.ofSeconds(60), Duration.ofSeconds(5), Duration.ofMillis(100));
    }

    private final ConsulHttp consul;
    private final Timing timing;
    private final Backoff backoff;
    private final InstantSource clock;
    private final Listener<ConsulQuery> listener;
    private final Semaphore blocking;
    private final Map<ConsulQuery, ConsulPoll> polls = new ConcurrentHashMap<>();
    private boolean closed;

    /**
     * Makes a discovery that asks nothing yet.
     *
     * @param consul stays open when this is closed
     * @param backoff after failures; its randomness must be fit for several threads
     */
    public ConsulDiscovery(
            ConsulHttp consul, Timing timing, Backoff backoff, InstantSource clock, Listener<ConsulQuery> listener) {
        this(consul, timing, backoff, clock, listener, MOST_BLOCKING);
    }

    ConsulDiscovery(
            ConsulHttp consul,
            Timing timing,
            Backoff backoff,
            InstantSource clock,
            Listener<ConsulQuery> listener,
            int mostBlocking) {
        this.consul = consul;
        this.timing = timing;
        this.backoff = backoff;
        this.clock = clock;
        this.listener = listener;
        this.blocking = new Semaphore(mostBlocking);
    }

    @Override
    public synchronized void ask(Set<ConsulQuery> queries) {
        if (closed) {
            return;
        }
        Map<ConsulQuery, ConsulPoll> dropped = new HashMap<>(polls);
        dropped.keySet().removeAll(queries);
        dropped.forEach((query, poll) -> {
            polls.remove(query);
            poll.close();
        });
        queries.stream().filter(query -> !polls.containsKey(query)).forEach(this::start);
    }

    private void start(ConsulQuery query) {
        ConsulPoll poll = new ConsulPoll(consul, query, timing, backoff, blocking, clock, listener);
        // The listener may ask for the answer at once.
        polls.put(query, poll);
        Thread thread = new Thread(poll, "consul-query-" + query.service());
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public Answer<ConsulInstance> answer(ConsulQuery query) {
        return Optional.ofNullable(polls.get(query))
                .map(ConsulPoll::answer)
                .orElseGet(() -> Answer.none(query.origin()));
    }

    @Override
    public synchronized void close() {
        closed = true;
        polls.values().forEach(ConsulPoll::close);
        polls.clear();
    }
}
