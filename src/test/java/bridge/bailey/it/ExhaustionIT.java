package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.local.LocalConsul;
import bridge.bailey.process.Fatal;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** More than there is room for: of events, of memory, on the disk. */
@DisabledIfEnvironmentVariable(
        named = "BAILEY_TEST_KUBECONFIG",
        matches = ".+",
        disabledReason = "a real API can't be made to answer so")
class ExhaustionIT {

    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int SERVICES = 100;
    private static final int EVENTS = 100_000;
    private static final int MEBIBYTE = 1 << 20;

    @RegisterExtension
    final Measured measured = new Measured();

    private final LocalConsul consul = SharedConsul.get();

    @TempDir
    Path directory;

    private Cluster cluster;
    private String shop;
    private Map<String, String> environment;
    private BaileyJar jar;
    private Foreign foreign;

    @BeforeEach
    void start() throws IOException {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        LegacyKube.install(cluster);
        foreign = Foreign.beside(consul, cluster.prefix());
        environment = JarSetup.environment(cluster, consul, directory);
    }

    @AfterEach
    void stop() {
        if (jar != null) {
            jar.kill();
        }
        cluster.close();
        foreign.assertUntouched();
    }

    private Map<String, String> entries() {
        return CatalogView.of(consul, "k8s-" + cluster.prefix());
    }

    private static String name(int service) {
        return "service-" + service;
    }

    private String address(int service, int round) {
        return "10." + (10 + service / 250) + "." + service % 250 + "." + (1 + round % 250);
    }

    /** An event of the watch: in this round each service has one pod, at another address than before. */
    private String event(int number) {
        int service = number % SERVICES;
        var object = slice(shop, name(service) + "-1", name(service), ready(address(service, number / SERVICES)));
        object.getMetadata().setResourceVersion(Integer.toString(1_000_000 + number));
        object.getMetadata().setUid("uid-" + service);
        return "{\"type\":\"MODIFIED\",\"object\":" + Serialization.asJson(object) + "}";
    }

    @Test
    void aHundredThousandEventsAreCoalescedInBoundedMemory() {
        for (int i = 0; i < SERVICES; i++) {
            cluster.apply(service(shop, name(i)));
            cluster.apply(slice(shop, name(i) + "-1", name(i), ready(address(i, 0))));
        }
        CompletableFuture<WebSocket> watch = new CompletableFuture<>();
        cluster.local()
                .intercept(request -> request.getPath().contains("endpointslices")
                                && request.getPath().contains("watch=true")
                        ? Optional.of(new MockResponse().withWebSocketUpgrade(new Opened(watch)))
                        : Optional.empty());
        jar = new BaileyJar(directory, environment, List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError")).start();
        assertThat(entries()).hasSize(SERVICES);
        double before = jar.metric("bailey_passes_total", "flow=\"to-consul\"");
        measured.begin();

        WebSocket socket = watch.join();
        for (int i = 0; i < EVENTS; i++) {
            socket.send(event(i));
        }

        int last = EVENTS / SERVICES - 1;
        await("the last of the events is in Consul").atMost(SOON).untilAsserted(() -> assertThat(
                        entries().keySet())
                .hasSize(SERVICES)
                .allMatch(id -> id.endsWith("." + (1 + last % 250) + ":8080")));
        measured.seconds("100,000 events are in Consul");
        double passes = jar.metric("bailey_passes_total", "flow=\"to-consul\"") - before;
        measured.note("passes", passes);
        measured.note("heap used, MiB", jar.metric("jvm_memory_bytes_used", "area=\"heap\"") / MEBIBYTE);
        assertThat(passes).isLessThan(EVENTS / 100.0);
        assertThat(jar.endsWithin(Duration.ZERO)).as("ended").isFalse();
    }

    private static final class Opened extends WebSocketListener {
        private final CompletableFuture<WebSocket> watch;

        Opened(CompletableFuture<WebSocket> watch) {
            this.watch = watch;
        }

        @Override
        public void onOpen(WebSocket socket, Response response) {
            watch.complete(socket);
        }
    }

    @Test
    void aDiskThatIsFullOfLogsStopsNothing() {
        cluster.apply(service(shop, "users"));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1")));
        jar = new BaileyJar(directory, environment).printingTo(Path.of("/dev/full"));
        jar.start();
        assertThat(entries()).hasSize(1);

        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1"), ready("10.1.0.2")));
        measured.begin();

        await().atMost(SOON).untilAsserted(() -> assertThat(entries()).hasSize(2));
        measured.seconds("a change is in Consul");
        assertThat(jar.status("/health/live")).isEqualTo(200);
        jar.signal("TERM");
        assertThat(jar.endsWithin(SOON)).as("ended").isTrue();
    }

    @Test
    void withoutMemoryTheProcessEndsAndWhatItWroteStays() throws IOException {
        cluster.apply(service(shop, "users"));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1")));
        jar = new BaileyJar(directory, environment, List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError")).start();
        assertThat(entries()).hasSize(1);
        jar.kill();
        var huge = slice(shop, "b", "users", ready("10.1.0.2"));
        huge.getMetadata().setAnnotations(Map.of("blob", "x".repeat(100 * MEBIBYTE)));
        String list =
                "{\"kind\":\"EndpointSliceList\",\"apiVersion\":\"discovery.k8s.io/v1\",\"metadata\":{},\"items\":["
                        + Serialization.asJson(huge) + "]}";
        cluster.local()
                .intercept(request -> request.getPath().contains("/endpointslices")
                        ? Optional.of(new MockResponse()
                                .setResponseCode(200)
                                .setHeader("Content-Type", "application/json")
                                .setBody(list))
                        : Optional.empty());
        measured.begin();

        jar.launch();

        assertThat(jar.endsWithin(SOON)).as("ended").isTrue();
        measured.seconds("the process has ended");
        assertThat(jar.exitCode()).isEqualTo(Fatal.EXIT_CODE);
        assertThat(Files.readString(jar.log())).contains("java.lang.OutOfMemoryError");
        assertThat(entries()).hasSize(1);
    }

    /** Where the flag was forgotten, or the error is none of the heap. */
    @Test
    void aFlowThatMeetsAnErrorOfTheVirtualMachineEndsTheProcessEvenWithoutTheFlag() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FlowWithoutMemory.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("flow.log").toFile())
                .start();
        try {
            assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS))
                    .as("ended")
                    .isTrue();
            measured.seconds("the process has ended");
            assertThat(process.exitValue()).isEqualTo(Fatal.EXIT_CODE);
            assertThat(directory.resolve("flow.log")).content().contains("out of memory");
        } finally {
            process.destroyForcibly();
        }
    }
}
