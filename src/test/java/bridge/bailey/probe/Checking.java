package bridge.bailey.probe;

import static java.util.concurrent.TimeUnit.SECONDS;

import bridge.bailey.model.Health;
import bridge.bailey.model.Probe;
import bridge.bailey.model.ProbeTarget;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Performs single probes on an event loop, as the prober does, and waits for what they come to. */
final class Checking implements AutoCloseable {

    static final String HOST = "127.0.0.1";

    /** For probes that are not about time: long enough for a machine that is busy. */
    static final Duration PATIENT = Duration.ofSeconds(20);

    static final Duration SHORT = Duration.ofSeconds(1);

    final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final VertxChecks checks = new VertxChecks(vertx);

    /** What nobody handled, and Vert.x would log. */
    final Queue<Throwable> unhandled = new ConcurrentLinkedQueue<>();

    Checking() {
        loop.exceptionHandler(unhandled::add);
    }

    static Probe probe(Probe.Check check, Duration timeout) {
        return new Probe(check, Duration.ofSeconds(10), timeout, 2, 3, Health.UNHEALTHY);
    }

    Outcome run(int port, Probe.Check check) {
        return run(port, check, PATIENT);
    }

    Outcome run(int port, Probe.Check check, Duration timeout) {
        return run(new ProbeTarget(HOST, port), check, timeout);
    }

    Outcome run(ProbeTarget target, Probe.Check check, Duration timeout) {
        return await(start(target, probe(check, timeout)));
    }

    Future<Outcome> start(ProbeTarget target, Probe probe) {
        Promise<Outcome> outcome = Promise.promise();
        loop.runOnContext(ignored -> {
            checks.retain(probe);
            checks.run(target, probe).onComplete(found -> {
                checks.release(probe);
                outcome.handle(found);
            });
        });
        return outcome.future();
    }

    /** How many clients are open. */
    int clients() {
        Promise<Integer> count = Promise.promise();
        loop.runOnContext(ignored -> count.complete(checks.clients()));
        return await(count.future());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
