package bridge.bailey.target;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** What was written since the last reading began: the reading may be older than that. For any thread. */
final class Touched {

    private final Set<String> since = new HashSet<>();
    private final Set<String> inFlight = new HashSet<>();

    synchronized void readingBegins() {
        since.clear();
        since.addAll(inFlight);
    }

    synchronized void writing(Collection<String> ids) {
        inFlight.addAll(ids);
        since.addAll(ids);
    }

    synchronized void written() {
        inFlight.clear();
    }

    synchronized boolean isInFlight(String id) {
        return inFlight.contains(id);
    }

    synchronized Set<String> since() {
        return Set.copyOf(since);
    }
}
