package bridge.bailey.metrics;

import bridge.bailey.model.InstanceState;
import bridge.bailey.view.CutoverVerdict;
import bridge.bailey.view.ServiceView;
import bridge.bailey.view.Side;
import bridge.bailey.view.Tally;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The gauges of the bridged services, read from the overview when Prometheus asks. */
public final class ServiceMetrics extends Collector {

    private static final List<InstanceState> STATES = List.of(InstanceState.values());
    private static final List<CutoverVerdict.Step> STEPS = List.of(CutoverVerdict.Step.values());

    private final Supplier<List<ServiceView>> services;

    public ServiceMetrics(Supplier<List<ServiceView>> services) {
        this.services = services;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        GaugeMetricFamily instances = new GaugeMetricFamily(
                "bailey_instances",
                "Instances of a bridged service; a side has series only while the service has that side.",
                List.of("namespace", "service", "side", "state"));
        GaugeMetricFamily disagreement = new GaugeMetricFamily(
                "bailey_health_disagreement",
                "Instances about whose health Consul, Kubernetes and the probe disagree.",
                List.of("namespace", "service"));
        GaugeMetricFamily safe = new GaugeMetricFamily(
                "bailey_cutover_safe",
                "Whether a step of the cutover is safe, from what Bailey knows.",
                List.of("namespace", "service", "step"));
        GaugeMetricFamily stale =
                new GaugeMetricFamily("bailey_stale_services", "Services of which what is known is stale.", List.of());
        int staleServices = 0;
        for (ServiceView service : services.get()) {
            String namespace = service.key().namespace();
            String name = service.key().name();
            if (service.sides().inKubernetes()) {
                add(instances, service, Side.KUBERNETES, service.sides().kubernetes());
            }
            if (service.sides().inLegacy()) {
                add(instances, service, Side.LEGACY, service.sides().legacy());
            }
            disagreement.addMetric(List.of(namespace, name), service.disagreements());
            for (CutoverVerdict.Step step : STEPS) {
                safe.addMetric(
                        List.of(namespace, name, step.name().toLowerCase(Locale.ROOT)),
                        service.verdict().safe(step) ? 1 : 0);
            }
            staleServices += service.stale().isEmpty() ? 0 : 1;
        }
        stale.addMetric(List.of(), staleServices);
        return List.of(instances, disagreement, safe, stale);
    }

    private static void add(GaugeMetricFamily instances, ServiceView service, Side side, Tally tally) {
        for (InstanceState state : STATES) {
            instances.addMetric(
                    List.of(service.key().namespace(), service.key().name(), side.toString(), state.toString()),
                    tally.of(state));
        }
    }
}
