package bridge.bailey.probe;

import bridge.bailey.model.OpenConnections;
import bridge.bailey.model.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Goes on asking machines that are no longer declared: those that were taken out of rotation are the ones whose connections
 * matter. A machine is let go once it has been out for a while, unless it still tells of open connections.
 */
public final class LingeringConnections implements Connections {

    private final Connections asked;
    private final Duration linger;
    private final InstantSource clock;
    private final Map<ServiceKey, Set<Page>> declared = new HashMap<>();
    private final Map<ServiceKey, Map<Page, Instant>> left = new HashMap<>();

    /**
     * Makes it.
     *
     * @param asked does the asking, and is closed with it
     * @param linger how long a machine that left is asked at least
     */
    public LingeringConnections(Connections asked, Duration linger, InstantSource clock) {
        this.asked = asked;
        this.linger = linger;
        this.clock = clock;
    }

    @Override
    public synchronized void watch(ServiceKey key, Set<Page> pages) {
        Set<Page> before = declared.getOrDefault(key, Set.of());
        Map<Page, Instant> gone = left.computeIfAbsent(key, k -> new HashMap<>());
        before.stream().filter(page -> !pages.contains(page)).forEach(page -> gone.put(page, clock.instant()));
        // A machine that is back, or whose page has moved, is asked as it is declared.
        gone.keySet()
                .removeIf(page -> pages.stream().anyMatch(now -> now.address().equals(page.address())));
        if (gone.isEmpty()) {
            left.remove(key);
        }
        if (pages.isEmpty()) {
            declared.remove(key);
        } else {
            declared.put(key, Set.copyOf(pages));
        }
        ask(key);
    }

    private void ask(ServiceKey key) {
        Set<Page> all = new HashSet<>(declared.getOrDefault(key, Set.of()));
        all.addAll(left.getOrDefault(key, Map.of()).keySet());
        asked.watch(key, all);
    }

    @Override
    public Map<String, OpenConnections> of(ServiceKey key) {
        return asked.of(key);
    }

    @Override
    public synchronized void tend() {
        Set.copyOf(left.keySet()).forEach(key -> letGo(key, asked.of(key)));
    }

    private void letGo(ServiceKey key, Map<String, OpenConnections> readings) {
        Map<Page, Instant> gone = left.get(key);
        Instant now = clock.instant();
        boolean some = gone.entrySet()
                .removeIf(entry -> !now.isBefore(entry.getValue().plus(linger))
                        && !isOpen(
                                Optional.ofNullable(readings.get(entry.getKey().address()))));
        if (gone.isEmpty()) {
            left.remove(key);
        }
        if (some) {
            ask(key);
        }
    }

    private static boolean isOpen(Optional<OpenConnections> reading) {
        OptionalDouble open = reading.map(OpenConnections::open).orElse(OptionalDouble.empty());
        return open.isPresent() && open.getAsDouble() > 0;
    }

    @Override
    public void close() {
        asked.close();
    }
}
