package bridge.bailey.bench;

import bridge.bailey.cli.LegacySystems;
import bridge.bailey.config.ConfigException;
import bridge.bailey.config.Settings;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.flow.FlowLog;
import bridge.bailey.flow.FlowObserver;
import bridge.bailey.flow.Flows;
import bridge.bailey.flow.PassReport;
import bridge.bailey.lead.Alone;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.local.LocalKubernetes;
import bridge.bailey.metrics.Metrics;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Item;
import bridge.bailey.source.Source;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** Bailey in this process, wired as its daemon wires it, with its defaults, its log and its metrics. */
final class Bridge implements AutoCloseable {

    static final String CLUSTER = "bench";

    private static final Vertx VERTX = Vertx.vertx();

    private final Settings settings;
    private final KubernetesClient client;
    private final ConsulHttp http;
    private final Flows flows;
    private final List<CatalogEntry> written = new CopyOnWriteArrayList<>();

    /** With the flow to Consul alone. */
    Bridge(LocalKubernetes kubernetes, LocalConsul consul) {
        this(kubernetes, consul, Map.of("bailey.cluster", CLUSTER, "bailey.legacy.enabled", "false"));
    }

    /** With the flow to Kubernetes alone. */
    static Bridge legacy(LocalKubernetes kubernetes, LocalConsul consul) {
        return new Bridge(
                kubernetes,
                consul,
                Map.of(
                        "bailey.cluster", CLUSTER,
                        "bailey.export.enabled", "false",
                        "bailey.legacy.allow-loopback", "true"));
    }

    private Bridge(LocalKubernetes kubernetes, LocalConsul consul, Map<String, String> options) {
        settings = settings(consul, options);
        Metrics metrics = new Metrics(List.of(Flows.TO_CONSUL), "bench", "");
        client = kubernetes.client();
        http = new ConsulHttp(settings.consul(), metrics);
        flows = new Flows(
                settings,
                new Flows.Parts(
                        client,
                        http,
                        bulletin -> new Alone("bench", UUID.randomUUID().toString()),
                        new LegacySystems(settings, client, http, VERTX, metrics),
                        List.of(new FlowLog(), metrics, new Recorder())));
    }

    private static Settings settings(LocalConsul consul, Map<String, String> options) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(options, "bench", 100))
                .build();
        // No kubeconfig is read, since the client is given; the check of the configuration wants a file.
        String anyFile = Path.of("pom.xml").toAbsolutePath().toString();
        try {
            return Settings.of(config, Map.of("CONSUL_HTTP_ADDR", consul.uri().toString(), "KUBECONFIG", anyFile));
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Notes what the first pass wrote. */
    private final class Recorder implements FlowObserver {
        @Override
        public void passed(PassReport<? extends Item> report) {
            if (written.isEmpty()) {
                written.addAll(report.outcomes().stream()
                        .map(o -> o.change().item())
                        .filter(CatalogEntry.class::isInstance)
                        .map(CatalogEntry.class::cast)
                        .toList());
            }
        }
    }

    Settings settings() {
        return settings;
    }

    void start() {
        flows.start();
    }

    /** Waits until everything was read from the API once. */
    void awaitSynced() {
        await("informers synced", () -> flows.sources().stream().allMatch(Source.Part::up));
    }

    /** Waits until Consul has acknowledged everything. */
    void awaitDone() {
        await("first full pass", () -> flows.toConsul().status().started());
    }

    private static void await(String what, BooleanSupplier condition) {
        Awaitility.await(what)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofMinutes(5))
                .until(condition::getAsBoolean);
    }

    /** What the first pass wrote, in that order. */
    List<CatalogEntry> written() {
        return List.copyOf(written);
    }

    @Override
    public void close() {
        flows.close();
        http.close();
        client.close();
    }
}
