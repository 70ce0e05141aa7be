package bridge.bailey.flow;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.plan.Change;
import bridge.bailey.plan.Thing;
import bridge.bailey.plan.Things;
import bridge.bailey.target.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConflictsTest {

    private final Conflicts conflicts = new Conflicts();

    private Outcome.Kind judged(Outcome.Kind kind, boolean full) {
        Change<Thing> change = new Change.Create<>(new Thing(Things.KEYS.get(0), 1, 1));
        return conflicts
                .judge(List.of(new Outcome<>(change, kind, "index is stale")), full)
                .get(0)
                .kind();
    }

    @Test
    void theFirstConflictIsOneAndLeadsToAReading() {
        assertThat(judged(Outcome.Kind.CONFLICT, false)).isEqualTo(Outcome.Kind.CONFLICT);
        assertThat(judged(Outcome.Kind.CONFLICT, true)).isEqualTo(Outcome.Kind.CONFLICT);
    }

    @Test
    void aConflictInTwoFullPassesInARowIsRefusedSoThatOthersGoOn() {
        judged(Outcome.Kind.CONFLICT, true);

        assertThat(judged(Outcome.Kind.CONFLICT, true)).isEqualTo(Outcome.Kind.REFUSED);
        assertThat(judged(Outcome.Kind.CONFLICT, false)).isEqualTo(Outcome.Kind.REFUSED);
    }

    @Test
    void onceItIsAppliedAConflictIsOneAgain() {
        judged(Outcome.Kind.CONFLICT, true);
        judged(Outcome.Kind.CONFLICT, true);
        judged(Outcome.Kind.APPLIED, true);

        assertThat(judged(Outcome.Kind.CONFLICT, true)).isEqualTo(Outcome.Kind.CONFLICT);
    }

    @Test
    void otherOutcomesStayWhatTheyAre() {
        for (Outcome.Kind kind : Outcome.Kind.values()) {
            if (kind != Outcome.Kind.CONFLICT) {
                assertThat(judged(kind, true)).isEqualTo(kind);
            }
        }
    }
}
