package bridge.bailey.model;

import java.util.Collection;
import java.util.Comparator;

/** How ready an endpoint is, from best to worst. */
public enum Readiness {
    /** Serves. */
    READY,
    /** Terminates, but still serves: it drains. */
    DRAINING,
    /** Does not serve. */
    NOT_READY,
    /** Terminates, and does not serve any more. */
    STOPPED;

    /**
     * Reads the three conditions of an endpoint. An absent {@code ready} means ready, an absent {@code serving} means
     * as ready, an absent {@code terminating} means not (the API's documentation of {@code EndpointConditions}).
     */
    public static Readiness of(Boolean ready, Boolean serving, Boolean terminating) {
        boolean isReady = ready == null || ready;
        boolean isServing = serving == null ? isReady : serving;
        if (terminating != null && terminating) {
            return isServing ? DRAINING : STOPPED;
        }
        return isReady ? READY : NOT_READY;
    }

    /** The best of several: an address that fronts many endpoints is as ready as the best of them. */
    public static Readiness best(Collection<Readiness> all) {
        return all.stream().min(Comparator.naturalOrder()).orElse(NOT_READY);
    }
}
