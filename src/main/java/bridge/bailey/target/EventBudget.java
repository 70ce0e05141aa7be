package bridge.bailey.target;

import bridge.bailey.model.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many Events an object may still get, as client-go's spam filter has it: 25 at once, and one more every 5 minutes. Of
 * the objects that got one, as many as client-go does are remembered, those of late.
 */
final class EventBudget {

    static final int BURST = 25;
    static final Duration ONE_MORE = Duration.ofMinutes(5);

    private static final int MOST_OBJECTS = 4096;

    private final InstantSource clock;
    private final Map<Finding.Subject, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Finding.Subject, Bucket> eldest) {
            return size() > MOST_OBJECTS;
        }
    };

    private record Bucket(double tokens, Instant at) {}

    EventBudget(InstantSource clock) {
        this.clock = clock;
    }

    /** Takes one of an object's Events, if there is one left. */
    synchronized boolean take(Finding.Subject subject) {
        Instant now = clock.instant();
        Bucket last = buckets.getOrDefault(subject, new Bucket(BURST, now));
        double grown = (double) Duration.between(last.at(), now).toMillis() / ONE_MORE.toMillis();
        double tokens = Math.min(BURST, last.tokens() + Math.max(0, grown));
        boolean one = tokens >= 1;
        buckets.put(subject, new Bucket(one ? tokens - 1 : tokens, now));
        return one;
    }
}
