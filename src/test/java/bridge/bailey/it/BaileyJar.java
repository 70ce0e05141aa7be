package bridge.bailey.it;

import static org.awaitility.Awaitility.await;

import bridge.bailey.local.Ports;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The jar as a process of its own, on a port that it keeps over restarts. It inherits no setting of Bailey, Consul, Quarkus or
 * the cluster: all are given.
 */
final class BaileyJar implements AutoCloseable {

    private static final Path JAR =
            Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();

    private final Path directory;
    private final Map<String, String> environment;
    private final List<String> jvm;
    private final int port = Ports.free();
    private Path output;
    private Process process;

    /** A start takes about 2 to 4 s, and a busy machine makes much more of it. */
    private static final Duration START_WITHIN = Duration.ofMinutes(2);

    /** As it is run in production, but compiled by the quick compiler alone: no process of a test lives for long. */
    static final List<String> JVM =
            List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    BaileyJar(Path directory, Map<String, String> environment) {
        this(directory, environment, JVM);
    }

    /** With these options of the virtual machine. */
    BaileyJar(Path directory, Map<String, String> environment, List<String> jvm) {
        this.directory = directory;
        this.jvm = jvm;
        this.output = directory.resolve("bailey.log");
        this.environment = new HashMap<>(environment);
        this.environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        this.environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    }

    /** What a command that ended leaves. */
    record Result(int code, String out, String err) {}

    /** Runs one command to its end, on no port but what the environment says. */
    static Result run(Path directory, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "out", "");
        Path err = Files.createTempFile(directory, "err", "");
        Process process = builder(directory, environment, JVM, arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(START_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError(
                    "bailey " + String.join(" ", arguments) + " does not end; it said " + Files.readString(err));
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static ProcessBuilder builder(
            Path directory, Map<String, String> environment, List<String> jvm, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(BaileyJar::isSetting);
        builder.environment().putAll(environment);
        return builder;
    }

    private static boolean isSetting(String name) {
        return name.startsWith("BAILEY_")
                || name.startsWith("CONSUL_")
                || name.startsWith("QUARKUS_")
                || name.startsWith("AWS_")
                || name.equals("KUBECONFIG");
    }

    /** Starts it, and waits until it is ready. */
    BaileyJar start() {
        launch();
        try {
            await("Bailey, which logs to " + log()).atMost(START_WITHIN).until(this::isReady);
        } catch (RuntimeException e) {
            kill();
            throw e;
        }
        return this;
    }

    /** Starts it, whether or not it gets ready. */
    BaileyJar launch() {
        File log = log().toFile();
        try {
            process = builder(directory, environment, jvm, "run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    private boolean isReady() {
        return status("/health/ready") == 200;
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    int port() {
        return port;
    }

    /** What it prints, on whichever stream. */
    Path log() {
        return output;
    }

    /** Prints there from the next start on. */
    BaileyJar printingTo(Path file) {
        output = file;
        return this;
    }

    /** Whether it ends by itself within this time. */
    boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends it a signal, by the name that {@code kill} knows, such as TERM, STOP or CONT. */
    void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The status with which a path is answered; 0 without an answer. */
    int status(String path) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url(path)).toURL().openConnection();
            connection.setReadTimeout(2_000);
            return connection.getResponseCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private String get(String path) {
        try {
            URLConnection connection = URI.create(url(path)).toURL().openConnection();
            connection.setReadTimeout(10_000);
            try (InputStream body = connection.getInputStream()) {
                return new String(body.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sum of a metric over all series whose line contains this text. */
    double metric(String name, String label) {
        return get("/metrics")
                .lines()
                .filter(line -> line.matches(name + "[{ ].*") && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** The command line of its process, as others on the machine see it. */
    String arguments() {
        return String.join(" ", process.info().arguments().orElse(new String[0]))
                + process.info().commandLine().orElse("");
    }

    /** Makes it print what its threads do. */
    void dumpThreads() {
        try {
            new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells it to stop; gives how long it took. */
    Duration stop() {
        long began = System.nanoTime();
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** With which code it ended. */
    int exitCode() {
        return process.exitValue();
    }

    /** Ends it at once, as a crash would. */
    void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
