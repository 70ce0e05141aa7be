package bridge.bailey.it;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Looks again and again, on a thread of its own, and keeps the first complaint. */
final class Watcher implements AutoCloseable {

    private final Runnable look;
    private final AtomicReference<Throwable> complaint = new AtomicReference<>();
    private final Thread thread = new Thread(this::run, "watcher");
    private volatile boolean ended;

    Watcher(Runnable look) {
        this.look = look;
        thread.start();
    }

    private void run() {
        while (!ended && complaint.get() == null) {
            try {
                look.run();
            } catch (RuntimeException | Error e) {
                complaint.set(e);
            }
        }
    }

    /** Fails if any look so far found something amiss. */
    void assertAllWasWell() {
        Optional.ofNullable(complaint.get()).ifPresent(first -> {
            throw new AssertionError("meanwhile: " + first.getMessage(), first);
        });
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
