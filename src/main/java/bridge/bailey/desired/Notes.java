package bridge.bailey.desired;

import java.util.function.Supplier;

/**
 * Takes note of what the rules decide, where they decide it, so that what is told can't drift from what is done. A pass takes
 * none: what would be noted is not even put into words.
 */
@FunctionalInterface
interface Notes {

    /** Nobody asks. */
    Notes NONE = (about, value, by) -> {};

    void note(String about, Supplier<String> value, Supplier<String> by);

    /** The same, of something that is part of something else. */
    default Notes of(String part) {
        return this == NONE ? NONE : (about, value, by) -> note(part + " " + about, value, by);
    }
}
