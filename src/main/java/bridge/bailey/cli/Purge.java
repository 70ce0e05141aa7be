package bridge.bailey.cli;

import bridge.bailey.flow.Flow;
import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Held;
import bridge.bailey.plan.Plan;
import bridge.bailey.plan.Planner;
import bridge.bailey.target.Outcome;
import bridge.bailey.target.Target;
import bridge.bailey.target.TargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Removes what a target holds of ours: by a plan in which nothing is desired. */
final class Purge<T extends Item> {

    /** What others changed in the meantime is read again, and tried again, so often. */
    private static final int TRIES = 3;

    private final String flow;
    private final Target<T> target;

    Purge(String flow, Target<T> target) {
        this.flow = flow;
        this.target = target;
    }

    /** Reads the target, and plans. */
    FlowPlan plan() throws TargetException {
        return new FlowPlan(flow, new Flow.Planned<>(read(), Map.of(), List.of()));
    }

    private Plan<T> read() throws TargetException {
        target.read().adopt();
        Held<T> held = target.held();
        Map<ServiceKey, List<T>> nothing = new TreeMap<>();
        held.keys().forEach(key -> nothing.put(key, List.of()));
        return Planner.plan(nothing, held, item -> true);
    }

    /** Removes it; returns what could not be removed. */
    List<Outcome<T>> apply() throws TargetException {
        List<Outcome<T>> failed = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            Plan<T> plan = read();
            failed.clear();
            // Also if it is empty: a node that was left behind goes with it.
            target.apply(plan).stream().filter(o -> !o.applied()).forEach(failed::add);
            if (failed.stream().noneMatch(o -> o.kind() == Outcome.Kind.CONFLICT)) {
                break;
            }
        }
        return failed;
    }
}
