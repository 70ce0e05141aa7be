package bridge.bailey.web.events;

import bridge.bailey.model.ServiceKey;
import bridge.bailey.overview.Delta;
import bridge.bailey.web.HealthJson;
import bridge.bailey.web.ServiceJson;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;

/** Writes events as the HTML standard has them. */
final class EventText {

    /** The browser tries again after so many milliseconds. */
    static final Buffer HELLO = Buffer.buffer("retry: 2000\n\n");

    private final ObjectMapper json;
    private final EventIds ids;

    /** Services that changed, in the form of {@code /api/services}. */
    record Services(Instant takenAt, boolean reset, List<ServiceJson.Summary> changed, List<ServiceKey> removed) {}

    /** The stream is alive, and what was told until now still holds. */
    record Heartbeat(Instant takenAt) {}

    EventText(ObjectMapper json, EventIds ids) {
        this.json = json;
        this.ids = ids;
    }

    /** The version that a client has. */
    long version(String id) {
        return ids.version(id);
    }

    Buffer services(Delta delta, Instant now) {
        List<ServiceJson.Summary> changed = delta.changed().stream()
                .map(view -> ServiceJson.summary(view, now))
                .toList();
        return Buffer.buffer("event: services\nid: " + ids.id(delta.version()) + "\ndata: ")
                .appendBytes(bytes(new Services(now, delta.reset(), changed, delta.removed())))
                .appendString("\n\n");
    }

    Buffer bridge(HealthJson health) {
        return Buffer.buffer("event: bridge\ndata: ").appendBytes(bytes(health)).appendString("\n\n");
    }

    /** An event, since a page can't see a comment, and a dead connection may look open for hours. */
    Buffer heartbeat(Instant now) {
        return Buffer.buffer(":\nevent: heartbeat\ndata: ")
                .appendBytes(bytes(new Heartbeat(now)))
                .appendString("\n\n");
    }

    private byte[] bytes(Object value) {
        try {
            return json.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
