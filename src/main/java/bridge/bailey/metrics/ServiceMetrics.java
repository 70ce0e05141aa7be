package bridge.bailey.metrics;

import bridge.bailey.model.InstanceState;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.view.CutoverVerdict;
import bridge.bailey.view.ServiceView;
import bridge.bailey.view.Side;
import bridge.bailey.view.Tally;
import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The gauges of the bridged services, read from the overview when Prometheus asks; only those that changed are made anew. */
public final class ServiceMetrics extends Collector {

    private static final String INSTANCES = "bailey_instances";
    private static final String DISAGREEMENT = "bailey_health_disagreement";
    private static final String SAFE = "bailey_cutover_safe";
    private static final String STALE = "bailey_stale_services";

    private static final List<String> OF_SERVICE = List.of("namespace", "service");
    private static final List<String> OF_STATE = List.of("namespace", "service", "side", "state");
    private static final List<String> OF_STEP = List.of("namespace", "service", "step");

    private final Supplier<List<ServiceView>> services;
    private Map<ServiceKey, Samples> last = new HashMap<>();

    public ServiceMetrics(Supplier<List<ServiceView>> services) {
        this.services = services;
    }

    /** The samples of one service, as long as its view is the same one. */
    private record Samples(
            ServiceView view,
            List<MetricFamilySamples.Sample> instances,
            MetricFamilySamples.Sample disagreement,
            List<MetricFamilySamples.Sample> safe) {}

    @Override
    public List<MetricFamilySamples> collect() {
        return families(services.get());
    }

    private synchronized List<MetricFamilySamples> families(List<ServiceView> views) {
        Map<ServiceKey, Samples> now = new HashMap<>();
        List<MetricFamilySamples.Sample> instances = new ArrayList<>();
        List<MetricFamilySamples.Sample> disagreement = new ArrayList<>();
        List<MetricFamilySamples.Sample> safe = new ArrayList<>();
        int stale = 0;
        for (ServiceView view : views) {
            Samples samples = samples(view);
            now.put(view.key(), samples);
            instances.addAll(samples.instances());
            disagreement.add(samples.disagreement());
            safe.addAll(samples.safe());
            stale += view.stale().isEmpty() ? 0 : 1;
        }
        last = now;
        List<MetricFamilySamples> all = new ArrayList<>();
        all.add(family(
                INSTANCES,
                "Instances of a bridged service; a side has series only while the service has that side.",
                instances));
        all.add(family(
                DISAGREEMENT, "Instances about whose health Consul, Kubernetes and the probe disagree.", disagreement));
        all.add(family(SAFE, "Whether a step of the cutover is safe, from what Bailey knows.", safe));
        all.add(family(
                STALE,
                "Services of which what is known is stale.",
                List.of(sample(STALE, List.of(), List.of(), stale))));
        return all;
    }

    private static MetricFamilySamples family(String name, String help, List<MetricFamilySamples.Sample> samples) {
        return new MetricFamilySamples(name, Type.GAUGE, help, samples);
    }

    @SuppressWarnings("ReferenceEquality") // An equal view that is not the same costs what a new one costs.
    private Samples samples(ServiceView view) {
        Samples known = last.get(view.key());
        return known != null && known.view() == view ? known : make(view);
    }

    private static Samples make(ServiceView view) {
        String namespace = view.key().namespace();
        String name = view.key().name();
        List<MetricFamilySamples.Sample> instances = new ArrayList<>();
        if (view.sides().inKubernetes()) {
            add(instances, view, Side.KUBERNETES, view.sides().kubernetes());
        }
        if (view.sides().inLegacy()) {
            add(instances, view, Side.LEGACY, view.sides().legacy());
        }
        List<MetricFamilySamples.Sample> safe = new ArrayList<>();
        for (CutoverVerdict.Step step : CutoverVerdict.Step.values()) {
            safe.add(sample(
                    SAFE,
                    OF_STEP,
                    List.of(namespace, name, step.name().toLowerCase(Locale.ROOT)),
                    view.verdict().safe(step) ? 1 : 0));
        }
        return new Samples(
                view,
                instances,
                sample(DISAGREEMENT, OF_SERVICE, List.of(namespace, name), view.disagreements()),
                safe);
    }

    private static void add(List<MetricFamilySamples.Sample> all, ServiceView view, Side side, Tally tally) {
        for (InstanceState state : InstanceState.values()) {
            all.add(sample(
                    INSTANCES,
                    OF_STATE,
                    List.of(view.key().namespace(), view.key().name(), side.toString(), state.toString()),
                    tally.of(state)));
        }
    }

    private static MetricFamilySamples.Sample sample(
            String name, List<String> labels, List<String> values, double value) {
        return new MetricFamilySamples.Sample(name, labels, values, value);
    }
}
