package bridge.bailey.local;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The end of a process that was started here. */
public final class Ending {

    private Ending() {}

    /** Asks it to stop, and makes it, if it has not after a time. It is gone, or as good as gone, afterwards. */
    public static void of(Process process, Duration patience) {
        process.destroy();
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
