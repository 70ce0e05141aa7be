package bridge.bailey.flow;

import bridge.bailey.desired.Desired;
import bridge.bailey.desired.Mapping;
import bridge.bailey.flow.FindingBook.Origin;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Item;
import bridge.bailey.model.Printable;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Guard;
import bridge.bailey.plan.Held;
import bridge.bailey.plan.Hold;
import bridge.bailey.plan.Plan;
import bridge.bailey.plan.Planner;
import bridge.bailey.plan.Withheld;
import bridge.bailey.source.Source;
import bridge.bailey.target.Outcome;
import bridge.bailey.target.Target;
import bridge.bailey.view.Standing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * One direction: source → desired → plan → target. What {@code run} does and what {@code plan} prints is the same code
 * up to {@link Target#apply}. Belongs to one thread.
 */
public final class Flow<S, T extends Item> {

    /** The rule of a policy that is missing, and Consul's words about it. */
    private static final int LONGEST_REFUSAL = 400;

    /** In a finding about a shared name. */
    private static final int MOST_NAMED = 5;

    private static final int MOST_UNTOLD = 10_000;

    private final String name;
    private final Source<S> source;
    private final Mapping<S, T> mapping;
    private final Target<T> target;
    private final Guard<T> guard;
    private final LongSupplier nanoTime;
    private final SharedNames names = new SharedNames();
    private final FindingBook findings = new FindingBook();
    private final Conflicts conflicts = new Conflicts();
    private final Ledger<T> ledger = new Ledger<>();

    /** Findings of a follower: a leader tells them. */
    private final List<Finding> untold = new ArrayList<>();

    public Flow(
            String name,
            Source<S> source,
            Mapping<S, T> mapping,
            Target<T> target,
            Guard<T> guard,
            LongSupplier nanoTime) {
        this.name = name;
        this.source = source;
        this.mapping = mapping;
        this.target = target;
        this.guard = guard;
        this.nanoTime = nanoTime;
    }

    /** Which service keys a pass is about. */
    sealed interface Scope {
        /** All that the source or the target knows. */
        record All() implements Scope {}

        record Keys(Set<ServiceKey> keys) implements Scope {}
    }

    /** A plan, and what led to it. */
    public record Planned<T extends Item>(Plan<T> plan, Map<ServiceKey, String> reasons, List<Finding> newFindings) {}

    public String name() {
        return name;
    }

    Source<S> source() {
        return source;
    }

    Target<T> target() {
        return target;
    }

    /** What users should mend now. */
    public FindingBook findings() {
        return findings;
    }

    /** What keeps too much from vanishing. */
    Guard<T> guard() {
        return guard;
    }

    /** What the guard withholds now. */
    Optional<Hold> hold() {
        return guard.hold(nanoTime.getAsLong());
    }

    /** Lets go what the guard withholds now, with the next pass; returns what it was. */
    Optional<Hold> release() {
        return guard.release(nanoTime.getAsLong());
    }

    /** What the last passes left behind. */
    Ledger<T> ledger() {
        return ledger;
    }

    /**
     * How these service keys stand. Unlike a pass it changes nothing and learns nothing, not even what to report; for any
     * thread.
     */
    Map<ServiceKey, Standing<S, T>> standings(Set<ServiceKey> keys) {
        Source.Snapshot<S> snapshot = source.of(keys);
        Held<T> held = ledger.held(keys);
        Map<ServiceKey, Standing<S, T>> all = new TreeMap<>();
        for (ServiceKey key : keys) {
            Desired<T> desired = desired(snapshot, key);
            all.put(
                    key,
                    new Standing<>(
                            Optional.ofNullable(snapshot.services().get(key)),
                            desired,
                            List.copyOf(held.ownedBy(key)),
                            ledger.guarded(Planner.plan(Map.of(key, desired.items()), held, snapshot.complete())),
                            findings.of(key)));
        }
        return all;
    }

    /** What waits for a pass, and what is withheld, of everything; for any thread. */
    Planned<T> outlook() {
        Source.Snapshot<S> snapshot = source.all();
        Set<ServiceKey> keys = new TreeSet<>(snapshot.services().keySet());
        keys.addAll(ledger.keys());
        Map<ServiceKey, List<T>> desired = new HashMap<>();
        Map<ServiceKey, String> reasons = new HashMap<>();
        for (ServiceKey key : keys) {
            Desired<T> one = desired(snapshot, key);
            desired.put(key, one.items());
            reasons.put(key, one.reason());
        }
        Plan<T> plan = Planner.plan(desired, ledger.held(keys), snapshot.complete());
        return new Planned<>(ledger.guarded(plan), reasons, findings.all());
    }

    /** Plans for everything; the target must have been read. */
    public Planned<T> plan() {
        return plan(new Scope.All());
    }

    private Planned<T> plan(Scope scope) {
        Source.Snapshot<S> snapshot = snapshot(scope);
        Map<ServiceKey, List<T>> desired = new HashMap<>();
        Map<ServiceKey, String> reasons = new HashMap<>();
        List<Finding> fresh = new ArrayList<>();
        Set<ServiceKey> renamed = new TreeSet<>();
        for (ServiceKey key : keys(scope, snapshot)) {
            Desired<T> one = desired(snapshot, key);
            desired.put(key, one.items());
            reasons.put(key, one.reason());
            fresh.addAll(findings.replace(key, Origin.MAPPING, one.findings()));
            renamed.addAll(names.put(
                    key,
                    one.items().stream()
                            .map(item -> item.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.toSet())));
        }
        renamed.forEach(key -> fresh.addAll(findings.replace(key, Origin.NAMES, sharedNames(key))));
        Plan<T> plan = guard.judge(
                Planner.plan(desired, target.held(), snapshot.complete()),
                desired.keySet(),
                scope instanceof Scope.All,
                target.held(),
                nanoTime.getAsLong());
        Map<ServiceKey, List<Finding>> foreign = plan.withheld().stream()
                .filter(w -> w.reason() == Withheld.Reason.FOREIGN)
                .collect(Collectors.groupingBy(
                        w -> w.change().key(), Collectors.mapping(Flow::foreign, Collectors.toList())));
        desired.keySet()
                .forEach(key -> fresh.addAll(findings.replace(key, Origin.PLAN, foreign.getOrDefault(key, List.of()))));
        return new Planned<>(plan, reasons, fresh);
    }

    private Desired<T> desired(Source.Snapshot<S> snapshot, ServiceKey key) {
        return Optional.ofNullable(snapshot.services().get(key))
                .map(mapping::desired)
                .orElseGet(mapping::absent);
    }

    private Source.Snapshot<S> snapshot(Scope scope) {
        return scope instanceof Scope.Keys some ? source.of(some.keys()) : source.all();
    }

    private Set<ServiceKey> keys(Scope scope, Source.Snapshot<S> snapshot) {
        if (scope instanceof Scope.Keys some) {
            return some.keys();
        }
        Set<ServiceKey> all = new TreeSet<>(snapshot.services().keySet());
        all.addAll(target.held().keys());
        all.addAll(ledger.keys());
        return all;
    }

    /** The report of a full pass for which there was nothing to do. */
    PassReport<T> nothingToDo() {
        return new PassReport<>(name, true, List.of(), List.of(), Map.of(), List.of(), 0);
    }

    /** One pass over some service keys, or over all if {@code scope} says so. */
    PassReport<T> pass(Scope scope) {
        long start = nanoTime.getAsLong();
        Planned<T> planned = plan(scope);
        List<Outcome<T>> outcomes = conflicts.judge(target.apply(planned.plan()), scope instanceof Scope.All);
        guard.applied(
                outcomes.stream().filter(Outcome::applied).map(Outcome::change).toList(),
                target.held(),
                nanoTime.getAsLong());
        note(planned);
        List<Finding> fresh = new ArrayList<>(planned.newFindings());
        if (!untold.isEmpty()) {
            untold.retainAll(Set.copyOf(findings.all()));
            fresh.addAll(untold);
            untold.clear();
        }
        Map<ServiceKey, List<Outcome<T>>> refused = outcomes.stream()
                .filter(o -> o.kind() == Outcome.Kind.REFUSED || o.kind() == Outcome.Kind.FORBIDDEN)
                .collect(Collectors.groupingBy(o -> o.change().key()));
        planned.reasons()
                .keySet()
                .forEach(key -> fresh.addAll(
                        findings.replace(key, Origin.OUTCOME, refused(refused.getOrDefault(key, List.of())))));
        return new PassReport<>(
                name,
                scope instanceof Scope.All,
                outcomes,
                planned.plan().withheld(),
                planned.reasons(),
                fresh,
                (nanoTime.getAsLong() - start) / 1e9);
    }

    /** What a pass over everything would be, were it ours to write: so that a follower knows how things stand; returns the keys. */
    Set<ServiceKey> look() {
        Planned<T> planned = plan(new Scope.All());
        note(planned);
        untold.addAll(planned.newFindings());
        if (untold.size() > MOST_UNTOLD) {
            untold.subList(0, untold.size() - MOST_UNTOLD).clear();
        }
        return planned.reasons().keySet();
    }

    private void note(Planned<T> planned) {
        Map<ServiceKey, List<Withheld<T>>> withheld = planned.plan().withheld().stream()
                .collect(Collectors.groupingBy(w -> w.change().key()));
        Held<T> held = target.held();
        planned.reasons()
                .keySet()
                .forEach(key -> ledger.put(key, held.ownedBy(key), withheld.getOrDefault(key, List.of())));
    }

    private List<Finding> sharedNames(ServiceKey key) {
        return names.sharedWith(key).entrySet().stream()
                .map(shared -> new Finding(
                        Finding.Kind.SHARED_NAME,
                        key,
                        "",
                        shared.getKey(),
                        "this name is also that of " + join(shared.getValue())
                                + "; all their instances are served under it"))
                .toList();
    }

    private static String join(Set<ServiceKey> keys) {
        String some = keys.stream().limit(MOST_NAMED).map(ServiceKey::toString).collect(Collectors.joining(", "));
        return keys.size() > MOST_NAMED ? some + " and " + (keys.size() - MOST_NAMED) + " more" : some;
    }

    private static Finding foreign(Withheld<? extends Item> withheld) {
        return new Finding(
                Finding.Kind.FOREIGN_ENTRY,
                withheld.change().key(),
                "",
                withheld.change().id(),
                "something that is not ours has this id; it is left as it is, and this instance is not registered");
    }

    /** One finding for each message, however many instances it is about. */
    private static List<Finding> refused(List<? extends Outcome<? extends Item>> ofOneService) {
        Map<String, Outcome<? extends Item>> byMessage = new LinkedHashMap<>();
        ofOneService.forEach(
                o -> byMessage.putIfAbsent(o.message().replace(o.change().id(), "…"), o));
        return byMessage.values().stream()
                .map(o -> new Finding(
                        Finding.Kind.REFUSED,
                        o.change().key(),
                        "",
                        o.change().id(),
                        o.change().action().name().toLowerCase(Locale.ROOT)
                                + " was refused, and is tried again with the next full pass: "
                                + Printable.of(o.message(), LONGEST_REFUSAL)))
                .toList();
    }
}
