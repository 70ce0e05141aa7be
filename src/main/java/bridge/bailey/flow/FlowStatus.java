package bridge.bailey.flow;

import bridge.bailey.plan.Hold;
import java.time.Instant;
import java.util.Optional;

/**
 * How a flow does.
 *
 * @param leading whether it writes; a follower only looks
 * @param started whether its first full pass has ended
 * @param targetUp whether the target answered last time
 * @param waiting how many service keys wait
 * @param lastFullPass when the last full pass ended
 * @param error the target's last failure, while it is away
 * @param hold what the deletion guard withholds
 * @param stuckSeconds for how long the flow has been at one step; 0 while it waits for work
 */
public record FlowStatus(
        String flow,
        boolean leading,
        boolean started,
        boolean targetUp,
        int waiting,
        Optional<Instant> lastFullPass,
        Optional<String> error,
        Optional<Hold> hold,
        double stuckSeconds) {}
