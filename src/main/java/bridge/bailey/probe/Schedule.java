package bridge.bailey.probe;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/** Which target is probed next, and when. Times are in nanoseconds of one clock that does not overflow. */
final class Schedule {

    private final TreeSet<Slot> slots = new TreeSet<>(Slot.BY_DUE);

    /** Sets when a slot is due, whether or not it was scheduled before. */
    void put(Slot slot, long due) {
        slots.remove(slot);
        slot.due = due;
        slots.add(slot);
    }

    void remove(Slot slot) {
        slots.remove(slot);
    }

    /** When the first slot is due; empty without any. */
    OptionalLong next() {
        return slots.isEmpty() ? OptionalLong.empty() : OptionalLong.of(slots.first().due);
    }

    /** Takes the slot that has been due for longest, if any. */
    Optional<Slot> take(long now) {
        return slots.isEmpty() || slots.first().due > now ? Optional.empty() : Optional.of(slots.pollFirst());
    }

    /**
     * The due time after one: a whole number of periods later, so that the rhythm stays whenever a probe began or ended, and
     * after now, so that what was missed is left out rather than made up for.
     */
    static long following(long due, long period, long now) {
        long missed = Math.max(0, now - due) / period;
        return due + (missed + 1) * period;
    }
}
