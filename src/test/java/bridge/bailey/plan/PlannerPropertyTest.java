package bridge.bailey.plan;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.ServiceKey;
import bridge.bailey.target.MemoryTarget;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PlannerPropertyTest {

    @Property
    void aPlanYieldsWhatIsDesiredAndLeavesTheRest(
            @ForAll("things") Map<ServiceKey, List<Thing>> held,
            @ForAll("things") Map<ServiceKey, List<Thing>> desired,
            @ForAll("ids") Set<String> foreign) {
        MemoryTarget<Thing> target = target(held, foreign);
        Map<String, Thing> expected = new TreeMap<>(target.items());
        expected.values().removeIf(thing -> desired.containsKey(thing.key()));
        desired.values().forEach(things -> things.stream()
                .filter(thing -> !foreign.contains(thing.id()))
                .forEach(thing -> expected.put(thing.id(), thing)));

        // A write to a foreign id fails inside the target.
        target.apply(Planner.plan(desired, target.held(), key -> true));

        assertThat(target.items()).isEqualTo(expected);
    }

    @Property
    void aSecondPlanIsEmpty(
            @ForAll("things") Map<ServiceKey, List<Thing>> held,
            @ForAll("things") Map<ServiceKey, List<Thing>> desired,
            @ForAll("ids") Set<String> foreign) {
        MemoryTarget<Thing> target = target(held, foreign);
        Plan<Thing> first = Planner.plan(desired, target.held(), key -> true);
        target.apply(first);

        Plan<Thing> second = Planner.plan(desired, target.held(), key -> true);

        assertThat(second.changes()).isEmpty();
        assertThat(second.withheld()).isEqualTo(first.withheld());
        assertThat(second.withheld()).allMatch(w -> foreign.contains(w.change().id()));
    }

    @Property
    void anIncompleteSourceDeletesNothing(
            @ForAll("things") Map<ServiceKey, List<Thing>> held,
            @ForAll("things") Map<ServiceKey, List<Thing>> desired,
            @ForAll("ids") Set<String> foreign) {
        MemoryTarget<Thing> target = target(held, foreign);
        Set<String> before = target.items().keySet();

        target.apply(Planner.plan(desired, target.held(), key -> false));

        assertThat(target.items().keySet()).containsAll(before);
    }

    @Property
    void everyIdIsInAPlanOnceAtMost(
            @ForAll("things") Map<ServiceKey, List<Thing>> held,
            @ForAll("things") Map<ServiceKey, List<Thing>> desired,
            @ForAll("ids") Set<String> foreign,
            @ForAll boolean complete) {
        Plan<Thing> plan = Planner.plan(desired, target(held, foreign).held(), key -> complete);
        List<String> ids = Stream.concat(
                        plan.changes().stream().map(Change::id),
                        plan.withheld().stream().map(w -> w.change().id()))
                .toList();
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Property
    void aMoveNeverLeavesAGap(
            @ForAll("things") Map<ServiceKey, List<Thing>> held,
            @ForAll("things") Map<ServiceKey, List<Thing>> desired) {
        Plan<Thing> plan = Planner.plan(desired, target(held, Set.of()).held(), key -> true);
        assertThat(plan.changes()).extracting(Change::action).isSorted();
    }

    private static MemoryTarget<Thing> target(Map<ServiceKey, List<Thing>> held, Set<String> foreign) {
        MemoryTarget<Thing> target = new MemoryTarget<>(foreign);
        held.values().forEach(things -> things.forEach(target::put));
        target.read().adopt();
        return target;
    }

    @Provide
    Arbitrary<Map<ServiceKey, List<Thing>>> things() {
        return Things.byKey();
    }

    @Provide
    Arbitrary<Set<String>> ids() {
        return Things.ids();
    }
}
