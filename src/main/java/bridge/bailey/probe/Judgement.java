package bridge.bailey.probe;

import bridge.bailey.model.Health;
import bridge.bailey.model.Probe;
import bridge.bailey.model.Verdict;
import bridge.bailey.model.Verdict.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the probes of one target come to: what is measured, and what counts. {@link Verdicts} has the rules.
 */
final class Judgement {

    private static final int FAILURES = 10;

    private Probe probe;
    private Hysteresis hysteresis = Hysteresis.NEW;
    private Health health = Health.UNKNOWN;
    private Optional<Instant> since = Optional.empty();
    private boolean suspected;

    /** What counted before the target fell, and when it fell: of meaning while it is measured UNHEALTHY. */
    private Health beforeFall = Health.UNKNOWN;

    private long fellAt;

    /** How many more failures a verdict outlives that was kept while our path was suspected. */
    private int grace;

    private String reason = "";
    private List<Failure> failures = List.of();
    private Verdict verdict = Verdict.NONE;

    Judgement(Probe probe) {
        this.probe = probe;
    }

    void probe(Probe changed) {
        probe = changed;
    }

    Health measured() {
        return hysteresis.measured();
    }

    /** As it was when it was last told. */
    Verdict verdict() {
        return verdict;
    }

    /** Takes a probe's outcome into account. */
    void take(Outcome outcome, Moment now) {
        reason = outcome.reason();
        if (!outcome.passed()) {
            remember(new Failure(now.at(), reason));
        }
        if (outcome.counts()) {
            measure(outcome.passed(), now);
        }
        tell();
    }

    private void measure(boolean passed, Moment now) {
        Health before = measured();
        hysteresis = passed ? hysteresis.passed(probe.rise()) : hysteresis.failed(probe.fall());
        if (before != Health.UNHEALTHY && measured() == Health.UNHEALTHY) {
            beforeFall = health;
            fellAt = now.nanos();
        }
        if (measured() != Health.UNHEALTHY) {
            grace = 0;
        } else if (!passed && grace > 0) {
            grace--;
        }
        if (!keeps()) {
            health(measured(), now);
        }
    }

    private boolean keeps() {
        return measured() == Health.UNHEALTHY && (suspected || grace > 0);
    }

    /** From now on our own path is suspected. */
    void suspect(Moment now) {
        suspected = true;
        if (health == Health.UNHEALTHY && now.nanos() - fellAt <= recall()) {
            health(beforeFall, now);
        }
        tell();
    }

    /** Our path is trusted again. */
    void trust(Moment now) {
        suspected = false;
        grace = measured() == Health.UNHEALTHY && health == Health.HEALTHY ? probe.fall() : 0;
        if (!keeps()) {
            health(measured(), now);
        }
        tell();
    }

    /** Targets fall one after the other, though their path breaks at once: within an interval, as they are probed. */
    private long recall() {
        Duration once = probe.interval().plus(probe.timeout());
        return once.multipliedBy(2).toNanos();
    }

    private void health(Health counts, Moment now) {
        if (health != counts) {
            health = counts;
            since = Optional.of(now.at());
        }
    }

    private void remember(Failure failure) {
        List<Failure> all = new ArrayList<>(FAILURES);
        all.add(failure);
        all.addAll(failures.subList(0, Math.min(failures.size(), FAILURES - 1)));
        failures = List.copyOf(all);
    }

    private void tell() {
        boolean kept = suspected || grace > 0;
        boolean same = verdict.health() == health
                && verdict.measured() == measured()
                && verdict.suspected() == kept
                && verdict.reason().equals(reason)
                && verdict.failures().equals(failures);
        if (!same) {
            verdict = new Verdict(health, measured(), since, reason, kept, failures);
        }
    }

    /** Whether anybody acts differently on one verdict than on the other. A lone failure of a healthy target is no news. */
    static boolean matters(Verdict before, Verdict after) {
        boolean well = after.health() == Health.HEALTHY && after.measured() == Health.HEALTHY;
        return before.health() != after.health()
                || before.measured() != after.measured()
                || before.suspected() != after.suspected()
                || (!well && !before.reason().equals(after.reason()));
    }
}
