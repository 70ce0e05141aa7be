package bridge.bailey.overview;

import bridge.bailey.model.ServiceKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which service keys changed with which version. Remembers a bounded number of versions: whoever is further behind starts
 * anew.
 */
final class Versions {

    private static final int REMEMBERED = 1_000;

    private final Deque<Step> steps = new ArrayDeque<>();
    private long version;

    private record Step(long version, Set<ServiceKey> keys) {}

    /** The keys changed: a new version. */
    synchronized void add(Set<ServiceKey> keys) {
        version++;
        steps.addLast(new Step(version, Set.copyOf(keys)));
        if (steps.size() > REMEMBERED) {
            steps.removeFirst();
        }
    }

    synchronized long version() {
        return version;
    }

    /** The keys that changed after a version; empty if it is too old, or one that never was. */
    synchronized Optional<Set<ServiceKey>> since(long known) {
        if (known > version || known < version - steps.size()) {
            return Optional.empty();
        }
        Set<ServiceKey> keys = new HashSet<>();
        var newestFirst = steps.descendingIterator();
        while (newestFirst.hasNext()) {
            Step step = newestFirst.next();
            if (step.version() <= known) {
                break;
            }
            keys.addAll(step.keys());
        }
        return Optional.of(keys);
    }
}
