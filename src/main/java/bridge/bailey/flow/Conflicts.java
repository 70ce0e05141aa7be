package bridge.bailey.flow;

import bridge.bailey.model.Item;
import bridge.bailey.target.Outcome;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells conflicts that a fresh reading mends from those that it does not. An id that conflicts in two full passes in a
 * row, each right after a reading, is refused from then on until it is applied: it must not hold back all others.
 */
final class Conflicts {

    private Set<String> lastFull = new HashSet<>();
    private final Set<String> stubborn = new HashSet<>();

    /** The outcomes of a pass, with the conflicts that would never end turned into refusals. */
    <T extends Item> List<Outcome<T>> judge(List<Outcome<T>> outcomes, boolean full) {
        Set<String> now = outcomes.stream()
                .filter(o -> o.kind() == Outcome.Kind.CONFLICT)
                .map(o -> o.change().id())
                .collect(Collectors.toSet());
        if (full) {
            stubborn.retainAll(now);
            now.stream().filter(lastFull::contains).forEach(stubborn::add);
            lastFull = now;
        }
        return outcomes.stream().map(this::judge).toList();
    }

    private <T extends Item> Outcome<T> judge(Outcome<T> outcome) {
        boolean endless = outcome.kind() == Outcome.Kind.CONFLICT
                && stubborn.contains(outcome.change().id());
        return endless
                ? new Outcome<>(
                        outcome.change(),
                        Outcome.Kind.REFUSED,
                        "though it was just read, it is not what it seems: " + outcome.message())
                : outcome;
    }
}
