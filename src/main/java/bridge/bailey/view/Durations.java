package bridge.bailey.view;

import java.time.Duration;

/** Tells durations in words. */
public final class Durations {

    private Durations() {}

    /** The two largest units, such as {@code 40 s}, {@code 3 min 20 s} or {@code 2 h 5 min}; never negative. */
    public static String text(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return two(seconds / 60, " min", seconds % 60, " s");
        }
        if (seconds < 86_400) {
            return two(seconds / 3600, " h", seconds % 3600 / 60, " min");
        }
        return two(seconds / 86_400, " d", seconds % 86_400 / 3600, " h");
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return large + largeUnit + (small == 0 ? "" : " " + small + smallUnit);
    }
}
