package bridge.bailey.probe;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;

/** One probe under way: ends once, by its verdict or by its time-out, and its connection with it. */
final class Attempt {

    private final Vertx vertx;
    private final Duration timeout;
    private final Promise<Outcome> outcome = Promise.promise();
    private final long timer;
    private Runnable close = () -> {};
    private boolean ended;

    Attempt(Vertx vertx, Duration timeout) {
        this.vertx = vertx;
        this.timeout = timeout;
        this.timer = vertx.setTimer(Math.max(1, timeout.toMillis()), ignored -> end(Failures.timedOut(timeout)));
    }

    Future<Outcome> outcome() {
        return outcome.future();
    }

    /** How the connection is closed, which is done at once if the probe has ended. */
    void connected(Runnable howToClose) {
        if (ended) {
            howToClose.run();
        } else {
            close = howToClose;
        }
    }

    void passed() {
        end(Outcome.PASSED);
    }

    void failed(ProbeResult result, String reason) {
        end(new Outcome(result, reason));
    }

    void failed(Throwable failure) {
        end(Failures.outcome(failure, timeout));
    }

    private void end(Outcome found) {
        if (ended) {
            return;
        }
        ended = true;
        vertx.cancelTimer(timer);
        close.run();
        outcome.complete(found);
    }
}
