package bridge.bailey.web.events;

import bridge.bailey.process.Fatal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;

/**
 * Tells all clients what changed since what each of them has. Nothing is queued for a client beyond its connection's own
 * buffer: while that is full it is sent nothing, and then one event with all that it missed. So a slow client costs less,
 * not more, than a fast one. An event is written once for all who are at the same version.
 */
public final class EventStreams implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(EventStreams.class);

    private final Feed feed;
    private final EventText text;
    private final Limits limits;
    private final InstantSource clock;
    private final IntConsumer gauge;
    private final ScheduledThreadPoolExecutor thread;
    private final Set<EventStream> streams = new LinkedHashSet<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicBoolean waiting = new AtomicBoolean();
    private volatile long lastPush = System.nanoTime() - TimeUnit.DAYS.toNanos(1);
    private List<Object> bridge = List.of();
    private long bridgeVersion;
    private Buffer bridgeEvent = Buffer.buffer();

    /**
     * How much, and how often.
     *
     * @param streams how many may be open
     * @param pace the least time between two events about services
     * @param look how often the state of the bridge is looked at
     * @param heartbeat how often a stream shows that it is alive
     * @param patience after so many heartbeats in a row that a client did not take, it is given up
     */
    public record Limits(int streams, Duration pace, Duration look, Duration heartbeat, int patience) {

        public static final Limits DEFAULT =
                new Limits(200, Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(15), 4);
    }

    /** Makes it; the first client wakes it. */
    EventStreams(Feed feed, EventText text, Limits limits, InstantSource clock, IntConsumer gauge) {
        this.feed = feed;
        this.text = text;
        this.limits = limits;
        this.clock = clock;
        this.gauge = gauge;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "events");
            made.setDaemon(true);
            return made;
        });
        thread.setRemoveOnCancelPolicy(true);
    }

    /** Begins to look at the bridge and to send heartbeats; both cost nothing while nobody listens. */
    @SuppressWarnings("FutureReturnValueIgnored") // Both tell their failures themselves.
    EventStreams start() {
        long look = limits.look().toMillis();
        long heartbeat = limits.heartbeat().toMillis();
        thread.scheduleWithFixedDelay(safely(this::lookAtBridge), look, look, TimeUnit.MILLISECONDS);
        thread.scheduleWithFixedDelay(safely(this::beat), heartbeat, heartbeat, TimeUnit.MILLISECONDS);
        return this;
    }

    /** Opens a stream, or refuses it. */
    void open(HttpServerRequest request) {
        if (open.incrementAndGet() > limits.streams() || thread.isShutdown()) {
            open.decrementAndGet();
            refuse(request.response());
            return;
        }
        String last = request.getHeader("Last-Event-ID");
        EventStream stream = new EventStream(request, text.version(last == null ? request.getParam("since") : last));
        HttpServerResponse response = request.response()
                .setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Accel-Buffering", "no");
        AtomicBoolean ended = new AtomicBoolean();
        Runnable end = () -> {
            if (ended.compareAndSet(false, true)) {
                gauge.accept(open.decrementAndGet());
                submit(() -> streams.remove(stream));
            }
        };
        response.closeHandler(closed -> end.run());
        response.endHandler(done -> end.run());
        response.exceptionHandler(failure -> end.run());
        response.drainHandler(drained -> wake());
        gauge.accept(open.get());
        submit(() -> begin(stream));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Whether a refusal arrives is the client's concern.
    private void refuse(HttpServerResponse response) {
        response.setStatusCode(503)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader("Retry-After", "10")
                .end("{\"error\":\"" + limits.streams() + " event streams are open, and no more are served\"}");
    }

    private void begin(EventStream stream) {
        streams.add(stream);
        stream.send(EventText.HELLO);
        push(Set.of(stream));
        lookAtBridge();
    }

    /** Something changed: tells it as soon as the pace allows; for any thread. */
    @SuppressWarnings("FutureReturnValueIgnored") // A push tells its failures itself.
    void wake() {
        if (waiting.compareAndSet(false, true)) {
            long next = lastPush + limits.pace().toNanos() - System.nanoTime();
            try {
                thread.schedule(
                        safely(() -> {
                            waiting.set(false);
                            lastPush = System.nanoTime();
                            push(streams);
                        }),
                        Math.max(0, next),
                        TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("Nobody is told any more: Bailey stops.");
            }
        }
    }

    private record Sent(Buffer event, long reached) {}

    private void push(Set<EventStream> to) {
        long current = feed.version();
        Instant now = clock.instant();
        Map<Long, Sent> byVersion = new HashMap<>();
        for (EventStream stream : to) {
            if (stream.lacks(current) && stream.takesMore()) {
                Sent sent = byVersion.computeIfAbsent(stream.version(), version -> since(version, now));
                stream.sendServices(sent.event(), sent.reached());
            }
            tellBridge(stream);
        }
    }

    private Sent since(long version, Instant now) {
        var delta = feed.since(version);
        return new Sent(text.services(delta, now), delta.version());
    }

    private void lookAtBridge() {
        if (streams.isEmpty()) {
            return;
        }
        var health = feed.health(clock.instant());
        List<Object> found = List.of(health.status(), health.bridge(), health.services());
        if (!found.equals(bridge)) {
            bridge = found;
            bridgeVersion++;
        }
        bridgeEvent = text.bridge(health);
        streams.forEach(this::tellBridge);
    }

    private void tellBridge(EventStream stream) {
        if (stream.lacksBridge(bridgeVersion) && stream.takesMore()) {
            stream.sendBridge(bridgeEvent, bridgeVersion);
        }
    }

    private void beat() {
        if (streams.isEmpty()) {
            return;
        }
        Buffer event = text.heartbeat(clock.instant());
        streams.stream()
                .filter(stream -> stream.beat(event) >= limits.patience())
                .toList()
                .forEach(EventStream::end);
    }

    private void submit(Runnable task) {
        try {
            thread.execute(safely(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("A stream ends as Bailey does.");
        }
    }

    /** An exception would end the schedule. */
    private static Runnable safely(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                Fatal.endOn(e);
                LOG.error("Clients of /api/events can't be told what changed; it is tried again with the next", e);
            }
        };
    }

    /** Ends all streams. */
    @Override
    public void close() {
        submit(() -> List.copyOf(streams).forEach(EventStream::end));
        thread.shutdown();
    }
}
