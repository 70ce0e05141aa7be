package bridge.bailey.smoke;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Looks again at what fails, until a deploy has had its time: one time for all steps together. */
public final class Patience {

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final LongSupplier nanos;
    private final Pause pause;
    private final long end;

    /** How to wait. */
    @FunctionalInterface
    public interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    /**
     * Begins now.
     *
     * @param wait for how long what fails is looked at again; zero for one look each
     * @param nanos a clock, such as {@link System#nanoTime}
     */
    public Patience(Duration wait, LongSupplier nanos, Pause pause) {
        this.nanos = nanos;
        this.pause = pause;
        this.end = nanos.getAsLong() + wait.toNanos();
    }

    /** Looks until all is well, waiting does not help, or the time is over. */
    Result look(Step step) throws InterruptedException {
        while (true) {
            long began = nanos.getAsLong();
            try {
                Seen seen = step.look().at();
                Result.Verdict verdict = seen.there() ? Result.Verdict.PASSED : Result.Verdict.SKIPPED;
                return new Result(step.name(), verdict, seen.detail(), since(began));
            } catch (Failure e) {
                if (e.isLasting() || nanos.getAsLong() + PAUSE.toNanos() - end > 0) {
                    return new Result(step.name(), Result.Verdict.FAILED, e.getMessage(), since(began));
                }
            }
            pause.of(PAUSE);
        }
    }

    private Duration since(long began) {
        return Duration.ofNanos(nanos.getAsLong() - began);
    }
}
