package bridge.bailey.local;

import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A real Prometheus on loopback, as k8s/monitoring configures it: jobs, relabeling and rules are those that users get, only
 * Bailey's address and the intervals are others.
 */
public final class LocalPrometheus implements AutoCloseable {

    private static final Path SHIPPED = Path.of("k8s", "monitoring", "prometheus");
    private static final String BAILEY = "bailey.bailey.svc:8080";

    /** How each replica is found; on loopback there is one, which no DNS knows. */
    private static final Pattern REPLICAS =
            Pattern.compile("dns_sd_configs:\\n +- \\{names: \\[bailey-pods\\.bailey\\.svc], type: A, port: 8080}");

    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final Process process;
    private final URI url;

    private LocalPrometheus(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /** The program, if it is on the PATH. */
    public static Optional<Path> binary() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, "prometheus"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts it, and returns when it answers.
     *
     * @param directory where its configuration and data are
     * @param bailey the port of Bailey's HTTP
     * @param interval at which it scrapes, asks for targets and evaluates rules, in whole seconds
     * @throws IllegalStateException if there is no such program, or it ends
     */
    public static LocalPrometheus start(Path directory, int port, int bailey, Duration interval) throws IOException {
        Path program = binary().orElseThrow(() ->
                new IllegalStateException("prometheus is not on the PATH. Debian has it in the package prometheus."));
        Files.createDirectories(directory);
        Path configuration = directory.resolve("prometheus.yaml");
        for (String rules : new String[] {"recording-rules.yaml", "alert-rules.yaml"}) {
            Files.copy(SHIPPED.resolve(rules), directory.resolve(rules), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(
                configuration,
                rewritten(Files.readString(SHIPPED.resolve("prometheus.yaml")), "127.0.0.1:" + bailey, interval));
        File log = directory.resolve("prometheus.log").toFile();
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--storage.tsdb.retention.time=1d",
                        "--web.listen-address=127.0.0.1:" + port,
                        "--log.level=warn")
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        LocalPrometheus started = new LocalPrometheus(process, URI.create("http://127.0.0.1:" + port));
        try {
            Awaitility.await("Prometheus is ready, or see " + log)
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(100))
                    .failFast("Prometheus ended: see " + log, () -> !process.isAlive())
                    .until(started::isReady);
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
        return started;
    }

    static String rewritten(String configuration, String bailey, Duration interval) {
        Matcher replicas = REPLICAS.matcher(configuration);
        if (!configuration.contains(BAILEY) || !replicas.find()) {
            throw new IllegalStateException(
                    "the shipped configuration no longer scrapes " + BAILEY + " or " + REPLICAS);
        }
        String local = replicas.replaceFirst("static_configs: [{targets: [" + Matcher.quoteReplacement(bailey) + "]}]");
        return Pattern.compile("_interval: \\S+")
                .matcher(local.replace(BAILEY, bailey))
                .replaceAll(Matcher.quoteReplacement("_interval: " + interval.toSeconds() + "s"));
    }

    private boolean isReady() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) url.resolve("/-/ready").toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(5000);
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }

    public URI url() {
        return url;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
