package bridge.bailey.plan;

import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Change.Delete;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Withholds deletions where so much would vanish at once that somebody should say that it is meant.
 *
 * <ol>
 *   <li>Counted is the net loss within a sliding window, in services that vanish and in instances. What is replaced is no
 *       loss; nor is what drained before it went ({@link Item#leaving}), nor what an operator released.
 *   <li>More than a share of what was owned must not vanish, but a few always may: see {@link GuardRules}.
 *   <li>One service may go whole, and so may all that is on one node while others keep theirs: that is what scaling to zero
 *       and a lost node look like. What wipes a catalog is spread over all.
 *   <li>Where it would be too much, every loss of that plan is withheld. It stays so, however much time goes by and though
 *       less would vanish by now, until it is released or nothing wants it gone any more. Creations and updates go on.
 *   <li>A release covers what is withheld at that moment, not what comes later.
 * </ol>
 *
 * Knows no clock: {@code now} is monotonic, in nanoseconds. For several threads.
 */
public final class Guard<T extends Item> {

    private static final String RESUMED = "something was withheld when Bailey ended, and was not released since";

    private final GuardRules rules;
    private final Map<ServiceKey, Turnover> turnovers = new HashMap<>();
    private final Map<ServiceKey, Pending<T>> pending = new TreeMap<>();
    private final Map<ServiceKey, Set<String>> released = new HashMap<>();
    private boolean resumed;
    private boolean settles;
    private long since;
    private String why = RESUMED;

    /** What is withheld of one service. */
    private record Pending<T extends Item>(Map<String, Delete<T>> deletions, boolean vanishes) {

        List<String> nodes() {
            return deletions.values().stream()
                    .map(Delete::item)
                    .filter(Item::isInstance)
                    .map(Item::sharedFate)
                    .toList();
        }
    }

    public Guard(GuardRules rules) {
        this.rules = rules;
    }

    /** Something was withheld when this flow was run before: whatever would vanish with the next full plan is, too. */
    public synchronized void resume() {
        resumed = true;
        why = RESUMED;
    }

    /**
     * Moves from the changes to the withheld what must not vanish.
     *
     * @param keys the service keys that the plan is about
     * @param full whether there are no others
     * @param held what the target holds before the plan
     */
    public synchronized Plan<T> judge(Plan<T> plan, Set<ServiceKey> keys, boolean full, Held<T> held, long now) {
        if (!rules.enabled()) {
            return plan;
        }
        forgetOld(now);
        boolean wasHolding = !pending.isEmpty();
        if (full) {
            // What others removed is not there to be withheld.
            pending.keySet().retainAll(keys);
        }
        Map<ServiceKey, Set<String>> undecided = undecided(plan);
        Map<ServiceKey, Trial<T>> trials = trials(plan, keys, undecided, held, now);
        Map<ServiceKey, Pending<T>> before = new HashMap<>();
        keys.forEach(key -> Optional.ofNullable(pending.remove(key)).ifPresent(p -> before.put(key, p)));
        before.forEach((key, waiting) -> keep(key, waiting, undecided.getOrDefault(key, Set.of())));
        boolean some =
                trials.values().stream().anyMatch(trial -> !trial.losses().isEmpty());
        boolean stop = some && (isTooMuch(trials, plan, held) || resumed);
        trials.values().forEach(trial -> withhold(trial, stop, before.get(trial.key())));
        settles = full && undecided.isEmpty();
        if (!wasHolding) {
            since = now;
        }
        return split(plan, keys);
    }

    private void forgetOld(long now) {
        long limit = now - rules.window().toNanos();
        turnovers.values().forEach(turnover -> turnover.forgetBefore(limit));
        turnovers.values().removeIf(Turnover::isEmpty);
    }

    /** The deletions of which nothing can be said while a source does not know everything. */
    private static <T extends Item> Map<ServiceKey, Set<String>> undecided(Plan<T> plan) {
        return plan.withheld().stream()
                .filter(w -> w.reason() == Withheld.Reason.SOURCE_INCOMPLETE)
                .collect(Collectors.groupingBy(
                        w -> w.change().key(),
                        Collectors.mapping(w -> w.change().id(), Collectors.toSet())));
    }

    /** What was withheld stays so while nothing can be said of it. */
    private void keep(ServiceKey key, Pending<T> waiting, Set<String> ids) {
        Map<String, Delete<T>> kept = new TreeMap<>(waiting.deletions());
        kept.keySet().retainAll(ids);
        if (!kept.isEmpty()) {
            pending.put(key, new Pending<>(kept, waiting.vanishes()));
        }
    }

    private Map<ServiceKey, Trial<T>> trials(
            Plan<T> plan, Set<ServiceKey> keys, Map<ServiceKey, Set<String>> undecided, Held<T> held, long now) {
        Map<ServiceKey, List<Change<T>>> byKey = plan.changes().stream().collect(Collectors.groupingBy(Change::key));
        // What nothing wants gone any more needs no release.
        keys.stream().filter(released::containsKey).forEach(key -> {
            Set<String> wanted = byKey.getOrDefault(key, List.of()).stream()
                    .filter(Delete.class::isInstance)
                    .map(Change::id)
                    .collect(Collectors.toCollection(HashSet::new));
            wanted.addAll(undecided.getOrDefault(key, Set.of()));
            released.get(key).retainAll(wanted);
        });
        Map<ServiceKey, Trial<T>> trials = new TreeMap<>();
        byKey.forEach((key, changes) -> trials.put(
                key,
                new Trial<>(
                        key,
                        changes,
                        held.ownedBy(key),
                        turnovers.getOrDefault(key, new Turnover()).copy(),
                        pending.containsKey(key) ? pending.get(key).deletions().keySet() : Set.of(),
                        released.getOrDefault(key, Set.of()),
                        now)));
        return trials;
    }

    private boolean isTooMuch(Map<ServiceKey, Trial<T>> trials, Plan<T> plan, Held<T> held) {
        Losses losses = losses(trials);
        if (losses.services() <= rules.floor() && losses.instances() <= rules.floor()) {
            return false;
        }
        Set<ServiceKey> ownedKeys = new HashSet<>(held.keys());
        int ownedInstances = 0;
        for (ServiceKey key : ownedKeys) {
            ownedInstances +=
                    (int) held.ownedBy(key).stream().filter(Item::isInstance).count();
        }
        for (Turnover turnover : turnovers.values()) {
            ownedInstances += turnover.lostNodes().size();
        }
        ownedKeys.addAll(losses.vanished());
        int services = ownedKeys.size();
        int instances = ownedInstances;
        if (fits(losses, services, instances)
                || fits(losses.withoutOneService(), services, instances)
                || (isLostNode(losses, plan, held) && fits(losses.without(losses.worstNode()), services, instances))) {
            return false;
        }
        why = losses.services() + " of " + services + " services and " + losses.instances() + " of " + instances
                + " instances would be gone within " + text(rules.window()) + "; " + rules.allowed(services) + " and "
                + rules.allowed(instances) + " may be";
        return true;
    }

    /** All that was lost, and would be. */
    private Losses losses(Map<ServiceKey, Trial<T>> trials) {
        Losses losses = new Losses();
        trials.forEach((key, trial) -> losses.add(key, trial.lostNodes(), trial.vanishes()));
        Set<ServiceKey> others = new HashSet<>(turnovers.keySet());
        others.addAll(pending.keySet());
        others.removeAll(trials.keySet());
        for (ServiceKey key : others) {
            List<String> nodes = new ArrayList<>();
            Optional<Turnover> turnover = Optional.ofNullable(turnovers.get(key));
            Optional<Pending<T>> waiting = Optional.ofNullable(pending.get(key));
            turnover.ifPresent(t -> nodes.addAll(t.lostNodes()));
            waiting.ifPresent(p -> nodes.addAll(p.nodes()));
            losses.add(
                    key,
                    nodes,
                    turnover.map(Turnover::vanished).orElse(false)
                            || waiting.map(Pending::vanishes).orElse(false));
        }
        return losses;
    }

    private boolean fits(Losses losses, int services, int instances) {
        return losses.services() <= rules.allowed(services) && losses.instances() <= rules.allowed(instances);
    }

    /** Whether other nodes than the one that lost most would keep something: where all go, no single one is to blame. */
    private boolean isLostNode(Losses losses, Plan<T> plan, Held<T> held) {
        String worst = losses.worstNode();
        Set<String> going = plan.changes().stream()
                .filter(Delete.class::isInstance)
                .map(Change::id)
                .collect(Collectors.toSet());
        return !worst.isEmpty()
                && held.keys().stream()
                        .flatMap(key -> held.ownedBy(key).stream())
                        .anyMatch(item -> !item.sharedFate().isEmpty()
                                && !item.sharedFate().equals(worst)
                                && !going.contains(item.id()));
    }

    /** Notes what is withheld of a service: new losses if it is too much, and in any case those that were. */
    private void withhold(Trial<T> trial, boolean stop, Pending<T> before) {
        Map<String, Delete<T>> deletions = new TreeMap<>();
        trial.losses().stream()
                .filter(delete -> stop || (before != null && before.deletions().containsKey(delete.id())))
                .forEach(delete -> deletions.put(delete.id(), delete));
        if (!deletions.isEmpty()) {
            // The Service of a mirror takes its endpoints with it.
            trial.base().forEach(delete -> deletions.put(delete.id(), delete));
            Optional.ofNullable(pending.get(trial.key()))
                    .ifPresent(kept -> kept.deletions().forEach(deletions::putIfAbsent));
            pending.put(trial.key(), new Pending<>(deletions, trial.vanishes()));
        }
    }

    private Plan<T> split(Plan<T> plan, Set<ServiceKey> keys) {
        Set<String> ids = keys.stream()
                .filter(pending::containsKey)
                .flatMap(key -> pending.get(key).deletions().keySet().stream())
                .collect(Collectors.toSet());
        return plan.withholding(ids, Withheld.Reason.GUARD);
    }

    /**
     * Notes what was really done.
     *
     * @param held what the target holds now
     */
    public synchronized void applied(Collection<Change<T>> changes, Held<T> held, long now) {
        if (!rules.enabled()) {
            return;
        }
        if (settles) {
            resumed = false;
        }
        changes.stream().collect(Collectors.groupingBy(Change::key)).forEach((key, ofKey) -> {
            Turnover turnover = turnovers.computeIfAbsent(key, k -> new Turnover());
            note(turnover, ofKey, released.getOrDefault(key, Set.of()), held.ownedBy(key), now);
            Optional.ofNullable(released.get(key))
                    .ifPresent(
                            ids -> ids.removeAll(ofKey.stream().map(Change::id).toList()));
        });
        released.values().removeIf(Set::isEmpty);
        turnovers.values().removeIf(Turnover::isEmpty);
    }

    private static <T extends Item> void note(
            Turnover turnover, List<Change<T>> changes, Set<String> excused, Collection<T> left, long now) {
        List<Change<T>> instances =
                changes.stream().filter(c -> c.item().isInstance()).toList();
        long came = instances.stream().filter(Change.Create.class::isInstance).count();
        long went = instances.stream().filter(Delete.class::isInstance).count();
        long instancesLeft = left.stream().filter(Item::isInstance).count();
        boolean addition = instancesLeft - came + went > 0;
        boolean harm = false;
        for (Change<T> change : instances) {
            if (change instanceof Change.Create) {
                turnover.came(now, addition);
            }
        }
        for (Change<T> change : instances) {
            if (change instanceof Delete) {
                if (change.item().leaving() || excused.contains(change.id())) {
                    turnover.wentExcused(now);
                } else {
                    turnover.went(now, change.item().sharedFate());
                    harm = true;
                }
            }
        }
        boolean baseWent = changes.stream()
                .anyMatch(c -> c instanceof Delete && !c.item().isInstance() && !excused.contains(c.id()));
        if ((harm && instancesLeft == 0) || (baseWent && went == 0 && left.isEmpty())) {
            turnover.vanish(now);
        } else if (instancesLeft > 0 || changes.stream().anyMatch(Change.Create.class::isInstance)) {
            turnover.appear();
        }
    }

    /**
     * Whether it is known what is withheld: not before the first full plan, if something was withheld when this flow was run
     * before.
     */
    public synchronized boolean hasJudged() {
        return !rules.enabled() || !resumed || !pending.isEmpty();
    }

    /** Lets go what is withheld now; returns it as it was, or nothing if nothing was. */
    public synchronized Optional<Hold> release(long now) {
        Optional<Hold> hold = hold(now);
        pending.forEach((key, waiting) -> released.computeIfAbsent(key, k -> new HashSet<>())
                .addAll(waiting.deletions().keySet()));
        pending.clear();
        return hold;
    }

    /** Whether something is withheld, or will be with the next full plan. */
    public synchronized boolean isHolding() {
        return rules.enabled() && (resumed || !pending.isEmpty());
    }

    /** What is withheld now; empty if nothing is. */
    public synchronized Optional<Hold> hold(long now) {
        if (pending.isEmpty()) {
            return Optional.empty();
        }
        int deletions = pending.values().stream()
                .mapToInt(waiting -> waiting.deletions().size())
                .sum();
        return Optional.of(new Hold(Duration.ofNanos(now - since), pending.keySet(), deletions, why));
    }

    private static String text(Duration window) {
        return window.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
