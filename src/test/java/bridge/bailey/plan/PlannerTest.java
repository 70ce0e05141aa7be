package bridge.bailey.plan;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.ServiceKey;
import bridge.bailey.target.MemoryTarget;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rows of the table in {@link Planner}. */
class PlannerTest {

    private static final ServiceKey KEY = new ServiceKey("shop", "users");
    private static final ServiceKey OTHER = new ServiceKey("shop", "orders");
    private static final Thing A = new Thing(KEY, 1, 1);
    private static final Thing A_CHANGED = new Thing(KEY, 1, 2);
    private static final Thing B = new Thing(KEY, 2, 1);
    private static final Thing FOREIGN = new Thing(KEY, 9, 1);

    private final MemoryTarget<Thing> target = new MemoryTarget<>(Set.of(FOREIGN.id()));

    @BeforeEach
    void readNothing() {
        target.read().adopt();
    }

    @Test
    void whatIsNewIsCreated() {
        assertThat(plan(List.of(A)).changes()).containsExactly(new Change.Create<>(A));
    }

    @Test
    void whatIsEqualIsLeftAlone() {
        holds(A);
        assertThat(plan(List.of(A)).isEmpty()).isTrue();
    }

    @Test
    void whatDiffersIsUpdated() {
        holds(A);
        assertThat(plan(List.of(A_CHANGED)).changes()).containsExactly(new Change.Update<>(A, A_CHANGED));
    }

    @Test
    void whatNothingWantsIsDeleted() {
        holds(A, B);
        assertThat(plan(List.of(A)).changes()).containsExactly(new Change.Delete<>(B));
    }

    @Test
    void whatIsForeignIsNeitherOverwrittenNorDeleted() {
        Plan<Thing> plan = plan(List.of(FOREIGN));
        assertThat(plan.changes()).isEmpty();
        assertThat(plan.withheld())
                .containsExactly(new Withheld<>(new Change.Create<>(FOREIGN), Withheld.Reason.FOREIGN));
        assertThat(plan(List.of()).isEmpty()).isTrue();
    }

    @Test
    void nothingIsDeletedOnTheStrengthOfAnIncompleteSource() {
        holds(A, B);
        Plan<Thing> plan = Planner.plan(Map.of(KEY, List.of(A_CHANGED)), target.held(), key -> false);
        assertThat(plan.changes()).containsExactly(new Change.Update<>(A, A_CHANGED));
        assertThat(plan.withheld())
                .containsExactly(new Withheld<>(new Change.Delete<>(B), Withheld.Reason.SOURCE_INCOMPLETE));
    }

    @Test
    void aKeyThatIsNotPlannedIsLeftAlone() {
        holds(A, new Thing(OTHER, 1, 1));
        assertThat(plan(List.of(A)).isEmpty()).isTrue();
    }

    @Test
    void whatIsNewComesFirstAndWhatGoesComesLastEvenOfOtherKeys() {
        Thing gone = new Thing(OTHER, 1, 1);
        holds(gone, A);
        Plan<Thing> plan =
                Planner.plan(Map.of(OTHER, List.of(), KEY, List.of(A_CHANGED, B)), target.held(), key -> true);
        assertThat(plan.changes())
                .containsExactly(new Change.Create<>(B), new Change.Update<>(A, A_CHANGED), new Change.Delete<>(gone));
    }

    private void holds(Thing... things) {
        List.of(things).forEach(target::put);
        target.read().adopt();
    }

    private Plan<Thing> plan(List<Thing> desired) {
        return Planner.plan(Map.of(KEY, desired), target.held(), key -> true);
    }
}
