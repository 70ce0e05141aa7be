package bridge.bailey.model;

/** Whether an instance serves, as one judge sees it: a probe, or an origin. */
public enum Health {
    HEALTHY,
    UNHEALTHY,
    /** Nobody has judged yet. */
    UNKNOWN
}
