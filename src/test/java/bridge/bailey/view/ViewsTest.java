package bridge.bailey.view;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.desired.LegacyWorlds;
import bridge.bailey.model.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewsTest {

    private static final Instant START = Instant.parse("2026-11-23T08:00:00Z");

    private final Views views = new Views(LegacyWorlds.RULES, new CutoverRules(Duration.ofMinutes(10), Duration.ZERO));

    private ServiceView view(Scene scene, String... away) {
        return views.of(scene.seen(), Views.first(START), Set.of(away), START)
                .detail()
                .view();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "rr, -,  UP",
                "rr, hh, UP",
                "-,  hh, UP",
                "rd, -,  UP",
                "rn, -,  DEGRADED",
                "rr, hu, DEGRADED",
                "rr, hs, DEGRADED",
                "-,  hn, DEGRADED",
                "-,  n,  DEGRADED",
                "nn, h,  DEGRADED",
                "nn, -,  DOWN",
                "nn, uu, DOWN",
                "'', -,  DOWN",
                "'', '', DOWN"
            })
    void aServiceIsDownIfNothingServesAndDegradedIfSomethingIsAmiss(String pods, String machines, Status status) {
        assertThat(view(Scene.of(pods, machines)).status()).isEqualTo(status);
    }

    @Test
    void onlyTheSourcesThatItIsReadFromMakeAServiceStale() {
        assertThat(view(Scene.of("r", null), "legacyservices", "ec2/eu-west-1").stale())
                .isEmpty();
        assertThat(view(Scene.of("r", "h"), "legacyservices", "ec2/eu-west-1", "nodes")
                        .stale())
                .containsExactly("ec2/eu-west-1", "legacyservices", "nodes");
        assertThat(view(Scene.of("r", "h"), "nodes").status()).isEqualTo(Status.DEGRADED);
    }

    @Test
    void theSidesAreCountedApart() {
        ServiceView view = view(Scene.of("rrnd", "hun"));

        assertThat(view.sides().kubernetes()).isEqualTo(new Tally(2, 1, 1, 0));
        assertThat(view.sides().legacy()).isEqualTo(new Tally(1, 1, 0, 1));
        assertThat(view.sides().inKubernetes()).isTrue();
        assertThat(view.consulNames()).containsExactly("billing");
    }

    @Test
    void whatWaitsAndWhatIsWithheldIsCounted() {
        Scene scene = Scene.of("r", null).holding(Scene.of("rr", null));

        assertThat(view(scene).pending()).isEqualTo(1);
        assertThat(view(scene).withheld()).isZero();
        assertThat(view(scene.incomplete()).pending()).isZero();
        assertThat(view(scene.incomplete()).withheld()).isEqualTo(1);
    }

    @Test
    void theTimeOfTheLastChangeIsThatOfAnInstancesState() {
        Views.Viewed first = views.of(Scene.of("rr", null).seen(), Views.first(START), Set.of(), START);
        Instant later = START.plusSeconds(60);
        Views.Viewed same = views.of(Scene.of("rr", null).seen(), first.history(), Set.of("nodes"), later);
        Views.Viewed changed = views.of(Scene.of("rn", null).seen(), same.history(), Set.of(), later);

        assertThat(same.detail().view().changed()).isEqualTo(START);
        assertThat(changed.detail().view().changed()).isEqualTo(later);
        assertThat(changed.detail().view().since()).isEqualTo(START);
        assertThat(changed.detail().instances())
                .extracting(i -> i.since().orElseThrow())
                .containsExactly(START, later);
    }

    @ParameterizedTest
    @CsvSource({"FOREIGN_ENTRY, DEGRADED", "REFUSED, DEGRADED", "INVALID_NAME, DEGRADED", "SHARED_NAME, UP"})
    void whatKeepsAServiceOutOfWhereItShouldBeDegradesIt(Finding.Kind kind, Status status) {
        assertThat(view(Scene.of("rr", null).with(kind)).status()).isEqualTo(status);
    }

    /** Or nobody could be told that the machines may be stopped. */
    @Test
    void theLegacySideStaysWhenItsMachinesAreGone() {
        Views.Viewed before = views.of(Scene.of("rr", "hh").seen(), Views.first(START), Set.of(), START);
        ServiceView after = views.of(Scene.of("rr", null).seen(), before.history(), Set.of(), START)
                .detail()
                .view();

        assertThat(after.sides().inLegacy()).isTrue();
        assertThat(after.sides().legacy()).isEqualTo(Tally.NONE);
        assertThat(view(Scene.of("rr", null)).sides().inLegacy()).isFalse();
    }

    @Test
    void ofSeveralThatAreUnhealthyTheFirstOnesTimeIsTold() {
        Views.Viewed first = views.of(Scene.of("rnn", null).seen(), Views.first(START), Set.of(), START);

        assertThat(first.detail().view().verdict().reasons())
                .extracting(reason -> reason.text(START.plusSeconds(5)))
                .containsExactly("2 of 3 instances in Kubernetes unhealthy, the first for 5 s");
    }
}
