package bridge.bailey.cli;

import bridge.bailey.config.BaileyConfig;
import bridge.bailey.config.Settings;
import bridge.bailey.consul.Backoff;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.flow.LegacySide;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.probe.Connections;
import bridge.bailey.probe.PolledConnections;
import bridge.bailey.probe.ProbeObserver;
import bridge.bailey.probe.Prober;
import bridge.bailey.probe.Probes;
import bridge.bailey.source.AwsEc2;
import bridge.bailey.source.ConsulDiscovery;
import bridge.bailey.source.Discovery;
import bridge.bailey.source.Ec2Discovery;
import bridge.bailey.source.LegacyDeclarations;
import bridge.bailey.source.LegacyResources;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Where the legacy side is read from: the real systems, as they are configured. */
public final class LegacySystems implements LegacySide.Systems {

    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);

    private final Settings settings;
    private final KubernetesClient kubernetes;
    private final ConsulHttp consul;
    private final Vertx vertx;
    private final ProbeObserver observer;
    private final InstantSource clock = InstantSource.system();

    /** Safe for several threads. */
    private final RandomGenerator random = new Random();

    /** All but the settings stay open when the legacy side is closed. */
    public LegacySystems(
            Settings settings, KubernetesClient kubernetes, ConsulHttp consul, Vertx vertx, ProbeObserver observer) {
        this.settings = settings;
        this.kubernetes = kubernetes;
        this.consul = consul;
        this.vertx = vertx;
        this.observer = observer;
    }

    @Override
    public LegacyDeclarations declarations() {
        return new LegacyResources(kubernetes, settings.legacyRules().namespaces(), settings.legacyDefaults(), clock);
    }

    @Override
    public Discovery<Ec2Query, Ec2Instance> ec2(Discovery.Listener<Ec2Query> listener) {
        BaileyConfig config = settings.config();
        return new Ec2Discovery(new AwsEc2(config.cluster()), config.ec2().refresh(), clock, random, listener);
    }

    @Override
    public Discovery<ConsulQuery, ConsulInstance> consul(Discovery.Listener<ConsulQuery> listener) {
        return new ConsulDiscovery(
                consul,
                ConsulDiscovery.Timing.DEFAULT,
                new Backoff(FIRST_RETRY.toNanos(), LONGEST_RETRY.toNanos(), random),
                clock,
                listener);
    }

    @Override
    public Connections connections() {
        return new PolledConnections(vertx, random, clock, observer);
    }

    @Override
    public Probes probes(Probes.Listener listener) {
        return new Prober(
                vertx,
                settings.config().probe().maxInFlight(),
                settings.legacyDefaults().failOpenBelow(),
                random,
                clock,
                System::nanoTime,
                listener,
                observer);
    }
}
