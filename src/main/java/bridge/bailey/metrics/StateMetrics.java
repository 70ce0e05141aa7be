package bridge.bailey.metrics;

import bridge.bailey.flow.FlowStatus;
import bridge.bailey.model.Finding;
import bridge.bailey.plan.Withheld;
import bridge.bailey.source.Source;
import bridge.bailey.target.Owned;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The gauges that are read when Prometheus asks, rather than kept. */
public final class StateMetrics extends Collector {

    private final Supplier<List<FlowState>> flows;
    private final Supplier<List<Source.Part>> sources;
    private final BooleanSupplier leads;

    /** How one flow does. */
    public record FlowState(
            FlowStatus status, Owned owned, List<Finding> findings, Map<Withheld.Reason, Long> withheld) {}

    public StateMetrics(Supplier<List<FlowState>> flows, Supplier<List<Source.Part>> sources, BooleanSupplier leads) {
        this.leads = leads;
        this.flows = flows;
        this.sources = sources;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        GaugeMetricFamily owned = gauge("bailey_owned", "What a flow's target holds of ours.", List.of("flow", "kind"));
        GaugeMetricFamily targetUp =
                gauge("bailey_target_up", "Whether a flow's target answered last time.", List.of("flow"));
        GaugeMetricFamily waiting =
                gauge("bailey_waiting_services", "Services whose changes wait for a pass.", List.of("flow"));
        GaugeMetricFamily findings = gauge("bailey_findings", "What users should mend.", List.of("flow", "kind"));
        GaugeMetricFamily withheld =
                gauge("bailey_withheld_changes", "Changes that are not made.", List.of("flow", "reason"));
        for (FlowState flow : flows.get()) {
            String name = flow.status().flow();
            owned.addMetric(List.of(name, "services"), flow.owned().services());
            owned.addMetric(List.of(name, "instances"), flow.owned().instances());
            targetUp.addMetric(List.of(name), flow.status().targetUp() ? 1 : 0);
            waiting.addMetric(List.of(name), flow.status().waiting());
            add(findings, name, flow.findings());
            for (Withheld.Reason reason : Withheld.Reason.values()) {
                withheld.addMetric(
                        List.of(name, reason.name().toLowerCase(Locale.ROOT)),
                        flow.withheld().getOrDefault(reason, 0L));
            }
        }
        GaugeMetricFamily up = gauge("bailey_source_up", "Whether a source is connected.", List.of("source"));
        GaugeMetricFamily age = gauge(
                "bailey_source_age_seconds",
                "For how long a source may have missed changes; 0 while it is connected.",
                List.of("source"));
        for (Source.Part part : sources.get()) {
            up.addMetric(List.of(part.name()), part.up() ? 1 : 0);
            age.addMetric(List.of(part.name()), part.ageSeconds());
        }
        GaugeMetricFamily leader = gauge("bailey_leader", "Whether this replica is the one that writes.", List.of());
        leader.addMetric(List.of(), leads.getAsBoolean() ? 1 : 0);
        return List.of(owned, up, age, targetUp, waiting, withheld, findings, leader);
    }

    private static void add(GaugeMetricFamily all, String flow, List<Finding> findings) {
        Map<Finding.Kind, Long> counts =
                findings.stream().collect(Collectors.groupingBy(Finding::kind, Collectors.counting()));
        for (Finding.Kind kind : Finding.Kind.values()) {
            all.addMetric(List.of(flow, kind.name().toLowerCase(Locale.ROOT)), counts.getOrDefault(kind, 0L));
        }
    }

    private static GaugeMetricFamily gauge(String name, String help, List<String> labels) {
        return new GaugeMetricFamily(name, help, labels);
    }
}
