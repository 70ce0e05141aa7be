package bridge.bailey.probe;

import bridge.bailey.model.Health;
import bridge.bailey.model.Probe;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.Verdict;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The judgements of one service's targets, and their verdicts for others to read. */
final class ServiceVerdicts {

    private final Share all;
    private final Share share = new Share();
    private final Map<ProbeTarget, Judgement> judgements = new HashMap<>();
    private final Map<ProbeTarget, Verdict> published = new ConcurrentHashMap<>();
    private double failOpenBelow;
    private boolean bridgeSuspected;
    private boolean suspected;

    /**
     * Starts without targets.
     *
     * @param all counts the targets of all services
     */
    ServiceVerdicts(Share all, boolean bridgeSuspected) {
        this.all = all;
        this.bridgeSuspected = bridgeSuspected;
    }

    /** For any thread. */
    Map<ProbeTarget, Verdict> published() {
        return Map.copyOf(published);
    }

    Share share() {
        return share;
    }

    /** Too few of its own are healthy. */
    boolean suspected() {
        return suspected;
    }

    Health measured(ProbeTarget target) {
        return judgements.get(target).measured();
    }

    /** Returns whether what others can read has changed. */
    boolean watch(ProbeSet set, Moment now) {
        boolean removed = judgements.keySet().removeIf(target -> !set.targets().containsKey(target) && forget(target));
        set.targets().forEach((target, probe) -> watch(target, probe, now));
        failOpenBelow = set.failOpenBelow();
        return removed;
    }

    private boolean forget(ProbeTarget target) {
        Health measured = judgements.get(target).measured();
        share.remove(measured);
        all.remove(measured);
        return published.remove(target) != null;
    }

    private void watch(ProbeTarget target, Probe probe, Moment now) {
        Judgement known = judgements.get(target);
        if (known != null) {
            known.probe(probe);
            return;
        }
        Judgement made = new Judgement(probe);
        judgements.put(target, made);
        share.add(made.measured());
        all.add(made.measured());
        if (doubts()) {
            made.suspect(now);
        }
    }

    private boolean doubts() {
        return suspected || bridgeSuspected;
    }

    /** Returns whether the verdict changed in a way that matters. */
    boolean take(ProbeTarget target, Outcome outcome, Moment now) {
        Judgement judgement = judgements.get(target);
        Health before = judgement.measured();
        Verdict old = published.getOrDefault(target, Verdict.NONE);
        judgement.take(outcome, now);
        Health after = judgement.measured();
        if (before != after) {
            share.remove(before);
            all.remove(before);
            share.add(after);
            all.add(after);
        }
        published.put(target, judgement.verdict());
        return Judgement.matters(old, judgement.verdict());
    }

    /** Looks at the share again; returns whether it began or ceased to be suspect. */
    boolean review(Moment now) {
        boolean doubted = doubts();
        boolean before = suspected;
        suspected = share.below(failOpenBelow);
        apply(doubted, now);
        return before != suspected;
    }

    /** The bridge as a whole is suspected, or not any more; returns whether that changes anything here. */
    boolean bridge(boolean isSuspected, Moment now) {
        boolean doubted = doubts();
        bridgeSuspected = isSuspected;
        return apply(doubted, now);
    }

    private boolean apply(boolean doubted, Moment now) {
        if (doubts() == doubted) {
            return false;
        }
        judgements.forEach((target, judgement) -> {
            if (doubts()) {
                judgement.suspect(now);
            } else {
                judgement.trust(now);
            }
            published.computeIfPresent(target, (same, old) -> judgement.verdict());
        });
        return true;
    }
}
