package bridge.bailey.it;

import bridge.bailey.cli.LegacySystems;
import bridge.bailey.config.BaileyConfig;
import bridge.bailey.config.ConfigException;
import bridge.bailey.config.Settings;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.flow.Direction;
import bridge.bailey.flow.FlowLog;
import bridge.bailey.flow.FlowObserver;
import bridge.bailey.flow.Flows;
import bridge.bailey.flow.LegacySide;
import bridge.bailey.flow.PassReport;
import bridge.bailey.lead.Alone;
import bridge.bailey.lead.Bulletin;
import bridge.bailey.lead.ElectedLeadership;
import bridge.bailey.lead.Leadership;
import bridge.bailey.metrics.Metrics;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Item;
import bridge.bailey.probe.ProbeLog;
import bridge.bailey.target.Outcome;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** Bailey in this process, with all its threads, as {@code run} has it. */
final class Bailey implements AutoCloseable {

    private static final Vertx VERTX = Vertx.vertx();

    private final Settings settings;
    private final KubernetesClient kubernetes;
    private final ConsulHttp consul;
    private final Flows flows;
    private final List<Outcome<? extends Item>> outcomes = new CopyOnWriteArrayList<>();
    private final List<String> outages = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> fullPasses = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();

    /**
     * Makes Bailey.
     *
     * @param kubernetes is closed with it
     * @param consul the port of Consul, or of something in front of it
     * @param options configuration, without the prefix {@code bailey.}
     */
    Bailey(KubernetesClient kubernetes, int consul, String token, Map<String, String> options) {
        this(kubernetes, Map.of("CONSUL_HTTP_ADDR", "127.0.0.1:" + consul, "CONSUL_HTTP_TOKEN", token), options);
    }

    /** Makes Bailey with these of Consul's standard variables. */
    Bailey(KubernetesClient kubernetes, Map<String, String> variables, Map<String, String> options) {
        this(kubernetes, variables, options, Bailey::realSystems);
    }

    /** Makes the systems of the legacy side. */
    interface LegacyFactory {
        LegacySide.Systems make(Settings settings, KubernetesClient kubernetes, ConsulHttp consul);
    }

    /** Makes Bailey with these systems on the legacy side. */
    Bailey(
            KubernetesClient kubernetes,
            Map<String, String> variables,
            Map<String, String> options,
            LegacyFactory legacy) {
        Map<String, String> properties = new HashMap<>();
        // As long as by default: on a busy machine the first request of a client may take seconds.
        properties.put("bailey.consul.request-timeout", "10s");
        properties.put("bailey.legacy.enabled", "false");
        options.forEach((key, value) -> properties.put("bailey." + key, value));
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("KUBECONFIG", Path.of("pom.xml").toAbsolutePath().toString());
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build();
        try {
            this.settings = Settings.of(config, environment);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        this.kubernetes = kubernetes;
        this.consul = new ConsulHttp(
                settings.consul(), (kind, status, seconds) -> requests.computeIfAbsent(kind, k -> new AtomicInteger())
                        .incrementAndGet());
        this.flows = new Flows(
                settings,
                new Flows.Parts(
                        kubernetes,
                        this.consul,
                        this::leadership,
                        legacy.make(settings, kubernetes, this.consul),
                        List.of(new FlowLog(), new Recorder())));
    }

    /** An election only where the test says where. */
    private Leadership leadership(Bulletin bulletin) {
        String start = UUID.randomUUID().toString();
        BaileyConfig.Leader leader = settings.config().leader();
        return leader.namespace().isEmpty()
                ? new Alone("test", start)
                : new ElectedLeadership(
                        kubernetes,
                        new ElectedLeadership.Rules(
                                leader.namespace().get(),
                                leader.leaseName(),
                                leader.leaseDuration(),
                                leader.renewDeadline(),
                                leader.retryPeriod()),
                        "test",
                        start,
                        bulletin,
                        System::nanoTime);
    }

    private static LegacySide.Systems realSystems(Settings settings, KubernetesClient client, ConsulHttp http) {
        return new LegacySystems(settings, client, http, VERTX, new ProbeLog(new Metrics(List.of(), "test", "")));
    }

    /** Makes it for the services of one test alone, under the test's own cluster name. */
    static Bailey of(Cluster cluster, int consul, Map<String, String> options) {
        return new Bailey(cluster.newClient(), consul, "", forTest(cluster, options));
    }

    static Map<String, String> forTest(Cluster cluster, Map<String, String> options) {
        Map<String, String> all = new HashMap<>();
        all.put("cluster", cluster.prefix());
        all.put("export.namespaces", cluster.prefix() + "-*");
        all.putAll(options);
        return all;
    }

    private final class Recorder implements FlowObserver {
        @Override
        public void passed(PassReport<? extends Item> report) {
            outcomes.addAll(report.outcomes());
            if (report.full()) {
                fullPasses(report.flow()).incrementAndGet();
            }
        }

        @Override
        public void unavailable(String flow, String message, int waiting, Duration nextTry) {
            outages.add(message);
        }
    }

    Bailey start() {
        flows.start();
        return this;
    }

    /** Starts, and waits for the first full pass. */
    Bailey started() {
        start();
        Awaitility.await("the first full pass").until(() -> flows.all().stream().allMatch(Direction::ready));
        return this;
    }

    ConsulHttp consul() {
        return consul;
    }

    Flows flows() {
        return flows;
    }

    Settings settings() {
        return settings;
    }

    /** The changes that were tried so far. */
    List<Outcome<? extends Item>> outcomes() {
        return outcomes;
    }

    /** What was told of each failed try to reach Consul. */
    List<String> outages() {
        return outages;
    }

    /** How many requests of a kind were sent to Consul. */
    int requests(String kind) {
        return requests.getOrDefault(kind, new AtomicInteger()).get();
    }

    List<Finding> findings() {
        return flows.toConsul().findings();
    }

    /** Waits for another full pass of each flow, from beginning to end. */
    void awaitFullPass() {
        for (Direction<?, ?> flow : flows.all()) {
            if (flow.enabled()) {
                int now = fullPasses(flow.name()).get();
                Awaitility.await("another full pass")
                        .until(() -> fullPasses(flow.name()).get() > now + 1);
            }
        }
    }

    private AtomicInteger fullPasses(String flow) {
        return fullPasses.computeIfAbsent(flow, f -> new AtomicInteger());
    }

    @Override
    public void close() {
        flows.close();
        consul.close();
        kubernetes.close();
    }
}
