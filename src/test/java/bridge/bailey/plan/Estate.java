package bridge.bailey.plan;

import bridge.bailey.model.ServiceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A guard with what its target holds, and what is desired: passes are made when the test says so. */
final class Estate implements Held<Piece> {

    static final GuardRules RULES = new GuardRules(true, Duration.ofMinutes(10), 0.3, 10);

    private final Map<String, Piece> held = new TreeMap<>();
    private final Map<String, Piece> desired = new TreeMap<>();
    private Guard<Piece> guard;
    private long now;

    Estate(GuardRules rules) {
        guard = new Guard<>(rules);
    }

    Estate() {
        this(RULES);
    }

    /** Services a0, a1, … with so many instances each, held and desired, and nothing known of how they came. */
    static Estate of(int services, int instances) {
        Estate estate = new Estate();
        for (int s = 0; s < services; s++) {
            for (int i = 1; i <= instances; i++) {
                Piece piece = Piece.of("a" + s, i).on("node-" + i);
                estate.held.put(piece.id(), piece);
                estate.desired.put(piece.id(), piece);
            }
        }
        return estate;
    }

    Estate want(Piece... pieces) {
        Arrays.stream(pieces).forEach(piece -> desired.put(piece.id(), piece));
        return this;
    }

    Estate want(Collection<Piece> pieces) {
        pieces.forEach(this::want);
        return this;
    }

    Estate drop(Collection<Piece> pieces) {
        pieces.forEach(piece -> desired.remove(piece.id()));
        return this;
    }

    Estate dropAll() {
        desired.clear();
        return this;
    }

    Estate dropService(String name) {
        desired.values().removeIf(piece -> piece.key().name().equals(name));
        return this;
    }

    Estate later(Duration time) {
        now += time.toNanos();
        return this;
    }

    /** A process that knows nothing of the past, but whether something was withheld. */
    Estate restart() {
        boolean holding = guard.isHolding();
        guard = new Guard<>(RULES);
        if (holding) {
            guard.resume();
        }
        return this;
    }

    /** A pass over everything; returns what is withheld. */
    List<Piece> pass() {
        Set<ServiceKey> keys = new HashSet<>(keys());
        desired.values().forEach(piece -> keys.add(piece.key()));
        return pass(keys, true);
    }

    /** A pass over one service. */
    List<Piece> pass(String service) {
        return pass(Set.of(new ServiceKey("shop", service)), false);
    }

    private List<Piece> pass(Set<ServiceKey> keys, boolean full) {
        Map<ServiceKey, List<Piece>> wanted = new TreeMap<>();
        keys.forEach(key -> wanted.put(key, new ArrayList<>()));
        desired.values().stream().filter(piece -> keys.contains(piece.key())).forEach(piece -> wanted.get(piece.key())
                .add(piece));
        Plan<Piece> plan = guard.judge(Planner.plan(wanted, this, piece -> true), keys, full, this, now);
        for (Change<Piece> change : plan.changes()) {
            if (change instanceof Change.Delete) {
                held.remove(change.id());
            } else {
                held.put(change.id(), change.item());
            }
        }
        guard.applied(plan.changes(), this, now);
        return plan.withheld().stream().map(w -> w.change().item()).toList();
    }

    Optional<Hold> release() {
        return guard.release(now);
    }

    Optional<Hold> hold() {
        return guard.hold(now);
    }

    Collection<Piece> heldPieces() {
        return List.copyOf(held.values());
    }

    boolean converged() {
        return held.equals(desired);
    }

    @Override
    public Set<ServiceKey> keys() {
        return held.values().stream().map(Piece::key).collect(Collectors.toSet());
    }

    @Override
    public List<Piece> ownedBy(ServiceKey key) {
        return held.values().stream().filter(piece -> piece.key().equals(key)).toList();
    }

    @Override
    public boolean foreign(String id) {
        return false;
    }
}
