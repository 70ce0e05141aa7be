package bridge.bailey.flow;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.flow.PassReport.Result;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Thing;
import bridge.bailey.plan.Things;
import bridge.bailey.target.Outcome;
import bridge.bailey.target.Outcome.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PassReportTest {

    @Test
    void aPassWithNothingToDoIsFine() {
        assertThat(report().result()).isEqualTo(Result.OK);
    }

    @Test
    void aPassOfWhichAllWasAppliedIsFine() {
        assertThat(report(Kind.APPLIED, Kind.APPLIED).result()).isEqualTo(Result.OK);
    }

    @Test
    void aPassOfWhichSomethingWasRefusedIsPartial() {
        assertThat(report(Kind.APPLIED, Kind.REFUSED).result()).isEqualTo(Result.PARTIAL);
        assertThat(report(Kind.FORBIDDEN).result()).isEqualTo(Result.PARTIAL);
    }

    @Test
    void aConflictCountsForMoreThanARefusal() {
        assertThat(report(Kind.APPLIED, Kind.REFUSED, Kind.CONFLICT).result()).isEqualTo(Result.CONFLICT);
    }

    @Test
    void aTargetThatIsAwayCountsForMoreThanAll() {
        assertThat(report(Kind.APPLIED, Kind.CONFLICT, Kind.REFUSED, Kind.UNAVAILABLE)
                        .result())
                .isEqualTo(Result.UNAVAILABLE);
    }

    private static PassReport<Thing> report(Kind... kinds) {
        Change<Thing> change = new Change.Create<>(new Thing(Things.KEYS.get(0), 1, 1));
        return new PassReport<>(
                "to-consul",
                true,
                Arrays.stream(kinds)
                        .map(kind -> new Outcome<>(change, kind, ""))
                        .toList(),
                List.of(),
                Map.of(),
                List.of(),
                0);
    }
}
