package bridge.bailey.probe;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.OpenConnections;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.probe.Connections.Page;
import bridge.bailey.probe.PageReader.Found;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When pages are read and what counts of them, by a clock that only the test moves. */
class PolledConnectionsTest {

    private static final ServiceKey BILLING = new ServiceKey("shop", "billing");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SteppedLoop time = new SteppedLoop();
    private final Fake pages = new Fake();
    private final List<String> told = new ArrayList<>();
    private final PolledConnections connections =
            new PolledConnections(time, pages, new SplittableRandom(42), this::now, new ProbeObserver() {
                @Override
                public void observed(ServiceKey key, ProbeResult result, double seconds) {}

                @Override
                public void began(double secondsLate) {}

                @Override
                public void suspects(Optional<ServiceKey> service, boolean suspected, int healthy, int judged) {}

                @Override
                public void connections(ServiceKey key, OptionalDouble open) {
                    told.add(key + " " + (open.isPresent() ? open.getAsDouble() : "unknown"));
                }
            });

    private static final class Fake implements PageReader {
        private final List<Page> read = new ArrayList<>();
        private final List<Promise<Found>> open = new ArrayList<>();
        private Function<Page, Optional<Found>> answer = page -> Optional.of(Found.of(7));
        private boolean closed;

        @Override
        public Future<Found> read(Page page) {
            read.add(page);
            Promise<Found> found = Promise.promise();
            answer.apply(page).ifPresentOrElse(found::complete, () -> open.add(found));
            return found.future();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private Instant now() {
        return Instant.EPOCH.plusNanos(time.nanos());
    }

    private static Page page(int number) {
        return new Page("10.0.0." + number, 9100, "/metrics", "open");
    }

    private static Set<Page> pages(int count) {
        return IntStream.range(0, count).mapToObj(PolledConnectionsTest::page).collect(Collectors.toSet());
    }

    private OpenConnections of(int number) {
        return connections.of(BILLING).get("10.0.0." + number);
    }

    @Test
    void aPageIsReadSoonAndThenAboutEveryInterval() {
        connections.watch(BILLING, pages(1));
        assertThat(of(0)).isEqualTo(OpenConnections.NONE);

        time.pass(Duration.ofSeconds(2));
        assertThat(of(0).open()).hasValue(7);
        assertThat(told).last().isEqualTo("shop/billing 7.0");

        time.pass(PolledConnections.INTERVAL.multipliedBy(100));
        assertThat(pages.read).hasSizeBetween(95, 108);
    }

    @Test
    void pagesThatCameTogetherAreNotReadTogether() {
        connections.watch(BILLING, pages(100));
        time.pass(Duration.ofMinutes(30));
        pages.read.clear();

        time.pass(SECOND);

        assertThat(pages.read).hasSizeBetween(1, 30);
    }

    @Test
    void onlyAFewAreReadAtOnceAndTheOthersWaitForTheirTurn() {
        pages.answer = page -> Optional.empty();
        connections.watch(BILLING, pages(20));
        time.pass(Duration.ofSeconds(10));
        assertThat(pages.open).hasSize(PolledConnections.MOST_AT_ONCE);

        pages.open.get(0).complete(Found.of(1));
        assertThat(pages.open).hasSize(PolledConnections.MOST_AT_ONCE + 1);

        connections.watch(BILLING, Set.of());
        connections.watch(BILLING, Set.of(page(99)));
        time.pass(Duration.ofSeconds(2));
        assertThat(pages.read)
                .as("what is no longer watched takes no turn")
                .last()
                .isEqualTo(page(99));
        assertThat(pages.read).hasSize(PolledConnections.MOST_AT_ONCE + 2);
    }

    @Test
    void aReadingCountsUntilItIsOld() {
        connections.watch(BILLING, pages(1));
        time.pass(Duration.ofSeconds(2));
        Instant read = of(0).at().orElseThrow();
        pages.answer = page -> Optional.of(Found.failed("connection refused"));

        time.pass(Duration.between(now(), read.plus(PolledConnections.FRESH)));
        assertThat(of(0)).isEqualTo(new OpenConnections(OptionalDouble.of(7), Optional.of(read), ""));

        time.pass(Duration.ofNanos(1));
        assertThat(of(0))
                .isEqualTo(new OpenConnections(OptionalDouble.empty(), Optional.of(read), "connection refused"));
        time.pass(PolledConnections.INTERVAL.multipliedBy(2));
        assertThat(told).last().isEqualTo("shop/billing unknown");
    }

    @Test
    void aPageThatNeverAnsweredSaysWhy() {
        pages.answer = page -> Optional.of(Found.failed("has no gauge open"));
        connections.watch(BILLING, pages(1));
        time.pass(Duration.ofSeconds(2));

        assertThat(of(0)).isEqualTo(new OpenConnections(OptionalDouble.empty(), Optional.empty(), "has no gauge open"));
    }

    @Test
    void theSumIsOfThoseThatAreKnown() {
        pages.answer = page ->
                Optional.of(page.equals(page(0)) ? Found.failed("timed out") : Found.of(page.equals(page(1)) ? 3 : 4));
        connections.watch(BILLING, pages(3));
        time.pass(Duration.ofSeconds(2));

        assertThat(told).last().isEqualTo("shop/billing 7.0");
        assertThat(connections.of(BILLING)).hasSize(3);
    }

    @Test
    void whatIsNoLongerWatchedIsForgottenThoughItsAnswerComes() {
        pages.answer = page -> Optional.empty();
        connections.watch(BILLING, pages(2));
        time.pass(Duration.ofSeconds(2));
        connections.watch(BILLING, Set.of(page(0)));
        assertThat(connections.of(BILLING)).containsOnlyKeys("10.0.0.0");

        connections.watch(BILLING, Set.of());
        pages.open.forEach(found -> found.complete(Found.of(9)));

        assertThat(connections.of(BILLING)).isEqualTo(Map.of());
        assertThat(told).last().isEqualTo("shop/billing unknown");
        assertThat(told).doesNotContain("shop/billing 9.0", "shop/billing 18.0");
        time.pass(Duration.ofMinutes(5));
        assertThat(pages.read).hasSize(2);
    }

    @Test
    void watchingTheSameAgainChangesNothing() {
        connections.watch(BILLING, pages(1));
        time.pass(Duration.ofSeconds(2));
        connections.watch(BILLING, pages(1));

        assertThat(of(0).open()).hasValue(7);
        assertThat(pages.read).hasSize(1);
    }

    @Test
    void afterTheEndNothingIsRead() {
        connections.watch(BILLING, pages(3));
        connections.close();
        time.pass(Duration.ofMinutes(5));

        assertThat(pages.read).isEmpty();
        assertThat(pages.closed).isTrue();
    }
}
