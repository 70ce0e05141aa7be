package bridge.bailey.web.events;

import static bridge.bailey.web.SampleServices.healthy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.model.ServiceKey;
import bridge.bailey.view.Status;
import bridge.bailey.web.SampleServices;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events over real sockets. */
class EventStreamsTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

    /** Small, or the kernel would take megabytes for a client that does not read. */
    private static final int SEND_BUFFER = 8192;

    private static final Instant STARTED = Instant.ofEpochMilli(1_000);

    private static final Duration PACE = Duration.ofMillis(100);

    /** Quick, so that a test need not wait; a pace that still can be told from none. */
    private static final EventStreams.Limits LIMITS =
            new EventStreams.Limits(3, PACE, Duration.ofMillis(20), Duration.ofMillis(200), Integer.MAX_VALUE);

    private final FakeFeed feed = new FakeFeed();
    private final AtomicInteger gauge = new AtomicInteger();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private EventStreams streams;
    private int port;

    private void serve(EventStreams.Limits limits) {
        streams = new EventStreams(
                        feed, new EventText(MAPPER, new EventIds(STARTED)), limits, InstantSource.system(), gauge::set)
                .start();
        HttpServer server = VERTX.createHttpServer(new HttpServerOptions().setSendBufferSize(SEND_BUFFER))
                .requestHandler(streams::open)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        port = server.actualPort();
        opened.add(streams);
        opened.add(
                () -> server.close().toCompletionStage().toCompletableFuture().join());
    }

    private Listener keep(Listener listener) {
        opened.add(0, listener);
        return listener;
    }

    private void change(String name) {
        feed.put(healthy("shop", name));
        streams.wake();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @AfterAll
    static void end() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void theFirstEventIsEverythingAndTheNextIsWhatChanged() throws IOException {
        feed.put(healthy("shop", "billing"));
        feed.put(healthy("shop", "users"));
        serve(LIMITS);

        Listener listener = keep(Listener.at(port));
        await().until(() -> listener.named("services").size() == 1);
        Listener.Event first = listener.named("services").get(0);
        assertThat(listener.head())
                .startsWith("HTTP/1.1 200 OK")
                .containsIgnoringCase("content-type: text/event-stream")
                .containsIgnoringCase("cache-control: no-store");
        assertThat(listener.all().get(0).name()).isEqualTo("retry: 2000");
        assertThat(first.id()).isEqualTo("1000-2");
        assertThat(first.json().get("reset").asBoolean()).isTrue();
        assertThat(first.json().at("/changed/0/name").asText()).isEqualTo("billing");
        assertThat(first.json().at("/changed/0/kubernetes/healthy").asInt()).isEqualTo(3);

        feed.remove(new ServiceKey("shop", "billing"));
        change("orders");
        await().until(() -> listener.named("services").size() == 2);
        JsonNode second = listener.named("services").get(1).json();
        assertThat(second.get("reset").asBoolean()).isFalse();
        assertThat(second.get("changed").findValuesAsText("name")).containsExactly("orders");
        assertThat(second.get("removed").toString()).isEqualTo("[{\"namespace\":\"shop\",\"name\":\"billing\"}]");
    }

    @Test
    void whoComesBackIsToldWhatItMissed() throws IOException {
        feed.put(healthy("shop", "billing"));
        feed.put(healthy("shop", "users"));
        serve(LIMITS);

        Listener byHeader = keep(Listener.after(port, "1000-1"));
        Listener byPage = keep(Listener.since(port, "1000-2"));
        await().until(() ->
                byHeader.named("services").size() + byPage.named("services").size() == 2);

        assertThat(byHeader.named("services").get(0).json().get("reset").asBoolean())
                .isFalse();
        assertThat(byHeader.changed()).containsExactly("users");
        assertThat(byPage.changed()).as("nothing is new, which is told too").isEmpty();
    }

    @Test
    void anIdOfAnotherProcessOrOfNoneMeansEverythingAnew() throws IOException {
        feed.put(healthy("shop", "billing"));
        serve(LIMITS);

        for (String id : List.of("999-1", "1000-7", "1000-", "\"><script>", "99999999999999999999-1")) {
            try (Listener listener = Listener.after(port, id)) {
                await().until(() -> listener.named("services").size() == 1);
                assertThat(listener.named("services").get(0).json().get("reset").asBoolean())
                        .as(id)
                        .isTrue();
            }
            await().until(() -> gauge.get() == 0);
        }
    }

    @Test
    void aThousandChangesInABurstAreFewEventsAndNoneIsLost() throws IOException {
        serve(LIMITS);
        Listener listener = keep(Listener.at(port));
        await().until(() -> listener.named("services").size() == 1);

        long began = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            change("service-" + i);
        }

        await().until(() -> new HashSet<>(listener.changed()).size() == 1_000);
        long most = 2 + (System.nanoTime() - began) / PACE.toNanos();
        assertThat((long) listener.named("services").size())
                .as("at most ten in a second, beside the first")
                .isLessThanOrEqualTo(most)
                .isLessThan(1_000);
    }

    @Test
    void whoIsAtTheSameVersionGetsTheSameEvent() throws IOException {
        serve(LIMITS);
        List<Listener> listeners = List.of(keep(Listener.at(port)), keep(Listener.at(port)), keep(Listener.at(port)));
        await().until(() -> listeners.stream().allMatch(l -> l.named("services").size() == 1));
        int before = feed.asked().size();

        change("billing");

        await().until(() -> listeners.stream().allMatch(l -> l.changed().equals(List.of("billing"))));
        assertThat(feed.asked()).as("deltas made").hasSize(before + 1);
    }

    @Test
    void aClientThatDoesNotReadGetsOneLargeDeltaOnceItDoesAndHoldsUpNobody() throws IOException {
        SampleServices.many(2_000).forEach(feed::put);
        serve(LIMITS);
        Listener slow = keep(Listener.silent(port));
        Listener quick = keep(Listener.at(port));
        await().until(() -> quick.named("services").size() == 1 && gauge.get() == 2);

        Set<String> told = new HashSet<>();
        for (int round = 0; round < 30; round++) {
            String name = "round-" + round;
            told.add(name);
            change(name);
            await().until(() -> quick.changed().contains(name));
        }
        // 30 rounds were made for the quick one; the slow one's buffer was full all the time.
        assertThat(feed.asked()).hasSizeLessThan(2 + 30 + 3);

        slow.reading();
        await().until(() -> new HashSet<>(slow.changed()).containsAll(told));
        assertThat(slow.named("services")).as("events of the slow one").hasSizeLessThan(5);
        change("last");
        await().until(() -> slow.changed().contains("last"));
    }

    @Test
    void aClientThatTakesNoHeartbeatsIsGivenUp() throws IOException {
        SampleServices.many(5_000).forEach(feed::put);
        serve(new EventStreams.Limits(3, Duration.ofMillis(100), Duration.ofMillis(20), Duration.ofMillis(50), 4));
        keep(Listener.silent(port));
        await().until(() -> gauge.get() == 1);

        await().until(() -> gauge.get() == 0);
    }

    @Test
    void theBridgeIsToldWhenItChangesOnly() throws IOException {
        serve(LIMITS);
        Listener listener = keep(Listener.at(port));
        await().until(() -> listener.named("bridge").size() == 1);
        assertThat(listener.named("bridge").get(0).json().get("status").asText())
                .isEqualTo("UP");

        feed.bridge(Status.DEGRADED);

        await().until(() -> listener.named("bridge").size() == 2);
        assertThat(listener.named("bridge").get(1).json().at("/bridge/status").asText())
                .isEqualTo("DEGRADED");
        int beats = listener.named("heartbeat").size();
        await("two heartbeats, which is many looks")
                .until(() -> listener.named("heartbeat").size() >= beats + 2);
        assertThat(listener.named("bridge")).hasSize(2);
    }

    @Test
    void moreThanTheLimitAreRefusedUntilOneLeaves() throws IOException {
        serve(LIMITS);
        Listener first = keep(Listener.at(port));
        keep(Listener.at(port));
        keep(Listener.at(port));
        await().until(() -> gauge.get() == 3);

        Listener refused = keep(Listener.at(port));
        await().until(() -> !refused.head().isEmpty());
        assertThat(refused.head())
                .startsWith("HTTP/1.1 503")
                .containsIgnoringCase("content-type: application/json")
                .containsIgnoringCase("retry-after: 10");

        first.close();
        await().until(() -> gauge.get() == 2);
        Listener next = keep(Listener.at(port));
        await().until(() -> next.named("services").size() == 1);
    }

    @Test
    void streamsEndCleanlyWhenBaileyStops() throws IOException {
        serve(LIMITS);
        Listener listener = keep(Listener.at(port));
        await().until(() -> listener.named("services").size() == 1);

        streams.close();

        await().until(listener::ended);
        await().until(() -> gauge.get() == 0);
        Listener late = keep(Listener.at(port));
        await().until(() -> late.head().startsWith("HTTP/1.1 503"));
    }
}
