package bridge.bailey.overview;

import bridge.bailey.flow.FlowStatus;
import bridge.bailey.view.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Judges how the bridge does, and how everything does. */
public final class Bridge {

    private Bridge() {}

    /**
     * How the bridge itself does: DOWN while an enabled flow can't do its work, DEGRADED while something that it needs is
     * away, or the deletion guard withholds something.
     *
     * @param flows the enabled ones
     * @param away the sources that are away for too long
     * @param resync how often a full pass is due
     * @param patience for how long one may be overdue
     */
    public static Status status(
            List<FlowStatus> flows, Set<String> away, Duration resync, Duration patience, Instant now) {
        Instant overdue = now.minus(resync).minus(patience);
        boolean down = flows.stream()
                .anyMatch(flow ->
                        flow.lastFullPass().map(at -> at.isBefore(overdue)).orElse(true));
        if (down) {
            return Status.DOWN;
        }
        boolean allUp = away.isEmpty()
                && flows.stream()
                        .allMatch(flow -> flow.targetUp() && flow.hold().isEmpty());
        return allUp ? Status.UP : Status.DEGRADED;
    }

    /** How everything does: no better than the bridge; DOWN as well if no service serves. */
    public static Status overall(Status bridge, Collection<Status> services) {
        boolean noneServes = !services.isEmpty() && services.stream().allMatch(service -> service == Status.DOWN);
        if (bridge == Status.DOWN || noneServes) {
            return Status.DOWN;
        }
        boolean allUp = bridge == Status.UP && services.stream().allMatch(service -> service == Status.UP);
        return allUp ? Status.UP : Status.DEGRADED;
    }
}
