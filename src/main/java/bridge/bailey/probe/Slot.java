package bridge.bailey.probe;

import bridge.bailey.model.Probe;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.ServiceKey;
import java.util.Comparator;

/** One target's place in the schedule. */
final class Slot {

    static final Comparator<Slot> BY_DUE =
            Comparator.<Slot>comparingLong(slot -> slot.due).thenComparingLong(slot -> slot.number);

    final ServiceKey key;
    final ProbeTarget target;
    final long number;
    Probe probe;

    /** When the next probe is to begin, in nanoseconds; changed by the schedule only. */
    long due;

    /** Whether the first probe has not ended yet. */
    boolean untried = true;

    /** The probe that is under way, or null. An outcome of any other is dropped. */
    Object running;

    Slot(ServiceKey key, ProbeTarget target, long number, Probe probe) {
        this.key = key;
        this.target = target;
        this.number = number;
        this.probe = probe;
    }
}
