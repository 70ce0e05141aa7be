package bridge.bailey.check;

/** How a check went, worst last. */
public enum Level {
    /** As it should be. */
    OK,
    /** Bailey runs, but something will not work as expected, or can't be told. */
    WARN,
    /** Bailey, or a part of it that is enabled, does not work. */
    FAIL
}
