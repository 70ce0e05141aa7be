package bridge.bailey.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Prometheus would take, and what it would drop. */
class ExpositionTest {

    private static Exposition read(String body) throws Failure {
        return Exposition.read(new Answer("/metrics", 200, "text/plain", body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up 1",
                "up{} 1",
                "up{a=\"b\"} 1.5e-3",
                "up{a=\"b\",} NaN 1395066363000",
                "up{a=\"b\",c=\"d, \\\"e\\\" } \\\\ \\n\"}\t+Inf",
                "a:b_total{le=\"0.5\"} 3 1520879607.789 # {trace_id=\"x\"} 0.67"
            })
    void aLineIsReadAsPrometheusReadsIt(String line) throws Failure {
        assertThat(read("# HELP up Whether.\n# TYPE up gauge\n\n" + line + "\n# EOF\n")
                        .series())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up",
                "1up 1",
                "up{a=b} 1",
                "up{a=\"b} 1",
                "up{a=\"b\"c=\"d\"} 1",
                "up{,} 1",
                "up one",
                "up 0x",
                "{\"status\": \"UP\"}",
                "up{a=\"\\x\"} 1"
            })
    void aLineThatEndsAScrapeIsToldWithItsNumber(String line) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> read("ok 1\n" + line + "\n"))
                .withMessageContaining("/metrics, line 2 can't be read by Prometheus")
                .satisfies(failure -> assertThat(failure.isLasting()).isTrue());
    }

    @Test
    void namesAndSeriesAreCounted() throws Failure {
        assertThat(read("a{x=\"1\"} 1\na{x=\"2\"} 1\nb 2\n")).hasToString("3 series of 2 names");
    }

    @Test
    void nothingIsAFailure() {
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> read("# nothing\n"));
    }

    @Test
    void aLongLineWithoutAnEndCostsNoTime() {
        String line = "up{" + "a=\"b\",".repeat(100_000);
        long began = System.nanoTime();
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> read(line));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }
}
