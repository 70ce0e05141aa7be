package bridge.bailey.probe;

import static bridge.bailey.model.Health.HEALTHY;
import static bridge.bailey.model.Health.UNHEALTHY;
import static bridge.bailey.model.Health.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.Health;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HysteresisTest {

    /** With rise 2 and fall 3: + passed, - failed, and what is measured after all of them. */
    static Stream<Arguments> sequences() {
        return Stream.of(
                Arguments.of("", UNKNOWN),
                Arguments.of("+", UNKNOWN),
                Arguments.of("++", HEALTHY),
                Arguments.of("--", UNKNOWN),
                Arguments.of("---", UNHEALTHY),
                Arguments.of("+-+-+-", UNKNOWN),
                Arguments.of("++--+--+--", HEALTHY),
                Arguments.of("++---", UNHEALTHY),
                Arguments.of("---+-+-+", UNHEALTHY),
                Arguments.of("---++", HEALTHY),
                Arguments.of("+++++++---", UNHEALTHY));
    }

    @ParameterizedTest
    @MethodSource("sequences")
    void itTakesAsManyInARowAsAskedFor(String sequence, Health measured) {
        Hysteresis hysteresis = Hysteresis.NEW;
        for (int i = 0; i < sequence.length(); i++) {
            hysteresis = sequence.charAt(i) == '+' ? hysteresis.passed(2) : hysteresis.failed(3);
        }

        assertThat(hysteresis.measured()).isEqualTo(measured);
    }

    @Property
    void itIsWhatTheLastLongEnoughRowSays(
            @ForAll @Size(max = 60) List<Boolean> outcomes,
            @ForAll @IntRange(min = 1, max = 6) int rise,
            @ForAll @IntRange(min = 1, max = 6) int fall) {
        Hysteresis hysteresis = Hysteresis.NEW;
        Health expected = UNKNOWN;
        int row = 0;
        for (int i = 0; i < outcomes.size(); i++) {
            boolean passed = outcomes.get(i);
            row = i > 0 && outcomes.get(i - 1) == passed ? row + 1 : 1;
            if (row >= (passed ? rise : fall)) {
                expected = passed ? HEALTHY : UNHEALTHY;
            }
            hysteresis = passed ? hysteresis.passed(rise) : hysteresis.failed(fall);
            assertThat(hysteresis.measured()).isEqualTo(expected);
        }
    }
}
