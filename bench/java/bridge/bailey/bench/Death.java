package bridge.bailey.bench;

import bridge.bailey.bench.Figure.Limit;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.local.LocalKubernetes;
import bridge.bailey.local.Ports;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * A machine dies right after a probe; the time until a watcher of the cluster's slices is told that it is not ready, less
 * what the probe's timing asks for: {@code fall × interval}.
 */
final class Death {

    private static final Path CRD = Path.of("k8s", "crd", "legacyservices.bailey.bridge.yaml");
    private static final String NAMESPACE = "bench-legacy";
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final int FALL = 2;
    private static final int MACHINES = 4;

    private final Options options;
    private final LocalKubernetes kubernetes;
    private final LocalConsul consul;
    private final PrintStream out;
    private final int port = Ports.free();

    /** When a watcher was last told whether an address is ready. */
    private final Map<String, Told> told = new ConcurrentHashMap<>();

    private record Told(boolean ready, long at) {}

    Death(Options options, LocalKubernetes kubernetes, LocalConsul consul, PrintStream out) {
        this.options = options;
        this.kubernetes = kubernetes;
        this.consul = consul;
        this.out = out;
    }

    List<Figure> run() {
        List<Double> medians = new ArrayList<>();
        List<Double> worst = new ArrayList<>();
        List<MortalMachine> machines = IntStream.rangeClosed(1, MACHINES)
                .mapToObj(i -> new MortalMachine(address(i), port))
                .toList();
        machines.forEach(MortalMachine::start);
        try (KubernetesClient client = kubernetes.client();
                InputStream crd = Files.newInputStream(CRD);
                Bridge bridge = Bridge.legacy(kubernetes, consul)) {
            watch(client);
            client.load(crd).create();
            GenericKubernetesResource resource = client.resource(resource()).create();
            bridge.start();
            IntStream.rangeClosed(1, MACHINES).forEach(i -> await(address(i), true));
            for (int run = 1; run <= options.runs(); run++) {
                List<Double> excess = new ArrayList<>();
                for (int i = 0; i < options.flips() / 2; i++) {
                    excess.add(die(machines.get(i % MACHINES), address(i % MACHINES + 1)));
                }
                medians.add(Series.percentile(excess, 50));
                worst.add(Series.percentile(excess, 99));
                out.printf("death   run %d of %d%n", run, options.runs());
            }
            client.resource(resource).delete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            machines.forEach(MortalMachine::close);
        }
        return List.of(
                Figure.of("(g) a machine's death to its slice, above fall × interval, p50", "ms", new Series(medians)),
                Figure.of("(g) … p99", "ms", new Series(worst), Limit.below("< 100 ms", 100)));
    }

    private static String address(int machine) {
        return "127.0.66." + machine;
    }

    /** In milliseconds. */
    private double die(MortalMachine machine, String address) {
        long death = machine.die().join();
        long seen = await(address, false);
        machine.start();
        await(address, true);
        return (seen - death) / 1e6 - FALL * INTERVAL.toMillis();
    }

    private long await(String address, boolean ready) {
        Awaitility.await(address)
                .pollDelay(Duration.ZERO)
                .pollInterval(1, TimeUnit.MILLISECONDS)
                .atMost(Duration.ofSeconds(30))
                .until(() -> told.containsKey(address) && told.get(address).ready() == ready);
        return told.get(address).at();
    }

    /** Ends with the client. */
    private void watch(KubernetesClient client) {
        client.discovery().v1().endpointSlices().inNamespace(NAMESPACE).watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, EndpointSlice slice) {
                long now = System.nanoTime();
                for (Endpoint endpoint : slice.getEndpoints()) {
                    boolean ready = endpoint.getConditions().getReady();
                    told.compute(
                            endpoint.getAddresses().get(0),
                            (address, before) ->
                                    before == null || before.ready() != ready ? new Told(ready, now) : before);
                }
            }

            @Override
            public void onClose(WatcherException cause) {
                // Then nothing more is told, and the wait for it ends the run.
            }
        });
    }

    private GenericKubernetesResource resource() {
        List<Map<String, Object>> instances = IntStream.rangeClosed(1, MACHINES)
                .mapToObj(i -> Map.<String, Object>of("address", address(i)))
                .toList();
        return new GenericKubernetesResourceBuilder()
                .withApiVersion("bailey.bridge/v1alpha1")
                .withKind("LegacyService")
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName("mortal")
                .endMetadata()
                .addToAdditionalProperties(
                        "spec",
                        Map.of(
                                "ports", List.of(Map.of("name", "http", "port", 80, "targetPort", port)),
                                "origins", List.of(Map.of("static", Map.of("instances", instances))),
                                "probe",
                                        Map.of(
                                                "http",
                                                Map.of("path", "/", "port", "http"),
                                                "interval",
                                                INTERVAL.toMillis() + "ms",
                                                "timeout",
                                                INTERVAL.toMillis() + "ms",
                                                "rise",
                                                1,
                                                "fall",
                                                FALL)))
                .build();
    }
}
