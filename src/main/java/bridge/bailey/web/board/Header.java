package bridge.bailey.web.board;

import bridge.bailey.web.HealthJson;
import java.time.Instant;

/**
 * What stands on top of each page.
 *
 * @param title of the page
 * @param since the id of the events that the page has seen
 */
public record Header(String title, String cluster, HealthJson health, String since, Assets assets) {

    /** How the bridge does, in words. */
    public String bridge() {
        if (!health.bridge().problems().isEmpty()) {
            return String.join("; ", health.bridge().problems());
        }
        return health.bridge().flows().size() + " flows and "
                + health.bridge().sources().size() + " sources are up" + follows();
    }

    /** What a follower shows of Consul it has read there, now and then. */
    private String follows() {
        if (health.bridge().leads()) {
            return "";
        }
        return health.bridge().leader().isEmpty()
                ? "; no replica leads"
                : "; " + health.bridge().leader() + " leads, and this replica follows it";
    }

    public Object pending() {
        return count("pending");
    }

    public Object withheld() {
        return count("withheld");
    }

    private Object count(String what) {
        return health.services().get(what);
    }

    /** When what the page shows was true. */
    public Instant takenAt() {
        return health.takenAt();
    }

    public String time() {
        return Words.time(health.takenAt());
    }
}
