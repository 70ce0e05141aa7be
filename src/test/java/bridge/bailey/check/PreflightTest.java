package bridge.bailey.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import bridge.bailey.check.Preflight.Area;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PreflightTest {

    @FunctionalInterface
    private interface Look {
        void look(Report report) throws Exception;
    }

    private record Played(String area, Look look) implements Check {
        @Override
        public void look(Report report) throws Exception {
            look.look(report);
        }
    }

    private static List<Area> run(Duration each, Check... checks) throws InterruptedException {
        return new Preflight(List.of(checks), each).run();
    }

    @Test
    void eachFailsAloneAndTheOrderIsThatOfTheChecks() throws InterruptedException {
        List<Area> areas = run(
                Duration.ofSeconds(30),
                new Played("one", report -> {
                    throw new IllegalStateException("broken");
                }),
                new Played("two", report -> report.ok("thing", "fine")));

        assertThat(areas).extracting(Area::name).containsExactly("one", "two");
        assertThat(areas.get(0).results()).singleElement().satisfies(result -> {
            assertThat(result.level()).isEqualTo(Level.FAIL);
            assertThat(result.detail()).isEqualTo("broken");
            assertThat(result.fix()).isNotEmpty();
        });
        assertThat(areas.get(1).results()).containsExactly(new Result(Level.OK, "thing", "fine", ""));
    }

    @Test
    void oneThatHangsIsEndedAndWhatItFoundUntilThenCounts() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        List<Area> areas = run(
                Duration.ofSeconds(1),
                new Played("hangs", report -> {
                    report.ok("first", "fine");
                    never.await();
                }),
                new Played("deaf", report -> {
                    while (never.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                }));
        never.countDown();

        assertThat(areas.get(0).results())
                .extracting(Result::level, Result::detail)
                .containsExactly(tuple(Level.OK, "fine"), tuple(Level.FAIL, "no answer within 1000 ms"));
        assertThat(areas.get(1).results()).extracting(Result::level).containsExactly(Level.FAIL);
    }

    @Test
    void aClockThatIsOffIsWarnedOfOnlyBeyondWhatTheHeaderCanTell() {
        Instant ours = Instant.parse("2026-11-23T08:00:00Z");
        Report report = new Report();
        ClockSkew.report(report, "Consul", Optional.of(ours.plusSeconds(5)), ours);
        ClockSkew.report(report, "Consul", Optional.of(ours.minusSeconds(65)), ours);
        ClockSkew.report(report, "Consul", Optional.empty(), ours);

        assertThat(report.results()).extracting(Result::level).containsExactly(Level.OK, Level.WARN, Level.OK);
        assertThat(report.results().get(1).detail()).contains("65 s behind ours");
    }

    @Test
    void versionsBefore18AreOld() {
        assertThat(List.of("1.7.9", "0.9.3", "1.7.0+ent")).allMatch(ConsulServer::isTooOld);
        assertThat(List.of("1.8.0", "1.8.7+dfsg1", "1.22.3", "2.0.0-beta1", "weird"))
                .noneMatch(ConsulServer::isTooOld);
    }
}
