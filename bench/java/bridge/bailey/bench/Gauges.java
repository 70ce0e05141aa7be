package bridge.bailey.bench;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at Bailey's gauges twice a second, and keeps the highest values. */
final class Gauges implements AutoCloseable {

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private volatile double waiting;
    private volatile double heap;

    @SuppressWarnings("FutureReturnValueIgnored") // A look that failed is one less.
    Gauges(BaileyProcess bailey) {
        thread.scheduleAtFixedRate(() -> look(bailey), 0, 500, TimeUnit.MILLISECONDS);
    }

    private void look(BaileyProcess bailey) {
        Scrape scrape = bailey.metrics();
        waiting = Math.max(waiting, scrape.sum("bailey_waiting_services", ""));
        heap = Math.max(heap, scrape.sum("jvm_memory_bytes_used", "area=\"heap\"") / (1 << 20));
    }

    /** The most services that waited at once. */
    double waiting() {
        return waiting;
    }

    /** The most heap that was in use, in MiB; what is garbage counts too. */
    double heap() {
        return heap;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
