package bridge.bailey.target;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Waits for what other threads write. */
final class Futures {

    private Futures() {}

    /**
     * Waits.
     *
     * @param failed makes the results of a future that failed from the reason
     */
    static <V> List<V> await(Future<List<V>> future, Function<String, List<V>> failed) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    // The request in flight is finished even while we stop; its time-out bounds the wait.
                    interrupted = true;
                } catch (ExecutionException e) {
                    return failed.apply(String.valueOf(e.getCause()));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
