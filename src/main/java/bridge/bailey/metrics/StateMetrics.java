package bridge.bailey.metrics;

import bridge.bailey.flow.FlowStatus;
import bridge.bailey.model.Finding;
import bridge.bailey.source.Source;
import bridge.bailey.target.ConsulTarget;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The gauges that are read when Prometheus asks, rather than kept. */
public final class StateMetrics extends Collector {

    private final Supplier<FlowStatus> status;
    private final Supplier<ConsulTarget.Owned> owned;
    private final Supplier<List<Source.Part>> sources;
    private final Supplier<List<Finding>> findings;

    public StateMetrics(
            Supplier<FlowStatus> status,
            Supplier<ConsulTarget.Owned> owned,
            Supplier<List<Source.Part>> sources,
            Supplier<List<Finding>> findings) {
        this.status = status;
        this.owned = owned;
        this.sources = sources;
        this.findings = findings;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        FlowStatus flow = status.get();
        String name = flow.flow();
        GaugeMetricFamily ownedNow =
                gauge("bailey_owned", "What a flow's target holds of ours.", List.of("flow", "kind"));
        ownedNow.addMetric(List.of(name, "services"), owned.get().services());
        ownedNow.addMetric(List.of(name, "instances"), owned.get().instances());

        GaugeMetricFamily up = gauge("bailey_source_up", "Whether a source is connected.", List.of("source"));
        GaugeMetricFamily age = gauge(
                "bailey_source_age_seconds",
                "For how long a source may have missed changes; 0 while it is connected.",
                List.of("source"));
        for (Source.Part part : sources.get()) {
            up.addMetric(List.of(part.name()), part.up() ? 1 : 0);
            age.addMetric(List.of(part.name()), part.ageSeconds());
        }

        GaugeMetricFamily targetUp =
                gauge("bailey_target_up", "Whether a flow's target answered last time.", List.of("flow"));
        targetUp.addMetric(List.of(name), flow.targetUp() ? 1 : 0);

        GaugeMetricFamily waiting =
                gauge("bailey_waiting_services", "Services whose changes wait for a pass.", List.of("flow"));
        waiting.addMetric(List.of(name), flow.waiting());

        return List.of(ownedNow, up, age, targetUp, waiting, findings(name));
    }

    private GaugeMetricFamily findings(String flow) {
        GaugeMetricFamily all = gauge("bailey_findings", "What users should mend.", List.of("flow", "kind"));
        Map<Finding.Kind, Long> counts =
                findings.get().stream().collect(Collectors.groupingBy(Finding::kind, Collectors.counting()));
        for (Finding.Kind kind : Finding.Kind.values()) {
            all.addMetric(List.of(flow, kind.name().toLowerCase(Locale.ROOT)), counts.getOrDefault(kind, 0L));
        }
        return all;
    }

    private static GaugeMetricFamily gauge(String name, String help, List<String> labels) {
        return new GaugeMetricFamily(name, help, labels);
    }
}
