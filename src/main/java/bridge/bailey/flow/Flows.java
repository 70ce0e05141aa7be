package bridge.bailey.flow;

import bridge.bailey.config.BaileyConfig;
import bridge.bailey.config.Settings;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.desired.Export;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ClusterService;
import bridge.bailey.model.Item;
import bridge.bailey.source.KubernetesSource;
import bridge.bailey.source.Source;
import bridge.bailey.target.ConsulTarget;
import bridge.bailey.target.KubernetesEvents;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The flows, wired. To-consul: Kubernetes' informers → what Consul should hold → the difference → Consul's transactions.
 */
public final class Flows implements AutoCloseable {

    /** The flow from the cluster to Consul. */
    public static final String TO_CONSUL = "to-consul";

    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);

    private final KubernetesSource source;
    private final ConsulTarget target;
    private final Flow<ClusterService, CatalogEntry> flow;
    private final FlowLoop<ClusterService, CatalogEntry> loop;
    private final KubernetesEvents events;
    private final boolean enabled;

    public Flows(Settings settings, KubernetesClient kubernetes, ConsulHttp consul, List<FlowObserver> observers) {
        InstantSource clock = InstantSource.system();
        source = new KubernetesSource(kubernetes, settings.config().export().ingress(), clock);
        target = new ConsulTarget(
                consul,
                settings.config().cluster(),
                settings.consulNode(),
                settings.consul().maxOps());
        events = new KubernetesEvents(kubernetes, source::uidOf, clock);
        enabled = settings.config().export().enabled();
        flow = new Flow<>(TO_CONSUL, source, new Export(settings.exportRules()), target, System::nanoTime);
        loop = new FlowLoop<>(
                flow,
                source,
                target,
                timing(settings.config()),
                new Backoff(FIRST_RETRY.toNanos(), LONGEST_RETRY.toNanos(), new SplittableRandom()),
                System::nanoTime,
                clock,
                new FlowObservers(Stream.concat(observers.stream(), Stream.of(eventWriter()))
                        .toList()));
    }

    private static FlowLoop.Timing timing(BaileyConfig config) {
        return new FlowLoop.Timing(config.quiet(), config.maxWait(), config.resync());
    }

    private FlowObserver eventWriter() {
        return new FlowObserver() {
            @Override
            public void passed(PassReport<? extends Item> report) {
                events.report(report.newFindings());
            }
        };
    }

    /** The flow itself, to be planned without a loop. */
    public Flow<ClusterService, CatalogEntry> flow() {
        return flow;
    }

    public KubernetesSource source() {
        return source;
    }

    public ConsulTarget target() {
        return target;
    }

    /** Starts what is enabled. */
    public void start() {
        if (enabled) {
            loop.start();
        }
    }

    /** Whether the flow is enabled; if not, what it wrote once stays as it is. */
    public boolean enabled() {
        return enabled;
    }

    public FlowStatus status() {
        return loop.status();
    }

    /** How current each part of the source is. */
    public List<Source.Part> sources() {
        return source.parts();
    }

    @Override
    public void close() {
        loop.close();
        events.close();
        target.close();
    }
}
