package bridge.bailey.flow;

import bridge.bailey.model.ServiceKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The service keys that changed and wait for a pass. A pass is due when nothing changed for a quiet time, or when the
 * first change has waited long enough. Bounded by the number of services: many changes of one are one entry. All times
 * are in nanoseconds of one monotonic clock.
 */
final class Agenda {

    private final long quiet;
    private final long maxWait;
    private final Map<ServiceKey, Long> pending = new HashMap<>();
    private long first;
    private long last;

    Agenda(long quiet, long maxWait) {
        this.quiet = quiet;
        this.maxWait = maxWait;
    }

    void mark(Collection<ServiceKey> keys, long now) {
        if (keys.isEmpty()) {
            return;
        }
        if (pending.isEmpty()) {
            first = now;
        }
        last = now;
        keys.forEach(key -> pending.putIfAbsent(key, now));
    }

    /** Since when something waits, if something does. */
    long first() {
        return first;
    }

    /** When the next pass is due; empty if nothing waits. */
    OptionalLong due() {
        return pending.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Math.min(last + quiet, first + maxWait));
    }

    /** Takes all that waits: each service key with the time of its first change. */
    Map<ServiceKey, Long> take() {
        Map<ServiceKey, Long> taken = Map.copyOf(pending);
        pending.clear();
        return taken;
    }

    /** Puts back what could not be done; the older time counts. */
    void giveBack(Map<ServiceKey, Long> taken, long now) {
        if (taken.isEmpty()) {
            return;
        }
        if (pending.isEmpty()) {
            first = now;
            last = now;
        }
        taken.forEach((key, time) -> pending.merge(key, time, Math::min));
    }

    int size() {
        return pending.size();
    }
}
