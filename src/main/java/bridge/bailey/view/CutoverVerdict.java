package bridge.bailey.view;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether it is safe to move on with the cutover of one service, from what Bailey knows.
 *
 * @param reasons why not; in the order of {@link Rule}
 * @param notes what Bailey can't see, and should be looked at by people
 * @param reviewAt when time alone may change the verdict; empty if only an event can
 */
public record CutoverVerdict(List<Reason> reasons, List<String> notes, Optional<Instant> reviewAt) {

    public CutoverVerdict {
        reasons = reasons.stream().sorted(Comparator.comparing(Reason::rule)).toList();
        notes = List.copyOf(notes);
    }

    /** The steps of a cutover. */
    public enum Step {
        /** To send all traffic to the instances in Kubernetes. */
        SHIFT,
        /** To stop the virtual machines for good. */
        STOP_VMS
    }

    /**
     * A rule that says no. Its text tells a duration that grows; so that equal reasons stay equal, it is made when it is read.
     *
     * @param since when the duration began, which stands between the two parts of the text; empty if there is none
     */
    public record Reason(Rule rule, String text, Optional<Instant> since, String rest) {

        Reason(Rule rule, String text) {
            this(rule, text, Optional.empty(), "");
        }

        /** What it says now. */
        public String text(Instant now) {
            return text
                    + since.map(at -> Durations.text(Duration.between(at, now))).orElse("")
                    + rest;
        }
    }

    /** The rules, documented in docs/cutover.md. */
    public enum Rule {
        /** What Bailey knows of the service is too old. */
        STALE,
        /** The cluster serves no instance. */
        NO_PODS,
        /** Some instances in Kubernetes are not healthy. */
        PODS_UNHEALTHY,
        /** The instances in Kubernetes have been healthy for a shorter time than the window. */
        PODS_UNPROVEN,
        /** Consul, Kubernetes and the probe disagree about an instance. */
        DISAGREEMENT,
        /** A change to Consul or to the cluster is withheld, refused, or waits. */
        CHANGES_OUTSTANDING,
        /** The service should be in Consul and can't be. */
        NOT_IN_CONSUL,
        /** Some machines are unhealthy, or not judged: what still uses them, and whether one can go back, is unknown. */
        VMS_UNHEALTHY(true),
        /** Callers still find machines, in the cluster or in Consul. */
        VMS_IN_ROTATION(true),
        /** Callers may still hold a DNS answer with machines in it. */
        DNS_TTL(true),
        /** The instances in Kubernetes have served alone for a shorter time than the window. */
        SERVED_ALONE(true),
        /** Machines report open connections, or should and don't. */
        CONNECTIONS(true);

        private final boolean onlyOfStopping;

        Rule() {
            this(false);
        }

        Rule(boolean onlyOfStopping) {
            this.onlyOfStopping = onlyOfStopping;
        }

        /** Whether it says no to this step. */
        public boolean blocks(Step step) {
            return step == Step.STOP_VMS || !onlyOfStopping;
        }
    }

    /** Whether a step is safe. */
    public boolean safe(Step step) {
        return against(step).findAny().isEmpty();
    }

    /** What speaks against a step. */
    public Stream<Reason> against(Step step) {
        return reasons.stream().filter(reason -> reason.rule().blocks(step));
    }
}
