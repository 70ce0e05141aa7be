package bridge.bailey.web.board;

import bridge.bailey.web.ServiceJson.Counts;
import bridge.bailey.web.ServiceJson.Summary;
import java.util.Comparator;
import java.util.Locale;
import java.util.function.Function;

/** What the table can be sorted by; each has its own idea of what should come first. */
public enum Column {
    SERVICE("Service", true),
    STATUS("Status", true),
    KUBERNETES("Kubernetes", false),
    LEGACY("Legacy", false),
    NOTES("To look at", false),
    VERDICT("Safe to move on", false),
    CHANGED("Changed", false);

    private static final Comparator<Summary> BY_KEY =
            Comparator.comparing(Summary::namespace).thenComparing(Summary::name);

    private final String label;
    private final boolean ascends;

    Column(String label, boolean ascends) {
        this.label = label;
        this.ascends = ascends;
    }

    public String label() {
        return label;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether its order counts as ascending, for those who hear it. */
    boolean ascends(boolean reversed) {
        return ascends != reversed;
    }

    Comparator<Summary> order(boolean reversed) {
        Comparator<Summary> order = order();
        return (reversed ? order.reversed() : order).thenComparing(BY_KEY);
    }

    private Comparator<Summary> order() {
        return switch (this) {
            case SERVICE -> BY_KEY;
            case STATUS -> Comparator.comparingInt(service -> rank(service.status()));
            case KUBERNETES -> bySide(Summary::kubernetes);
            case LEGACY -> bySide(Summary::legacy);
            case NOTES -> Comparator.comparingInt(service -> -notes(service));
            case VERDICT -> Comparator.comparingInt(service -> -steps(service));
            case CHANGED -> Comparator.comparing(Summary::changed).reversed();
        };
    }

    private static int rank(String status) {
        return switch (status) {
            case "DOWN" -> 0;
            case "DEGRADED" -> 1;
            default -> 2;
        };
    }

    /** Those with most instances that are not healthy first, then the larger; without that side last. */
    private static Comparator<Summary> bySide(Function<Summary, Counts> side) {
        Comparator<Counts> order = Comparator.<Counts>comparingInt(counts -> -unwell(counts))
                .thenComparingInt(counts -> -unwell(counts) - counts.healthy());
        return Comparator.comparing(side, Comparator.nullsLast(order));
    }

    private static int unwell(Counts counts) {
        return counts.unhealthy() + counts.draining() + counts.unknown();
    }

    private static int notes(Summary service) {
        return service.disagreements()
                + service.withheld()
                + service.pending()
                + service.findings()
                + (service.stale() ? 1 : 0);
    }

    private static int steps(Summary service) {
        return (service.verdict().shift() ? 1 : 0)
                + (service.legacy() != null && service.verdict().stopVms() ? 2 : 0);
    }
}
