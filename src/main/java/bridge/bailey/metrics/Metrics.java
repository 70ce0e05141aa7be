package bridge.bailey.metrics;

import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.flow.FlowObserver;
import bridge.bailey.flow.PassReport;
import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.probe.ProbeObserver;
import bridge.bailey.probe.ProbeResult;
import bridge.bailey.source.ApiObserver;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.prometheus.client.hotspot.DefaultExports;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Every metric, by its name. Label values are bounded: enums, and names that Bailey itself gives. */
public final class Metrics implements FlowObserver, ConsulHttp.Observer, ApiObserver, ProbeObserver {

    private static final String CONSUL = "consul";
    private static final String KUBERNETES = "kubernetes";
    private static final String SERVICE = "service";
    private static final String BRIDGE = "bridge";

    private final CollectorRegistry registry = new CollectorRegistry();

    private final Histogram propagation = Histogram.build()
            .name("bailey_propagation_seconds")
            .help("Time from a source's event to the target's acknowledgement.")
            .labelNames("flow")
            .buckets(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60)
            .register(registry);

    private final Histogram passDuration = Histogram.build()
            .name("bailey_pass_duration_seconds")
            .help("Duration of a pass.")
            .labelNames("flow", "scope", "outcome")
            .buckets(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10)
            .register(registry);

    private final Counter passes = Counter.build()
            .name("bailey_passes_total")
            .help("Passes.")
            .labelNames("flow", "scope", "outcome")
            .register(registry);

    private final Counter changes = Counter.build()
            .name("bailey_changes_total")
            .help("Changes to a target, by what became of them.")
            .labelNames("flow", "action", "outcome")
            .register(registry);

    private final Counter disturbances = Counter.build()
            .name("bailey_disturbances_total")
            .help("How often a target was not what was read from it: wiped, restored or edited by others.")
            .labelNames("flow")
            .register(registry);

    private final Histogram targetRequests = Histogram.build()
            .name("bailey_target_request_seconds")
            .help("Duration of a request to a target, each try for itself; of a watch, until it was established.")
            .labelNames("target", "kind")
            .buckets(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10)
            .register(registry);

    private final Counter targetErrors = Counter.build()
            .name("bailey_target_errors_total")
            .help("Requests to a target that it did not answer, or answered with an error.")
            .labelNames("target", "kind")
            .register(registry);

    private final Counter probes = Counter.build()
            .name("bailey_probes_total")
            .help("Probes of legacy instances, by how they ended.")
            .labelNames("namespace", "service", "result")
            .register(registry);

    private final Histogram probeDuration = Histogram.build()
            .name("bailey_probe_duration_seconds")
            .help("Duration of a probe.")
            .labelNames("namespace", "service", "result")
            .buckets(.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5)
            .register(registry);

    private final Histogram probeLateness = Histogram.build()
            .name("bailey_probe_lateness_seconds")
            .help("How long after its time a probe began.")
            .buckets(.001, .0025, .005, .01, .025, .05, .1, .5, 1, 5)
            .register(registry);

    private final Gauge connections = Gauge.build()
            .name("bailey_legacy_connections")
            .help("Connections that the machines of a service have open, of those that told it lately.")
            .labelNames("namespace", "service")
            .register(registry);

    private final Gauge suspected = Gauge.build()
            .name("bailey_suspected_paths")
            .help("Services, or the bridge as a whole, of which so many instances fail that the last good verdicts are"
                    + " kept.")
            .labelNames("scope")
            .register(registry);

    private final Gauge eventStreams = Gauge.build()
            .name("bailey_event_streams")
            .help("Clients that listen at /api/events.")
            .register(registry);

    /**
     * Makes the metrics.
     *
     * @param flows whose series start at zero rather than with the first event, so that rates see it
     */
    public Metrics(List<String> flows, String version, String revision) {
        DefaultExports.register(registry);
        Gauge.build()
                .name("bailey_build_info")
                .help("The version that runs; always 1.")
                .labelNames("version", "revision")
                .register(registry)
                .labels(version, revision)
                .set(1);
        suspected.labels(SERVICE);
        suspected.labels(BRIDGE);
        for (String flow : flows) {
            propagation.labels(flow);
            disturbances.labels(flow);
        }
    }

    /** Adds gauges that are read when Prometheus asks. */
    public void register(Collector state) {
        registry.register(state);
    }

    public CollectorRegistry registry() {
        return registry;
    }

    @Override
    public void passed(PassReport<? extends Item> report) {
        String scope = report.full() ? "full" : "keys";
        String outcome = lower(report.result());
        passes.labels(report.flow(), scope, outcome).inc();
        passDuration.labels(report.flow(), scope, outcome).observe(report.seconds());
        report.outcomes()
                .forEach(o -> changes.labels(report.flow(), lower(o.change().action()), lower(o.kind()))
                        .inc());
    }

    @Override
    public void propagated(String flow, double seconds) {
        propagation.labels(flow).observe(seconds);
    }

    @Override
    public void disturbed(String flow) {
        disturbances.labels(flow).inc();
    }

    @Override
    public void observed(String kind, int status, double seconds) {
        count(CONSUL, kind, status >= 200 && status < 300, seconds);
    }

    @Override
    public void requested(String verb, int status, double seconds) {
        count(KUBERNETES, verb, status > 0 && status < 300, seconds);
    }

    /** Series of errors begin at zero, so that rates see the first one. */
    private void count(String target, String kind, boolean well, double seconds) {
        targetRequests.labels(target, kind).observe(seconds);
        targetErrors.labels(target, kind).inc(well ? 0 : 1);
    }

    @Override
    public void observed(ServiceKey key, ProbeResult result, double seconds) {
        probes.labels(key.namespace(), key.name(), result.text()).inc();
        probeDuration.labels(key.namespace(), key.name(), result.text()).observe(seconds);
    }

    @Override
    public void began(double secondsLate) {
        probeLateness.observe(secondsLate);
    }

    @Override
    public void suspects(Optional<ServiceKey> service, boolean isSuspected, int healthy, int judged) {
        Gauge.Child gauge = suspected.labels(service.isPresent() ? SERVICE : BRIDGE);
        if (isSuspected) {
            gauge.inc();
        } else {
            gauge.dec();
        }
    }

    @Override
    public void forgotten(ServiceKey key) {
        for (ProbeResult result : ProbeResult.values()) {
            probes.remove(key.namespace(), key.name(), result.text());
            probeDuration.remove(key.namespace(), key.name(), result.text());
        }
    }

    @Override
    public void connections(ServiceKey key, OptionalDouble open) {
        if (open.isPresent()) {
            connections.labels(key.namespace(), key.name()).set(open.getAsDouble());
        } else {
            connections.remove(key.namespace(), key.name());
        }
    }

    /** How many clients listen to events. */
    public void eventStreams(int open) {
        eventStreams.set(open);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
