package bridge.bailey.local;

import bridge.bailey.model.Ec2Instance;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * {@code make run_local}: a Kubernetes API with a small shop in it, a real Consul agent, and Bailey between them, until
 * Ctrl-C. With KUBECONFIG or CONSUL_HTTP_ADDR set, that system is used instead of a local one.
 */
public final class RunLocal {

    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Path EXAMPLES = Path.of("examples", "shop");
    private static final Path LEGACY = Path.of("examples", "legacy");
    private static final Path CRD = Path.of("k8s", "crd", "legacyservices.bailey.bridge.yaml");

    /** On which the machines listen, each on a loopback address of its own. */
    private static final int MACHINE_PORT = 8088;

    private static final Path RUN = Path.of(environment("RUN_FOLDER").orElse(".run"));
    private static final int PROMETHEUS_PORT = 9090;

    private final PrintStream out = System.out;
    private int machinesPort;
    private final List<AutoCloseable> started = new ArrayList<>();

    private RunLocal() {}

    /** Everything ends with this process: what it started is stopped by a shutdown hook. */
    public static void main(String[] args) throws Exception {
        RunLocal run = new RunLocal();
        Runtime.getRuntime().addShutdownHook(new Thread(run::stop));
        try {
            System.exit(run.run());
        } catch (TakenPort e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof BindException)) {
                throw e;
            }
            System.err.println("A machine can't listen on " + e.getMessage() + ", a fixed port: does another"
                    + " make run_local run? Its machines are in the way.");
            System.exit(1);
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static final class TakenPort extends Exception {
        private static final long serialVersionUID = 1L;

        TakenPort(String what, String variable, int port) {
            super("Port " + port + " (" + what + ") is taken. Choose another: make run_local " + variable + "="
                    + (port + 1));
        }
    }

    private int run() throws Exception {
        int http = port("HTTP_PORT", 8080, "Bailey's HTTP");
        Optional<String> realConsul = environment("CONSUL_HTTP_ADDR");
        Optional<String> realCluster = environment("KUBECONFIG");
        Files.createDirectories(RUN);

        int dns = 0;
        String consulAddress;
        Optional<LocalConsul> localConsul = Optional.empty();
        if (realConsul.isPresent()) {
            consulAddress = realConsul.get();
            say("Consul        the one at " + consulAddress + " (CONSUL_HTTP_ADDR)");
        } else {
            int consulPort = port("CONSUL_PORT", 8500, "Consul's HTTP");
            dns = port("DNS_PORT", 8600, "Consul's DNS");
            LocalConsul consul = LocalConsul.start(consulPort, dns);
            started.add(consul);
            localConsul = Optional.of(consul);
            consulAddress = "127.0.0.1:" + consulPort;
            say("Consul        http://" + consulAddress + "/ui, DNS on 127.0.0.1:" + dns);
        }

        String kubeconfig;
        if (realCluster.isPresent()) {
            kubeconfig = realCluster.get();
            say("Kubernetes    the cluster of " + kubeconfig + " (KUBECONFIG); the examples are not applied to it");
            say("              It would refuse the loopback addresses of local machines, so there are none.");
        } else {
            int apiPort = port("KUBERNETES_PORT", 8001, "the Kubernetes API");
            LocalKubernetes kubernetes = LocalKubernetes.start(apiPort);
            started.add(kubernetes);
            Path file = RUN.resolve("kubeconfig").toAbsolutePath();
            Files.writeString(file, kubernetes.kubeconfig());
            kubeconfig = file.toString();
            kubernetes.client().load(Files.newInputStream(CRD)).create();
            watchExamples(EXAMPLES, kubernetes);
            watchExamples(LEGACY, kubernetes);
            say("Kubernetes    " + kubernetes.url() + ", with the manifests of " + EXAMPLES + "/ and " + LEGACY + "/");
        }

        Map<String, String> legacy = realCluster.isPresent() ? Map.of() : startLegacy(localConsul);
        Map<String, String> settings = settings(http, consulAddress, kubeconfig, legacy);
        Files.writeString(RUN.resolve("env"), exports(settings) + forTheShell(http, dns));
        Process bailey = startBailey(settings);
        started.add(() -> Ending.of(bailey, Duration.ofSeconds(10)));
        awaitReady(bailey, http);
        say("Bailey        http://127.0.0.1:" + http + "/ is the board");
        startPrometheus(http);
        printHints(http, dns, kubeconfig, realCluster.isPresent());
        return bailey.waitFor();
    }

    /** Machines, and an EC2 that knows some of them; returns how Bailey finds it. */
    private Map<String, String> startLegacy(Optional<LocalConsul> consul) throws TakenPort {
        machinesPort = port("MACHINES_PORT", 8090, "the machines' switch");
        int ec2Port = port("EC2_PORT", 8091, "EC2");
        LocalMachines machines = new LocalMachines(MACHINE_PORT, machinesPort);
        started.add(machines);
        LocalEc2 ec2 = LocalEc2.start(ec2Port);
        started.add(ec2);
        for (int i = 1; i <= 3; i++) {
            machines.add("billing-" + i, "127.0.0.1" + i);
        }
        for (int i = 1; i <= 2; i++) {
            machines.add("inventory-" + i, "127.0.0.2" + i);
            ec2.put(machine(
                    "i-inventory" + i,
                    "127.0.0.2" + i,
                    Map.of(
                            "bailey:service",
                            "shop/inventory:80=" + MACHINE_PORT,
                            "bailey:probe",
                            "http:/health",
                            "bailey:metrics",
                            Integer.toString(MACHINE_PORT))));
            machines.add("reports-" + i, "127.0.0.3" + i);
            ec2.put(machine("i-reports" + i, "127.0.0.3" + i, Map.of("app", "reports")));
        }
        consul.ifPresent(c -> c.put(
                "agent/service/register",
                "{\"ID\":\"mail-1\",\"Name\":\"mail\",\"Address\":\"127.0.0.41\",\"Port\":2525}"));
        say("Machines      127.0.0.11 and more, port " + MACHINE_PORT + "; switched on http://127.0.0.1:"
                + machinesPort);
        say("EC2           " + ec2.url());
        return Map.of(
                "BAILEY_LEGACY_ALLOW_LOOPBACK", "true",
                "BAILEY_EC2_ENABLED", "true",
                "BAILEY_EC2_REFRESH", "5s",
                "AWS_REGION", "eu-central-1",
                "AWS_ENDPOINT_URL_EC2", ec2.url().toString(),
                "AWS_ACCESS_KEY_ID", "local",
                "AWS_SECRET_ACCESS_KEY", "local");
    }

    /** Shows the monitoring kit at work; everything else works without. */
    private void startPrometheus(int http) throws TakenPort {
        if (LocalPrometheus.binary().isEmpty()) {
            say("Prometheus    none on the PATH; Debian: apt-get install --no-install-recommends prometheus");
            return;
        }
        // Where Debian's package is installed, its own service often has the usual port.
        if (environment("PROMETHEUS_PORT").isEmpty() && !Ports.isFree(PROMETHEUS_PORT)) {
            say("Prometheus    not started: port " + PROMETHEUS_PORT + " is taken; make run_local PROMETHEUS_PORT="
                    + (PROMETHEUS_PORT + 1));
            return;
        }
        int port = port("PROMETHEUS_PORT", PROMETHEUS_PORT, "Prometheus");
        LocalPrometheus prometheus;
        try {
            prometheus = LocalPrometheus.start(RUN.resolve("prometheus"), port, http, Duration.ofSeconds(5));
        } catch (IOException | RuntimeException e) {
            say("Prometheus    not started: " + e.getMessage());
            return;
        }
        started.add(prometheus);
        say("Prometheus    " + prometheus.url() + ", with the rules of k8s/monitoring/; alerts on "
                + prometheus.url().resolve("/alerts"));
    }

    private static Ec2Instance machine(String id, String address, Map<String, String> tags) {
        return new Ec2Instance(id, address, "", "", "eu-central-1a", false, tags);
    }

    private void watchExamples(Path examples, LocalKubernetes kubernetes) throws IOException {
        KubernetesClient client = kubernetes.client();
        ManifestFolder folder = new ManifestFolder(examples, client, this::say);
        folder.apply();
        Thread watcher = new Thread(
                () -> {
                    try {
                        folder.watch();
                    } catch (IOException e) {
                        say("The manifests are no longer watched: " + e.getMessage());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "manifests");
        watcher.setDaemon(true);
        watcher.start();
    }

    private static Map<String, String> settings(
            int http, String consul, String kubeconfig, Map<String, String> legacy) {
        Map<String, String> all = new TreeMap<>(legacy);
        all.put("BAILEY_CLUSTER", environment("BAILEY_CLUSTER").orElse("local"));
        all.put("CONSUL_HTTP_ADDR", consul);
        all.put("KUBECONFIG", kubeconfig);
        all.put("QUARKUS_HTTP_PORT", Integer.toString(http));
        all.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        return all;
    }

    /** For a shell, so that the other commands of the jar see what this one sees. */
    private static String exports(Map<String, String> settings) {
        StringBuilder text = new StringBuilder();
        settings.forEach((name, value) ->
                text.append("export ").append(name).append("='").append(value).append("'\n"));
        return text.toString();
    }

    /** What the runbook is rehearsed with: where all is, and short words for the commands. */
    private String forTheShell(int http, int dns) {
        return """
                export BAILEY_URL='http://127.0.0.1:%d'
                export MACHINES='http://127.0.0.1:%d'
                bailey() { java -jar '%s' "$@"; }
                lookup() { dig +short @127.0.0.1 -p %d "$@"; }
                """
                .formatted(http, machinesPort, JAR.toAbsolutePath(), dns);
    }

    private static Process startBailey(Map<String, String> settings) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                        java, "-Xmx256m", "-XX:+ExitOnOutOfMemoryError", "-jar", JAR.toString(), "run")
                .inheritIO();
        builder.environment().putAll(settings);
        return builder.start();
    }

    private static void awaitReady(Process bailey, int http) throws InterruptedException {
        while (bailey.isAlive() && !isReady(http)) {
            bailey.waitFor(200, TimeUnit.MILLISECONDS);
        }
    }

    private static boolean isReady(int http) {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + http + "/health/ready")
                    .toURL()
                    .openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(1000);
            if (connection.getResponseCode() != 200) {
                return false;
            }
            try (InputStream body = connection.getInputStream()) {
                return new String(body.readAllBytes(), StandardCharsets.UTF_8).contains("UP");
            }
        } catch (IOException e) {
            return false;
        }
    }

    private void printHints(int http, int dns, String kubeconfig, boolean real) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Try, in another terminal:");
        if (dns > 0) {
            lines.add("  dig +short @127.0.0.1 -p " + dns + " users.service.consul");
            lines.add("  dig +short @127.0.0.1 -p " + dns + " users.service.consul SRV");
        }
        lines.add("  curl http://127.0.0.1:" + http + "/health");
        lines.add("  (. " + RUN.resolve("env") + "; java -jar " + JAR + " plan)");
        String url = http == 8080 ? "" : " --url http://127.0.0.1:" + http;
        lines.add("  java -jar " + JAR + " explain shop/users" + url);
        lines.add("  java -jar " + JAR + " verdict shop/users" + url);
        if (!real) {
            lines.add("Change the cluster and ask again: edit and save a file in " + EXAMPLES + "/, or use kubectl:");
            lines.add("  kubectl --kubeconfig " + kubeconfig + " get services -A");
            lines.add("  kubectl --kubeconfig " + kubeconfig + " delete endpointslice users-b -n shop");
            lines.add("  kubectl --kubeconfig " + kubeconfig + " apply --server-side -f your.yaml");
            lines.add(
                    "Legacy machines are in the cluster too: let one die, look at both sides, and let it live again:");
            lines.add(
                    "  kubectl --kubeconfig " + kubeconfig + " get lsvc -n shop -o custom-columns="
                            + "NAME:.metadata.name,READY:.status.ready,STATUS:'.status.conditions[?(@.type==\"Ready\")].reason'");
            lines.add("  curl -X POST http://127.0.0.1:" + machinesPort + "/billing-2/stop");
            lines.add("  kubectl --kubeconfig " + kubeconfig + " get endpointslices -n shop -o yaml"
                    + " -l bailey.bridge/legacy-service=billing");
            if (dns > 0) {
                lines.add("  dig +short @127.0.0.1 -p " + dns + " billing.service.consul");
            }
            lines.add("  curl -X POST http://127.0.0.1:" + machinesPort + "/billing-2/start");
            lines.add("Play callers that stay connected to a machine, which speaks against stopping it:");
            lines.add("  curl -X POST http://127.0.0.1:" + machinesPort + "/billing-2/connections/3");
            lines.add("  (get, apply --server-side, create, replace, patch, annotate, label and delete work here;"
                    + " edit, describe and -w don't)");
        }
        lines.add("Stop with Ctrl-C.");
        lines.add("");
        lines.forEach(out::println);
        out.flush();
    }

    private static int port(String variable, int byDefault, String what) throws TakenPort {
        int port = environment(variable).map(Integer::parseInt).orElse(byDefault);
        if (!Ports.isFree(port)) {
            throw new TakenPort(what, variable, port);
        }
        return port;
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(v -> !v.isBlank());
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }

    /** In the opposite order of the start, so that Bailey ends while what it talks to is still there. */
    private void stop() {
        for (int i = started.size() - 1; i >= 0; i--) {
            try {
                started.get(i).close();
            } catch (Exception e) {
                System.err.println("While stopping: " + e);
            }
        }
    }
}
