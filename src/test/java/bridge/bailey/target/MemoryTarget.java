package bridge.bailey.target;

import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Held;
import bridge.bailey.plan.Plan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A target in memory. As with a real one, what it holds and what it is believed to hold are two things, and others may
 * have written to it. It fails a test that writes to what is not ours.
 */
public final class MemoryTarget<T extends Item> implements Target<T> {

    /** How an attempt to make a change may fail. */
    public enum Fault {
        /** It is refused, and said so. */
        REFUSED(Outcome.Kind.REFUSED),
        /** The request is lost. */
        LOST(Outcome.Kind.UNAVAILABLE),
        /** The answer is lost: the change was made. */
        UNANSWERED(Outcome.Kind.UNAVAILABLE);

        private final Outcome.Kind kind;

        Fault(Outcome.Kind kind) {
            this.kind = kind;
        }
    }

    private final Map<String, T> owned = new TreeMap<>();
    private final Set<String> foreign;
    private Belief<T> belief = new Belief<>(new TreeMap<>(), Set.of());
    private Function<Change<T>, Optional<Fault>> faults = change -> Optional.empty();

    /** A target in which others have these ids. */
    public MemoryTarget(Set<String> foreign) {
        this.foreign = Set.copyOf(foreign);
    }

    /** Puts an owned item there, as an earlier run did; nothing is written to a foreign id. */
    public void put(T item) {
        if (!foreign.contains(item.id())) {
            owned.put(item.id(), item);
        }
    }

    /** What is really there of ours, by id. */
    public Map<String, T> items() {
        return Map.copyOf(owned);
    }

    @Override
    public Owned owned() {
        return new Owned((int) owned.values().stream().map(Item::key).distinct().count(), owned.size());
    }

    /** Decides which changes fail from now on. */
    public void faults(Function<Change<T>, Optional<Fault>> which) {
        faults = which;
    }

    @Override
    public Reading read() {
        Belief<T> found = new Belief<>(new TreeMap<>(owned), foreign);
        return () -> {
            belief = found;
            return true;
        };
    }

    @Override
    public Held<T> held() {
        return belief;
    }

    @Override
    public boolean intact() {
        return true;
    }

    @Override
    public List<Outcome<T>> apply(Plan<T> plan) {
        List<Outcome<T>> outcomes = new ArrayList<>();
        for (Change<T> change : plan.changes()) {
            Optional<Fault> fault = faults.apply(change);
            if (fault.isEmpty() || fault.get() == Fault.UNANSWERED) {
                make(change, owned);
            }
            if (fault.isEmpty()) {
                make(change, belief.owned);
            }
            outcomes.add(new Outcome<>(change, fault.map(f -> f.kind).orElse(Outcome.Kind.APPLIED), ""));
        }
        return outcomes;
    }

    private void make(Change<T> change, Map<String, T> where) {
        if (foreign.contains(change.id())) {
            throw new AssertionError("not ours: " + change);
        }
        if (change instanceof Change.Delete<T>) {
            where.remove(change.id());
        } else {
            where.put(change.id(), change.item());
        }
    }

    private record Belief<T extends Item>(Map<String, T> owned, Set<String> others) implements Held<T> {

        @Override
        public Set<ServiceKey> keys() {
            return owned.values().stream().map(Item::key).collect(Collectors.toSet());
        }

        @Override
        public Collection<T> ownedBy(ServiceKey key) {
            return owned.values().stream()
                    .filter(item -> item.key().equals(key))
                    .toList();
        }

        @Override
        public boolean foreign(String id) {
            return others.contains(id);
        }
    }
}
