package bridge.bailey.web.board;

import bridge.bailey.view.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times, as the pages tell them. */
final class Words {

    private Words() {}

    /** Such as {@code 3 min ago}: one unit, so that it seldom changes. */
    static String ago(Instant at, Instant now) {
        Duration age = Duration.between(at, now);
        ChronoUnit unit = age.toDays() > 0
                ? ChronoUnit.DAYS
                : age.toHours() > 0 ? ChronoUnit.HOURS : age.toMinutes() > 0 ? ChronoUnit.MINUTES : ChronoUnit.SECONDS;
        return Durations.text(Duration.of(at.until(now, unit), unit)) + " ago";
    }

    /** To the second, in UTC. */
    static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString().replace("T", " ").replace("Z", " UTC");
    }
}
