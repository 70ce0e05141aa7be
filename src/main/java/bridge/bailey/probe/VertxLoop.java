package bridge.bailey.probe;

import bridge.bailey.process.Fatal;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/** An event loop of Vert.x. */
record VertxLoop(Vertx vertx, Context context) implements EventLoop {

    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

    static VertxLoop of(Vertx vertx) {
        return new VertxLoop(vertx, vertx.getOrCreateContext());
    }

    @Override
    public void execute(Runnable task) {
        context.runOnContext(ignored -> run(task));
    }

    /** Vert.x counts in milliseconds, of which at least one. */
    @Override
    public long after(long nanos, Runnable task) {
        long millis = Math.max(1, (nanos + MILLISECOND - 1) / MILLISECOND);
        return vertx.setTimer(millis, ignored -> run(task));
    }

    /** Vert.x would log an error of the virtual machine, and go on. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Error e) {
            Fatal.endOn(e);
            throw e;
        }
    }

    @Override
    public void cancel(long timer) {
        vertx.cancelTimer(timer);
    }
}
