package bridge.bailey.flow;

/** Whether a flow may write now; for any thread. */
@FunctionalInterface
public interface Mandate {

    /** Whether it may. */
    boolean given();

    /** Whether somebody else may, as far as is known: then there is something to follow. */
    default boolean isOthers() {
        return !given();
    }
}
