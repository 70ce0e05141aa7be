package bridge.bailey.model;

import java.util.Locale;

/** What an instance is, on either side. */
public enum InstanceState {
    HEALTHY,
    UNHEALTHY,
    /** About to stop, and still serving. */
    DRAINING,
    /** Nobody has judged it. */
    UNKNOWN;

    /** Of an endpoint that is so ready. */
    public static InstanceState of(Readiness readiness) {
        return switch (readiness) {
            case READY -> HEALTHY;
            case DRAINING -> DRAINING;
            case NOT_READY, STOPPED -> UNHEALTHY;
        };
    }

    /** As users and metrics read it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
