package bridge.bailey.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ec2PaceTest {

    /** Takes nothing away. */
    private static final RandomGenerator NO_JITTER = () -> 0;

    @ParameterizedTest
    @CsvSource({"PT30S, PT24S", "PT1S, PT0.8S", "PT10M, PT8M"})
    void afterAGoodAnswerAQueryRestsForARefreshOrUpToAFifthLess(Duration refresh, Duration least) {
        assertThat(mostJitter(refresh).rest()).isEqualTo(least);
        assertThat(new Ec2Pace(refresh, NO_JITTER).rest()).isEqualTo(refresh);
    }

    @ParameterizedTest
    @CsvSource({
        "PT30S, true,  1,   PT30S",
        "PT30S, true,  2,   PT1M",
        "PT30S, true,  3,   PT2M",
        "PT30S, true,  4,   PT2M",
        "PT30S, true,  999, PT2M",
        "PT30S, false, 1,   PT5S",
        "PT30S, false, 3,   PT20S",
        "PT30S, false, 99,  PT2M",
        "PT1S,  false, 1,   PT1S",
        "PT10M, true,  1,   PT10M",
        "PT10M, true,  9,   PT10M",
    })
    void afterFailuresItRestsTwiceAsLongEachTimeOrUpToAHalfLess(
            Duration refresh, boolean known, int failures, Duration most) {
        assertThat(new Ec2Pace(refresh, NO_JITTER).restAfterFailure(failures, known))
                .isEqualTo(most);
        assertThat(mostJitter(refresh).restAfterFailure(failures, known)).isEqualTo(most.dividedBy(2));
    }

    private static Ec2Pace mostJitter(Duration refresh) {
        return new Ec2Pace(refresh, new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public long nextLong(long bound) {
                return bound - 1;
            }
        });
    }
}
