package bridge.bailey.plan;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.ServiceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is withheld stays so, and what is counted adds up, whatever comes between. */
class GuardHoldTest {

    private static final Duration SOON = Duration.ofSeconds(1);

    /** A target with a guard, and a source that may not know everything. */
    private static final class World implements Held<Piece> {
        final Map<String, Piece> held = new TreeMap<>();
        final Map<String, Piece> desired = new TreeMap<>();
        Guard<Piece> guard = new Guard<>(Estate.RULES);
        boolean complete = true;
        long now;

        static World of(int services, int instances) {
            World w = new World();
            for (int s = 0; s < services; s++) {
                for (int i = 1; i <= instances; i++) {
                    Piece p = Piece.of("a" + s, i).on("node-" + i);
                    w.held.put(p.id(), p);
                    w.desired.put(p.id(), p);
                }
            }
            return w;
        }

        void restart() {
            boolean holding = guard.isHolding();
            guard = new Guard<>(Estate.RULES);
            if (holding) {
                guard.resume();
            }
        }

        Plan<Piece> pass() {
            now += SOON.toNanos();
            Set<ServiceKey> keys = new HashSet<>(keys());
            desired.values().forEach(p -> keys.add(p.key()));
            Map<ServiceKey, List<Piece>> wanted = new TreeMap<>();
            keys.forEach(key -> wanted.put(key, new ArrayList<>()));
            desired.values().forEach(p -> wanted.get(p.key()).add(p));
            Plan<Piece> plan = guard.judge(Planner.plan(wanted, this, p -> complete), keys, true, this, now);
            List<Change<Piece>> applied = new ArrayList<>();
            for (Change<Piece> c : plan.changes()) {
                if (c instanceof Change.Delete) {
                    held.remove(c.id());
                } else {
                    held.put(c.id(), c.item());
                }
                applied.add(c);
            }
            guard.applied(applied, this, now);
            return plan;
        }

        void dropServices(int from, int count) {
            desired.values().removeIf(p -> {
                int n = Integer.parseInt(p.key().name().substring(1));
                return n >= from && n < from + count;
            });
        }

        @Override
        public Set<ServiceKey> keys() {
            return held.values().stream().map(Piece::key).collect(Collectors.toSet());
        }

        @Override
        public Collection<Piece> ownedBy(ServiceKey key) {
            return held.values().stream().filter(p -> p.key().equals(key)).toList();
        }

        @Override
        public boolean foreign(String id) {
            return false;
        }
    }

    @Test
    void servicesWithoutInstancesAddUpWithinTheWindow() {
        Estate estate = new Estate();
        for (int s = 0; s < 100; s++) {
            estate.want(Piece.of("alias" + s, 0));
        }
        estate.pass();
        for (int s = 0; s < 100; s++) {
            estate.dropService("alias" + s);
            estate.later(SOON).pass("alias" + s);
        }
        assertThat(estate.heldPieces()).as("30 of 100 may go within the window").hasSizeGreaterThanOrEqualTo(70);
    }

    @Test
    void whatIsWithheldStaysSoThoughTheSourceIsIncompleteForAPass() {
        World world = World.of(20, 5);
        world.dropServices(0, 6);
        world.pass();
        world.dropServices(6, 4);
        assertThat(world.pass().withheld()).hasSize(20);
        world.now += Estate.RULES.window().multipliedBy(2).toNanos();
        world.pass();
        assertThat(world.held).hasSize(70);

        world.complete = false;
        world.pass();
        world.complete = true;
        world.pass();

        assertThat(world.held).as("nobody released it").hasSize(70);
    }

    private static World restartedWhileItHolds() {
        World world = World.of(20, 5);
        world.dropServices(0, 6);
        world.pass();
        world.dropServices(6, 4);
        world.pass();
        world.restart();
        return world;
    }

    @Test
    void aRestartWithAnIncompleteSourceKeepsTheHold() {
        World world = restartedWhileItHolds();
        world.complete = false;
        world.pass();
        assertThat(world.guard.isHolding()).as("still pinned to the Lease").isTrue();
        world.complete = true;
        world.pass();

        assertThat(world.held).hasSize(70);
    }

    @Test
    void aReleaseBeforeTheFirstPassAfterARestartDoesNotDisarm() {
        World world = restartedWhileItHolds();
        assertThat(world.guard.hasJudged()).isFalse();
        assertThat(world.guard.release(world.now)).isEmpty();
        world.pass();

        assertThat(world.held).hasSize(70);
    }

    @Test
    void aHoldEndsWhenWhatIsWithheldIsGoneFromTheTarget() {
        World world = World.of(20, 5);
        world.desired.clear();
        world.pass();
        assertThat(world.guard.hold(world.now)).isPresent();
        world.held.clear();
        world.pass();
        assertThat(world.guard.hold(world.now))
                .as("nothing is left to withhold")
                .isEmpty();
    }

    @Test
    void aGuardThatIsOffForgetsAResume() {
        Guard<Piece> guard = new Guard<>(GuardRules.OFF);
        guard.resume();
        World world = World.of(2, 2);
        world.guard = guard;
        world.pass();
        assertThat(guard.isHolding()).isFalse();
    }
}
