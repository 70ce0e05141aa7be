package bridge.bailey.view;

/** How a service, or the bridge, does. */
public enum Status {
    /** All is well. */
    UP,
    /** It serves, but something is not as it should be. */
    DEGRADED,
    /** Nothing serves. */
    DOWN
}
