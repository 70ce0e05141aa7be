package bridge.bailey.flow;

import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Hold;
import java.time.Duration;
import java.util.Set;

/** Is told what a flow does, on the flow's own thread: must be quick. */
public interface FlowObserver {

    /**
     * These service keys have to be looked at: the source tells that they changed, and a pass will follow unless the target
     * is away; or a follower saw what the leader did.
     */
    default void marked(String flow, Set<ServiceKey> keys) {}

    /** A pass ended. */
    default void passed(PassReport<? extends Item> report) {}

    /** A change reached the target, so long after the source's event. */
    default void propagated(String flow, double seconds) {}

    /** The target is away; {@code waiting} service keys wait for it. */
    default void unavailable(String flow, String message, int waiting, Duration nextTry) {}

    /** The target is back. */
    default void available(String flow, Duration outage) {}

    /** The deletion guard withholds something, or more than before. */
    default void withheld(String flow, Hold hold) {}

    /** The deletion guard withholds nothing any more. */
    default void withheldNoMore(String flow) {}

    /** The target is not what was read from it: it was wiped, restored or edited. */
    default void disturbed(String flow) {}

    /** A pass failed for a reason that is a defect of ours. */
    default void failed(String flow, Throwable failure) {}
}
