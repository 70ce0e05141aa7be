package bridge.bailey.target;

import bridge.bailey.target.Transactions.Done;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for a batch. */
final class Futures {

    private Futures() {}

    static List<Done> await(Future<List<Done>> future, List<Unit> batch) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    // The transaction in flight is finished even while we stop; its time-out bounds the wait.
                    interrupted = true;
                } catch (ExecutionException e) {
                    return batch.stream()
                            .map(unit -> Done.failed(unit, Outcome.Kind.UNAVAILABLE, String.valueOf(e.getCause())))
                            .toList();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
