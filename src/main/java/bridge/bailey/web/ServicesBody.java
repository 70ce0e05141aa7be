package bridge.bailey.web;

import bridge.bailey.cli.Daemon;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;

/** All services as JSON. While nothing changes it is made at most once a second, however many ask. */
@Singleton
class ServicesBody {

    /** The durations in the texts of verdicts count in seconds. */
    private static final Duration LASTS = Duration.ofSeconds(1);

    private final Daemon daemon;
    private final ObjectMapper mapper;
    private long version = -1;
    private Instant takenAt = Instant.EPOCH;
    private byte[] bytes = new byte[0];

    @Inject
    ServicesBody(Daemon daemon, ObjectMapper mapper) {
        this.daemon = daemon;
        this.mapper = mapper;
    }

    /** The body; not to be changed. */
    synchronized byte[] bytes() {
        Instant now = Instant.now();
        long current = daemon.overview().version();
        if (current != version || !now.isBefore(takenAt.plus(LASTS))) {
            bytes = make(now);
            takenAt = now;
            version = current;
        }
        return bytes;
    }

    private byte[] make(Instant now) {
        try {
            return mapper.writeValueAsBytes(new ServiceJson.Services(
                    now,
                    daemon.overview().services().stream()
                            .map(view -> ServiceJson.summary(view, now))
                            .toList()));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
