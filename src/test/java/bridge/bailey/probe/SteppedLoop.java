package bridge.bailey.probe;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/** An event loop whose time stands still until the test moves it. */
final class SteppedLoop implements EventLoop {

    private record Timer(long id, Runnable task) {}

    private final TreeMap<Long, Deque<Timer>> timers = new TreeMap<>();
    private long now;
    private long ids;

    /** Since the beginning. */
    long nanos() {
        return now;
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public long after(long nanos, Runnable task) {
        timers.computeIfAbsent(now + nanos, at -> new ArrayDeque<>()).add(new Timer(++ids, task));
        return ids;
    }

    @Override
    public void cancel(long timer) {
        timers.values().forEach(all -> all.removeIf(one -> one.id() == timer));
    }

    /** Runs what comes due, each at its time. */
    void pass(Duration duration) {
        long end = now + duration.toNanos();
        while (!timers.isEmpty() && timers.firstKey() <= end) {
            Map.Entry<Long, Deque<Timer>> first = timers.pollFirstEntry();
            now = first.getKey();
            first.getValue().forEach(timer -> timer.task().run());
        }
        now = end;
    }
}
