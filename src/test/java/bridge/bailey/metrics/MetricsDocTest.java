package bridge.bailey.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.docs.GeneratedPart;
import bridge.bailey.flow.FlowStatus;
import bridge.bailey.flow.PassReport;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Thing;
import bridge.bailey.plan.Things;
import bridge.bailey.probe.ProbeResult;
import bridge.bailey.source.Source;
import bridge.bailey.target.Outcome;
import bridge.bailey.target.Owned;
import bridge.bailey.view.CutoverVerdict;
import bridge.bailey.view.ServiceView;
import bridge.bailey.view.Status;
import bridge.bailey.view.Tally;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table in docs/metrics.md is what is registered. */
class MetricsDocTest {

    private static final Path PAGE = Path.of("docs/metrics.md");
    private static final String FLOW = "to-consul";
    private static final ServiceView SOME = new ServiceView(
            Things.KEYS.get(0),
            List.of(),
            Status.UP,
            new ServiceView.Sides(true, Tally.NONE, true, Tally.NONE),
            0,
            List.of(),
            0,
            0,
            0,
            new CutoverVerdict(List.of(), List.of(), Optional.empty()),
            Instant.EPOCH,
            Instant.EPOCH);

    @Test
    void theTableOfMetricsIsWhatIsRegistered() throws IOException {
        StringBuilder text = new StringBuilder("\n| name | type | labels | meaning |\n|---|---|---|---|\n");
        families()
                .forEach(family -> text.append("| `%s` | %s | %s | %s |\n"
                        .formatted(
                                nameOf(family),
                                family.type.name().toLowerCase(Locale.ROOT),
                                labelsOf(family),
                                family.help)));
        text.append('\n');

        GeneratedPart.check(PAGE, text.toString());
    }

    @Test
    void namesAreThoseThatPrometheusAdvises() {
        assertThat(families()).allSatisfy(family -> {
            assertThat(nameOf(family)).matches("bailey_[a-z_]+");
            assertThat(family.help).endsWith(".");
            assertThat(family.type == Collector.Type.HISTOGRAM).isEqualTo(isTimed(family));
        });
    }

    private static boolean isTimed(MetricFamilySamples family) {
        return family.name.endsWith("_seconds") && !family.name.contains("source_age");
    }

    private static String nameOf(MetricFamilySamples family) {
        return family.type == Collector.Type.COUNTER ? family.name + "_total" : family.name;
    }

    private static String labelsOf(MetricFamilySamples family) {
        assertThat(family.samples)
                .as("samples of " + family.name + ", which tell its labels")
                .isNotEmpty();
        TreeSet<String> labels = family.samples.stream()
                .flatMap(s -> s.labelNames.stream())
                .collect(Collectors.toCollection(TreeSet::new));
        labels.remove("le");
        return labels.stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
    }

    /** Each of ours, with at least one sample: something must have happened. */
    private static List<MetricFamilySamples> families() {
        Metrics metrics = new Metrics(List.of(FLOW), "1", "abc");
        metrics.passed(new PassReport<>(
                FLOW,
                true,
                List.of(new Outcome<>(
                        new Change.Create<>(new Thing(Things.KEYS.get(0), 1, 1)), Outcome.Kind.APPLIED, "")),
                List.of(),
                Map.of(),
                List.of(),
                0.1));
        metrics.observed("txn", 500, 0.1);
        metrics.observed(Things.KEYS.get(0), ProbeResult.SUCCESS, 0.1);
        metrics.began(0);
        metrics.connections(Things.KEYS.get(0), OptionalDouble.of(1));
        metrics.register(new StateMetrics(
                () -> List.of(new StateMetrics.FlowState(
                        new FlowStatus(
                                FLOW, true, true, true, 0, Optional.empty(), Optional.empty(), Optional.empty(), 0),
                        new Owned(1, 1),
                        List.of(),
                        Map.of())),
                () -> List.of(new Source.Part("services", true, 0, Optional.empty())),
                () -> true));
        metrics.register(new ServiceMetrics(() -> List.of(SOME)));
        return Collections.list(metrics.registry().metricFamilySamples()).stream()
                .filter(family -> family.name.startsWith("bailey_"))
                .sorted(Comparator.comparing(family -> family.name))
                .toList();
    }
}
