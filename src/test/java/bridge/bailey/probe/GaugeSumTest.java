package bridge.bailey.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import bridge.bailey.probe.PageReader.Found;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of a page in Prometheus' text format. */
class GaugeSumTest {

    private static Found read(String page) {
        return read(page, Integer.MAX_VALUE);
    }

    /** In pieces of so many bytes. */
    private static Found read(String page, int piece) {
        GaugeSum sum = new GaugeSum("open");
        byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i += Math.min(piece, bytes.length)) {
            sum.add(Arrays.copyOfRange(bytes, i, (int) Math.min(bytes.length, (long) i + piece)));
        }
        return sum.found();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "open 7 | 7",
                "open 7 1763888400000 | 7",
                "open 1.5e3 | 1500",
                "open +0 | 0",
                "open .5 | 0.5",
                "open{} 7 | 7",
                "open{port=\"80\"} 7 | 7",
                "open {port=\"80\"}7 | 7",
                "open{a=\"}\",b=\"\\\"} 9 \"} 7 | 7",
                "open{a=\"\\\\\"} 7 | 7",
                "# TYPE open gauge;open 7 | 7",
                "# TYPE open untyped;open 7 | 7",
                "# HELP open How many.;open 7 | 7",
                "# open 9;open 7 | 7",
                "  open\t7\t | 7",
                "open{a=\"1\"} 7;open{a=\"2\"} 5 | 12",
                "open_total 9;opened 9;reopen 9;open 7 | 7",
                "half a line{;open 7 | 7",
            })
    void theSamplesOfTheGaugeAreSummed(String page, double sum) {
        assertThat(read(page.replace(';', '\n') + "\n")).isEqualTo(Found.of(sum));
        assertThat(read(page.replace(';', '\n'))).as("without a last newline").isEqualTo(Found.of(sum));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "open",
                "open ",
                "open NaN",
                "open +Inf",
                "open seven",
                "open 0x7",
                "open 7d",
                "open 7 8 9",
                "open 7 soon",
                "open{a=\"1\" 7",
                "open{a=\"1} 7",
                "open 7\nopen{a=\"1\"} NaN\nopen 7",
                "open -1",
                "open 1e308\nopen 1e308",
                "# TYPE open counter\nopen 7",
                "# TYPE open histogram\nopen 7",
                "other 7",
                "",
            })
    void whatIsNoCountIsNotKnown(String page) {
        Found found = read(page);

        assertThat(found.open()).isEmpty();
        assertThat(found.error()).contains("open");
    }

    @Test
    void aLineOfTheGaugeThatIsTooLongIsNotGuessedAt() {
        String label = "{a=\"" + "x".repeat(70_000) + "\"} 7\n";

        assertThat(read("open" + label).open()).isEmpty();
        assertThat(read("other" + label + "open 7\n")).isEqualTo(Found.of(7));
    }

    @Property(tries = 300)
    void whatThePrometheusClientWritesIsReadHoweverItArrives(
            @ForAll @Size(max = 6) Map<String, @DoubleRange(min = 0, max = 1e12) Double> samples,
            @ForAll @IntRange(min = 1, max = 50) int piece)
            throws IOException {
        CollectorRegistry registry = new CollectorRegistry();
        Gauge.build("opened", "Another.").register(registry).set(9);
        Gauge gauge = Gauge.build("open", "It's \"open\"\n# TYPE open counter\n")
                .labelNames("peer")
                .register(registry);
        samples.forEach((peer, value) -> gauge.labels(peer).set(value));
        StringWriter page = new StringWriter();
        TextFormat.write004(page, registry.metricFamilySamples());

        Found found = read(page.toString(), piece);

        double expected = samples.values().stream().mapToDouble(d -> d).sum();
        if (samples.isEmpty()) {
            assertThat(found.open()).isEmpty();
        } else {
            assertThat(found.open().orElseThrow()).isCloseTo(expected, within(1e-9 * Math.max(1, expected)));
        }
    }

    @Property(tries = 500)
    void noPageMakesItFail(@ForAll String before, @ForAll String after, @ForAll @IntRange(min = 1, max = 9) int piece) {
        Found found = read(before + "open" + after, piece);

        assertThat(found.open().isPresent()).isEqualTo(found.error().isEmpty());
    }
}
