package bridge.bailey.web.board;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.web.ServiceJson.Counts;
import bridge.bailey.web.ServiceJson.Summary;
import bridge.bailey.web.ServiceJson.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BoardQueryTest {

    private static final Counts WELL = new Counts(2, 0, 0, 0);
    private static final Counts ILL = new Counts(1, 1, 0, 0);

    private static final Summary CLOUD = summary("shop", "cloud", "UP", WELL, null, true, true, 1);
    private static final Summary BOTH = summary("shop", "both", "DEGRADED", WELL, ILL, true, false, 3);
    private static final Summary OLD = summary("data", "old", "DOWN", null, new Counts(0, 1, 0, 0), false, false, 2);
    private static final Summary DONE = summary("data", "done", "UP", WELL, WELL, true, true, 4);
    private static final List<Summary> ALL = List.of(CLOUD, BOTH, OLD, DONE);

    private static Summary summary(
            String namespace,
            String name,
            String status,
            Counts pods,
            Counts machines,
            boolean shift,
            boolean stop,
            int changed) {
        return new Summary(
                namespace,
                name,
                "in-consul-" + name,
                status,
                pods,
                machines,
                0,
                false,
                0,
                0,
                0,
                Instant.EPOCH,
                Instant.ofEpochSecond(changed),
                new Verdict(shift, stop, List.of()));
    }

    private static Stream<String> names(BoardQuery query) {
        return ALL.stream().filter(query::includes).sorted(query.order()).map(Summary::name);
    }

    private static Stream<String> filtered(String text, String show) {
        return names(BoardQuery.of(text, show, List.of()));
    }

    private static Stream<String> sorted(String... sorts) {
        return names(BoardQuery.of(null, null, List.of(sorts)));
    }

    @Test
    void everyWordMustBeInTheNamespaceTheNameOrTheNameInConsul() {
        assertThat(filtered("  SHOP/b ", "")).containsExactly("both");
        assertThat(filtered("in-consul data", "")).containsExactly("done", "old");
        assertThat(filtered("", "")).hasSize(4);
        assertThat(filtered("nothing", "")).isEmpty();
    }

    @Test
    void theQuickFiltersAreWhatTheirNamesSay() {
        assertThat(filtered("", "attention")).containsExactly("old", "both");
        assertThat(filtered("", "both")).containsExactly("done", "both");
        assertThat(filtered("", "legacy")).containsExactly("old");
        assertThat(filtered("", "stoppable"))
                .as("those without machines have none to stop")
                .containsExactly("done");
        assertThat(filtered("", "no such filter")).hasSize(4);
    }

    @Test
    void eachColumnPutsFirstWhatMattersMost() {
        assertThat(sorted()).containsExactly("done", "old", "both", "cloud");
        assertThat(sorted("status")).containsExactly("old", "both", "done", "cloud");
        assertThat(sorted("legacy")).containsExactly("both", "old", "done", "cloud");
        assertThat(sorted("kubernetes")).containsExactly("done", "both", "cloud", "old");
        assertThat(sorted("verdict")).containsExactly("done", "both", "cloud", "old");
        assertThat(sorted("changed")).containsExactly("done", "both", "old", "cloud");
    }

    @Test
    void theLastOrderCountsAndMayBeReversed() {
        assertThat(sorted("changed", "-service")).containsExactly("cloud", "both", "old", "done");
        assertThat(sorted("-status")).containsExactly("done", "cloud", "both", "old");
        assertThat(sorted("<script>")).containsExactly("done", "old", "both", "cloud");
    }

    @Test
    void aHeadingTellsItsOrderAndLeadsToTheOtherOne() {
        BoardQuery query = BoardQuery.of("", "", List.of("status"));

        assertThat(query.headings())
                .filteredOn(heading -> !heading.ariaSort().equals("none"))
                .containsExactly(new BoardQuery.Heading(Column.STATUS, "ascending", "-status"));
        assertThat(BoardQuery.of("", "", List.of("-status")).headings())
                .contains(new BoardQuery.Heading(Column.STATUS, "descending", "status"));
    }

    @Test
    void partsOfABarAreNeverLost() {
        assertThat(Bar.of(new Counts(999, 1, 0, 0))).containsExactly(new Bar("healthy", 20), new Bar("unhealthy", 1));
        assertThat(Bar.of(new Counts(0, 0, 0, 0))).isEmpty();
        assertThat(Bar.of(null)).isEmpty();
    }

    @Test
    void charactersThatTurnOrHideTextAreReplaced() {
        assertThat(Html.fit("a\u202Eb\u200Bc\u2028d\u0000e\nf")).isEqualTo("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\nf");
    }
}
