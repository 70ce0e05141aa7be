package bridge.bailey.flow;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.consul.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TrustTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final Trust trust = new Trust(new Backoff(100, 1000, new SplittableRandom(1)), 0);

    @Test
    void itIsNotGivenBeforeTheTargetWasRead() {
        assertThat(trust.given()).isFalse();
        assertThat(trust.pause(0)).isNotPositive();

        assertThat(trust.give(NOON)).as("there was no outage").isEmpty();

        assertThat(trust.given()).isTrue();
    }

    @Test
    void aFailureTakesItAwayAndMakesTheNextTryWaitLongerEachTime() {
        trust.give(NOON);

        long first = trust.lose("no answer", 0);
        long third = trust.lose("no answer", 0) + trust.lose("no answer", 0);

        assertThat(trust.given()).isFalse();
        assertThat(first).isBetween(50L, 100L);
        assertThat(third).isGreaterThan(first);
        assertThat(trust.pause(0)).isPositive();
        assertThat(trust.doubts()).isEqualTo(3);
    }

    @Test
    void aReadingAloneDoesNotShortenTheNextWaitButAConfirmationDoes() {
        trust.lose("no answer", 0);
        trust.lose("no answer", 0);
        trust.lose("no answer", 0);
        trust.give(NOON);
        assertThat(trust.lose("no answer", 0)).isGreaterThan(200);

        trust.give(NOON);
        trust.confirm();

        assertThat(trust.lose("no answer", 0)).isBetween(50L, 100L);
    }

    @Test
    void anOutageLastsFromItsFirstFailureUntilTheTargetWasRead() {
        trust.outage(NOON);
        trust.lose("no answer", 0);
        trust.outage(NOON.plusSeconds(10));
        trust.lose("still no answer", 0);
        assertThat(trust.targetUp()).isFalse();
        assertThat(trust.error()).hasValue("still no answer");

        assertThat(trust.give(NOON.plusSeconds(34))).hasValue(Duration.ofSeconds(34));

        assertThat(trust.targetUp()).isTrue();
        assertThat(trust.error()).isEmpty();
    }

    @Test
    void aQuestionTakesItAwayWithoutAWait() {
        trust.give(NOON);

        trust.question();

        assertThat(trust.given()).isFalse();
        assertThat(trust.pause(0)).isNotPositive();
    }
}
