package bridge.bailey.flow;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.desired.Desired;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Guard;
import bridge.bailey.plan.GuardRules;
import bridge.bailey.plan.Plan;
import bridge.bailey.plan.Thing;
import bridge.bailey.plan.Things;
import bridge.bailey.plan.Withheld;
import bridge.bailey.source.MemorySource;
import bridge.bailey.target.MemoryTarget;
import bridge.bailey.target.MemoryTarget.Fault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FlowPropertyTest {

    /**
     * What happens in one pass.
     *
     * @param state what is desired from now on
     * @param dirty which service keys the pass is about; none for all of them
     * @param complete whether the source knows everything
     * @param reads whether the target is read first, as after a doubt
     * @param faults the seed of the faults, which hit about half of the changes; 0 for none
     */
    record Step(
            Map<ServiceKey, List<Thing>> state, Set<ServiceKey> dirty, boolean complete, boolean reads, long faults) {}

    @Property
    void anyHistoryConvergesToWhatAFreshStartGives(
            @ForAll("things") Map<ServiceKey, List<Thing>> leftBehind,
            @ForAll("ids") Set<String> foreign,
            @ForAll("steps") List<Step> history,
            @ForAll("things") Map<ServiceKey, List<Thing>> state) {
        MemorySource<List<Thing>> source = new MemorySource<>();
        MemoryTarget<Thing> target = new MemoryTarget<>(foreign);
        leftBehind.values().forEach(things -> things.forEach(target::put));
        Flow<List<Thing>, Thing> flow = flow(source, target);
        target.read().adopt();
        for (Step step : history) {
            if (step.reads()) {
                target.read().adopt();
            }
            source.set(step.state(), step.complete());
            target.faults(faults(step.faults()));
            flow.pass(step.dirty().isEmpty() ? new Flow.Scope.All() : new Flow.Scope.Keys(step.dirty()));
        }
        target.faults(change -> Optional.empty());
        source.set(state, true);
        target.read().adopt();
        flow.pass(new Flow.Scope.All());

        assertThat(target.items()).isEqualTo(fresh(state, foreign).items());
        assertThat(flow.plan().plan().changes()).isEmpty();
    }

    @Property
    void aPassOverTheKeysThatChangedIsWorthAFullOne(
            @ForAll("things") Map<ServiceKey, List<Thing>> before,
            @ForAll("things") Map<ServiceKey, List<Thing>> after,
            @ForAll("ids") Set<String> foreign) {
        MemorySource<List<Thing>> source = new MemorySource<>();
        MemoryTarget<Thing> target = fresh(before, foreign);
        source.set(after, true);
        flow(source, target).pass(new Flow.Scope.Keys(Set.copyOf(Things.KEYS)));

        assertThat(target.items()).isEqualTo(fresh(after, foreign).items());
    }

    /** What other threads are shown of a flow is what its own thread would do next. */
    @Property
    void whatStandsAfterAFullPassIsWhatTheNextOneWouldDo(
            @ForAll("things") Map<ServiceKey, List<Thing>> leftBehind,
            @ForAll("ids") Set<String> foreign,
            @ForAll("steps") List<Step> history) {
        MemorySource<List<Thing>> source = new MemorySource<>();
        MemoryTarget<Thing> target = new MemoryTarget<>(foreign);
        leftBehind.values().forEach(things -> things.forEach(target::put));
        Flow<List<Thing>, Thing> flow = flow(source, target);
        target.read().adopt();
        for (Step step : history) {
            source.set(step.state(), step.complete());
            target.faults(faults(step.faults()));
            flow.pass(new Flow.Scope.All());

            Plan<Thing> next = flow.plan().plan();
            Set<ServiceKey> keys = new HashSet<>(Things.KEYS);
            keys.addAll(target.held().keys());
            List<Change<Thing>> changes = new ArrayList<>();
            List<Withheld<Thing>> withheld = new ArrayList<>();
            flow.standings(keys).forEach((key, standing) -> {
                changes.addAll(standing.plan().changes());
                withheld.addAll(standing.plan().withheld());
                assertThat(standing.held())
                        .containsExactlyInAnyOrderElementsOf(target.held().ownedBy(key));
            });
            assertThat(changes).containsExactlyInAnyOrderElementsOf(next.changes());
            assertThat(withheld).containsExactlyInAnyOrderElementsOf(next.withheld());
            assertThat(flow.outlook().plan()).isEqualTo(next);
        }
    }

    private static MemoryTarget<Thing> fresh(Map<ServiceKey, List<Thing>> state, Set<String> foreign) {
        MemorySource<List<Thing>> source = new MemorySource<>();
        source.set(state, true);
        MemoryTarget<Thing> target = new MemoryTarget<>(foreign);
        target.read().adopt();
        flow(source, target).pass(new Flow.Scope.All());
        return target;
    }

    private static Flow<List<Thing>, Thing> flow(MemorySource<List<Thing>> source, MemoryTarget<Thing> target) {
        return new Flow<>(
                "test",
                source,
                things -> new Desired<>(things, List.of(), "desired"),
                target,
                new Guard<>(GuardRules.OFF),
                () -> 0);
    }

    private static Function<Change<Thing>, Optional<Fault>> faults(long seed) {
        List<Fault> all = List.of(Fault.values());
        SplittableRandom random = new SplittableRandom(seed);
        return change ->
                seed == 0 || random.nextBoolean() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    @Provide
    Arbitrary<Map<ServiceKey, List<Thing>>> things() {
        return Things.byKey();
    }

    @Provide
    Arbitrary<Set<String>> ids() {
        return Things.ids();
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Things.byKey(),
                        Arbitraries.of(Things.KEYS).set(),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false),
                        Arbitraries.longs().between(0, 100))
                .as(Step::new)
                .list()
                .ofMaxSize(8);
    }
}
