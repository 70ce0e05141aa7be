package bridge.bailey.web.events;

import bridge.bailey.cli.Daemon;
import bridge.bailey.overview.Delta;
import bridge.bailey.web.HealthJson;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Serves {@code /api/events}. It is a route of Vert.x, since only there one sees whether a client reads what it is sent. The
 * streams are made with the first request: commands that serve nothing need none.
 */
@Singleton
public class EventsRoute {

    private final Instance<Daemon> daemon;
    private final ObjectMapper json;
    private EventStreams streams;

    @Inject
    EventsRoute(Instance<Daemon> daemon, ObjectMapper json) {
        this.daemon = daemon;
        this.json = json;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Whether an answer arrives is the client's concern.
    void add(@Observes Router router) {
        router.head("/api/events").handler(context -> context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .end());
        router.get("/api/events").handler(context -> streams().open(context.request()));
    }

    private synchronized EventStreams streams() {
        if (streams == null) {
            streams = make(daemon.get());
        }
        return streams;
    }

    private EventStreams make(Daemon of) {
        EventStreams made = new EventStreams(
                        feed(of),
                        new EventText(json, new EventIds(of.startedAt())),
                        EventStreams.Limits.DEFAULT,
                        InstantSource.system(),
                        of.metrics()::eventStreams)
                .start();
        of.overview().listen(made::wake);
        of.beforeStop(made::close);
        return made;
    }

    private static Feed feed(Daemon of) {
        return new Feed() {
            @Override
            public long version() {
                return of.overview().version();
            }

            @Override
            public Delta since(long version) {
                return of.overview().since(version);
            }

            @Override
            public HealthJson health(Instant now) {
                return HealthJson.of(of, now);
            }
        };
    }
}
