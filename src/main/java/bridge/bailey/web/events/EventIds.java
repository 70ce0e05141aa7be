package bridge.bailey.web.events;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names versions, as {@code <process>-<version>}: versions begin anew with each start of Bailey, and an id of another
 * process stands for nothing known.
 */
public final class EventIds {

    /** The version of a client that knows nothing. */
    static final long NOTHING = -1;

    private static final Pattern ID = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

    private final String process;

    public EventIds(Instant startedAt) {
        this.process = Long.toString(startedAt.toEpochMilli());
    }

    /** The id of a version. */
    public String id(long version) {
        return process + "-" + version;
    }

    /** The version that an id stands for, or {@link #NOTHING}. */
    long version(String id) {
        Matcher matcher = ID.matcher(id == null ? "" : id);
        return matcher.matches() && matcher.group(1).equals(process) ? Long.parseLong(matcher.group(2)) : NOTHING;
    }
}
