package bridge.bailey.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    private static final long FIRST = 100;
    private static final long LONGEST = 1500;

    @ParameterizedTest(name = "after {0} failures at least {1}, at most {2}")
    @CsvSource({"1, 50, 100", "2, 100, 200", "3, 200, 400", "4, 400, 800", "5, 750, 1500", "6, 750, 1500"})
    void theWaitDoublesUpToALimit(int failures, long least, long most) {
        assertThat(new Backoff(FIRST, LONGEST, constant(0)).nanos(failures)).isEqualTo(least);
        assertThat(new Backoff(FIRST, LONGEST, constant(Long.MAX_VALUE)).nanos(failures))
                .isEqualTo(most);
    }

    @Property
    void theWaitNeverLeavesItsBounds(@ForAll @IntRange(min = 1) int failures, @ForAll long seed) {
        long wait = new Backoff(100_000_000, 15_000_000_000L, new SplittableRandom(seed)).nanos(failures);
        assertThat(wait).isBetween(50_000_000L, 15_000_000_000L);
    }

    @Test
    void manyInstancesDoNotRetryAtOneTime() {
        Backoff backoff = new Backoff(100_000_000, 15_000_000_000L, new SplittableRandom(1));
        assertThat(LongStream.range(0, 10).map(i -> backoff.nanos(3)).distinct().count())
                .isGreaterThan(5);
    }

    /** The smallest or the largest number that was asked for. */
    private static RandomGenerator constant(long most) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return most;
            }

            @Override
            public long nextLong(long bound) {
                return Math.min(most, bound - 1);
            }
        };
    }
}
