package bridge.bailey.bench;

import bridge.bailey.local.Ending;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.local.LocalKubernetes;
import bridge.bailey.local.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** Bailey as it is shipped: the packaged application, in a process of its own. */
final class BaileyProcess implements AutoCloseable {

    static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Path LOG = Path.of("target", "bench-bailey.log");
    private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");

    static final Path JAVA = BIN.resolve("java");

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = Ports.free();
    private final Process process;

    BaileyProcess(LocalKubernetes kubernetes, LocalConsul consul) {
        this(kubernetes, consul, JAVA, List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"), JAR);
    }

    /** By this Java, with these flags. */
    BaileyProcess(LocalKubernetes kubernetes, LocalConsul consul, Path java, List<String> flags, Path jar) {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(flags);
        command.addAll(List.of("-jar", jar.toString(), "run"));
        try {
            Path kubeconfig = Files.writeString(Path.of("target", "bench-kubeconfig"), kubernetes.kubeconfig());
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(LOG.toFile());
            Map<String, String> env = builder.environment();
            env.put("BAILEY_CLUSTER", Bridge.CLUSTER);
            env.put("CONSUL_HTTP_ADDR", consul.uri().toString());
            env.put("KUBECONFIG", kubeconfig.toAbsolutePath().toString());
            env.put("QUARKUS_HTTP_PORT", Integer.toString(port));
            env.put("QUARKUS_HTTP_HOST", "127.0.0.1");
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until {@code /health/ready} says so. */
    void awaitReady() {
        Awaitility.await("Bailey is ready, or see " + LOG)
                .atMost(Duration.ofMinutes(2))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .failFast("Bailey ended: see " + LOG, () -> !process.isAlive())
                .ignoreExceptions()
                .until(() -> status("/health/ready") == 200);
    }

    private int status(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url(path)))
                .timeout(Duration.ofSeconds(10))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    /** Waits until it owns so many instances in Consul. */
    void awaitOwned(int instances) {
        Awaitility.await("Bailey owns " + instances + " instances, or see " + LOG)
                .atMost(Duration.ofMinutes(2))
                .failFast("Bailey ended: see " + LOG, () -> !process.isAlive())
                .ignoreExceptions()
                .until(() -> metrics().sum("bailey_owned", "kind=\"instances\"") == instances);
    }

    /** Waits until it has so many instances in view. */
    void awaitViewed(int instances) {
        Awaitility.await("Bailey has " + instances + " instances in view, or see " + LOG)
                .atMost(Duration.ofMinutes(4))
                .failFast("Bailey ended: see " + LOG, () -> !process.isAlive())
                .ignoreExceptions()
                .until(() -> metrics().sum("bailey_instances", "state=\"healthy\"") == instances
                        && metrics().sum("bailey_waiting_services", "") == 0);
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    Scrape metrics() {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url("/metrics")))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return new Scrape(http.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The processor time so far, in user and kernel mode, as the system counts it. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Has it collect all garbage. */
    void collectGarbage() {
        try {
            Process jcmd = new ProcessBuilder(BIN.resolve("jcmd").toString(), Long.toString(process.pid()), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (jcmd.waitFor() != 0) {
                throw new IllegalStateException("jcmd failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The memory that the process occupies, in MiB; read from /proc. */
    double residentMebibytes() {
        try {
            String line = Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(l -> l.startsWith("VmRSS:"))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Ending.of(process, Duration.ofSeconds(10));
    }
}
