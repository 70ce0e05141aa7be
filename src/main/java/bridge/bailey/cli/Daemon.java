package bridge.bailey.cli;

import bridge.bailey.config.BaileyConfig;
import bridge.bailey.config.ConfigException;
import bridge.bailey.config.Settings;
import bridge.bailey.consul.ConsulAgent;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.desired.Decision;
import bridge.bailey.flow.Direction;
import bridge.bailey.flow.FlowLog;
import bridge.bailey.flow.Flows;
import bridge.bailey.lead.Alone;
import bridge.bailey.lead.Bulletin;
import bridge.bailey.lead.ElectedLeadership;
import bridge.bailey.lead.Leadership;
import bridge.bailey.metrics.Metrics;
import bridge.bailey.metrics.ServiceMetrics;
import bridge.bailey.metrics.StateMetrics;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.overview.Overview;
import bridge.bailey.probe.ProbeLog;
import bridge.bailey.source.ImpatientHttp;
import bridge.bailey.source.Source;
import bridge.bailey.view.Seen;
import bridge.bailey.view.Views;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** The parts of Bailey, made from the configuration and wired. Making them starts nothing. */
@Singleton
public class Daemon {

    private static final int REQUEST_RETRIES = 3;

    private final Settings settings;
    private final Version version = new Version();
    private final Metrics metrics;
    private final ConsulAgent agent;
    private final ConsulHttp consul;
    private final KubernetesClient kubernetes;
    private final Flows flows;
    private final Overview overview;
    private final Instant startedAt = Instant.now();
    private final List<Runnable> beforeStop = new CopyOnWriteArrayList<>();

    @Inject
    public Daemon(Vertx vertx) throws ConfigException {
        settings = Settings.load();
        metrics = new Metrics(List.of(Flows.TO_CONSUL, Flows.TO_KUBERNETES), version.version(), version.revision());
        consul = new ConsulHttp(settings.consul(), metrics);
        agent = consul.agent(InstantSource.system());
        kubernetes = new KubernetesClientBuilder()
                .withConfig(patience(Config.autoConfigure(null)))
                .withHttpClientFactory(new ImpatientHttp(vertx, ImpatientHttp.SILENCE, metrics))
                .build();
        checkContext(kubernetes.getConfiguration());
        overview = new Overview(
                new Views(settings.legacyRules(), settings.cutoverRules()),
                settings.config().view().staleAfter(),
                InstantSource.tick(InstantSource.system(), Duration.ofMillis(1)));
        flows = new Flows(
                settings,
                new Flows.Parts(
                        kubernetes,
                        consul,
                        this::leadership,
                        new LegacySystems(settings, kubernetes, consul, vertx, new ProbeLog(metrics)),
                        List.of(new FlowLog(), metrics, overview)));
        metrics.register(new StateMetrics(
                () -> flows.all().stream().map(Daemon::stateOf).toList(),
                flows::sources,
                () -> flows.leadership().term().isPresent()));
        metrics.register(new ServiceMetrics(overview::services));
    }

    /** Starts the flows, and to look at what they do. */
    void start() {
        flows.start();
        overview.start(new Overview.Reader() {
            @Override
            public Map<ServiceKey, Seen> read(Set<ServiceKey> keys) {
                return flows.seen(keys);
            }

            @Override
            public List<Source.Part> parts() {
                return flows.sources();
            }

            @Override
            public Set<String> unanswered() {
                return flows.all().stream()
                        .filter(flow -> flow.enabled() && !flow.status().targetUp())
                        .map(Direction::name)
                        .collect(Collectors.toSet());
            }

            @Override
            public List<Decision> decisions(Seen seen) {
                return flows.decisions(seen);
            }
        });
    }

    private Leadership leadership(Bulletin bulletin) {
        BaileyConfig.Leader leader = settings.config().leader();
        // It must not be that of a process before, nor that of one on another machine.
        String start = startedAt.truncatedTo(ChronoUnit.MILLIS) + "-" + Long.toHexString(new SecureRandom().nextLong());
        if (!leader.enabled()) {
            return new Alone(identity(), start);
        }
        return new ElectedLeadership(
                kubernetes,
                new ElectedLeadership.Rules(
                        leaseNamespace(),
                        leader.leaseName(),
                        leader.leaseDuration(),
                        leader.renewDeadline(),
                        leader.retryPeriod()),
                identity(),
                start,
                bulletin,
                System::nanoTime);
    }

    /** Where the Lease is. */
    String leaseNamespace() {
        return settings.config()
                .leader()
                .namespace()
                .or(() -> Optional.ofNullable(kubernetes.getNamespace()))
                .orElse("default");
    }

    /** Whether a Bailey of this cluster runs, as far as the Lease tells: without an election, it does not. */
    Optional<String> runningBailey() throws InterruptedException {
        BaileyConfig.Leader leader = settings.config().leader();
        return leader.enabled()
                ? new LeaseHolder(
                                kubernetes,
                                leaseNamespace(),
                                leader.leaseName(),
                                leader.retryPeriod().multipliedBy(3).dividedBy(2),
                                InstantSource.system())
                        .look()
                : Optional.empty();
    }

    /** The pod's name; with the number of the process where that is not the container's only one. */
    private static String identity() {
        String host = Optional.ofNullable(System.getenv("HOSTNAME"))
                .filter(name -> !name.isBlank())
                .orElse("bailey");
        long pid = ProcessHandle.current().pid();
        return pid == 1 ? host : host + "-" + pid;
    }

    private static StateMetrics.FlowState stateOf(Direction<?, ?> flow) {
        return new StateMetrics.FlowState(flow.status(), flow.owned(), flow.findings(), flow.withheld());
    }

    /** The flows and the watches try again by themselves; by its own ten tries the client would hide an outage for 18 s. */
    private static Config patience(Config config) {
        config.setRequestRetryBackoffLimit(REQUEST_RETRIES);
        return config;
    }

    /** A kubeconfig without a current context would quietly lead to an address that is nobody's. */
    private static void checkContext(Config config) {
        String file = System.getenv("KUBECONFIG");
        if (file != null && !file.isBlank() && config.getCurrentContext() == null) {
            throw new IllegalStateException(
                    "KUBECONFIG = \"" + file + "\" has no current context, or none of that name");
        }
    }

    public Settings settings() {
        return settings;
    }

    public Version version() {
        return version;
    }

    public Metrics metrics() {
        return metrics;
    }

    public ConsulAgent agent() {
        return agent;
    }

    /** The wire to Consul; closed with this. */
    ConsulHttp consul() {
        return consul;
    }

    /** The client of the Kubernetes API; closed with this. */
    KubernetesClient client() {
        return kubernetes;
    }

    /** The API server's address. */
    public String kubernetes() {
        return kubernetes.getMasterUrl().toString();
    }

    public Flows flows() {
        return flows;
    }

    public Overview overview() {
        return overview;
    }

    public Instant startedAt() {
        return startedAt;
    }

    /** Runs something once Bailey is told to stop, before the HTTP server waits for what is under way to end. */
    public void beforeStop(Runnable action) {
        beforeStop.add(action);
    }

    /** Bailey was told to stop. */
    void stopping() {
        beforeStop.forEach(Runnable::run);
    }

    @PreDestroy
    void close() {
        overview.close();
        flows.close();
        consul.close();
        kubernetes.close();
    }
}
