package bridge.bailey.web.board;

import bridge.bailey.web.ServiceJson.Summary;
import java.util.Locale;

/** The quick filters of the table. */
public enum Show {
    ALL("All"),
    /** Not UP, stale, or with something to look at that does not pass by itself. */
    ATTENTION("Needs attention"),
    BOTH("Both sides"),
    LEGACY("Only legacy"),
    /** Has machines, and the verdict is that they can be stopped. */
    STOPPABLE("Safe to stop VMs");

    private final String label;

    Show(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** As it stands in an address; "" for all. */
    public String word() {
        return this == ALL ? "" : name().toLowerCase(Locale.ROOT);
    }

    boolean includes(Summary service) {
        return switch (this) {
            case ALL -> true;
            case ATTENTION ->
                !service.status().equals("UP")
                        || service.disagreements() + service.withheld() + service.findings() > 0
                        || service.stale();
            case BOTH -> service.kubernetes() != null && service.legacy() != null;
            case LEGACY -> service.kubernetes() == null && service.legacy() != null;
            case STOPPABLE -> service.legacy() != null && service.verdict().stopVms();
        };
    }
}
