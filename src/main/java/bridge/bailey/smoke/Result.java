package bridge.bailey.smoke;

import bridge.bailey.model.Printable;
import java.time.Duration;

/**
 * How a step went.
 *
 * @param detail what was seen, or why it failed
 * @param took how long the last look took
 */
public record Result(String name, Verdict verdict, String detail, Duration took) {

    private static final int LONGEST = 400;

    /** How it went. */
    public enum Verdict {
        PASSED,
        FAILED,
        SKIPPED
    }

    /** The details come from whoever answered, and must not forge a line. */
    public Result {
        name = Printable.of(name, LONGEST);
        detail = Printable.of(detail, LONGEST);
    }

    boolean failed() {
        return verdict == Verdict.FAILED;
    }
}
