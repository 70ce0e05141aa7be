package bridge.bailey.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real Consul agent: a server of its own, on loopback, that can be stopped, started again and wiped. */
public final class LocalConsul implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Path directory;
    private final int httpPort;
    private final int dnsPort;
    private final boolean acl;
    private final boolean tls;
    private final Map<String, Object> ports = new LinkedHashMap<>();
    private Process process;
    private Map<String, Object> dns = Map.of();
    private String token = "";
    private List<LocalConsul> servers = List.of(this);

    private LocalConsul(int httpPort, int dnsPort, boolean acl, boolean tls) {
        try {
            this.directory = Files.createTempDirectory("bailey-consul-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.httpPort = httpPort;
        this.dnsPort = dnsPort;
        this.acl = acl;
        this.tls = tls;
        ports.put("http", httpPort);
        ports.put("dns", dnsPort);
        for (String other : new String[] {"server", "serf_lan", "serf_wan"}) {
            ports.put(other, Ports.free());
        }
        ports.put("grpc", -1);
    }

    /** Starts an agent on free ports. */
    public static LocalConsul start() {
        return started(new LocalConsul(Ports.free(), Ports.free(), false, false));
    }

    /** Starts an agent on these ports. */
    public static LocalConsul start(int httpPort, int dnsPort) {
        return started(new LocalConsul(httpPort, dnsPort, false, false));
    }

    /**
     * Starts an agent whose DNS is not as it is by default.
     *
     * @param dns Consul's {@code dns_config}
     */
    public static LocalConsul startWithDns(Map<String, Object> dns) {
        LocalConsul consul = new LocalConsul(Ports.free(), Ports.free(), false, false);
        consul.dns = Map.copyOf(dns);
        return started(consul);
    }

    /**
     * Starts servers that are one cluster: as long as most of them live, they have a leader. Each is asked and stopped by
     * itself.
     */
    public static List<LocalConsul> startCluster(int size) {
        List<LocalConsul> all = Stream.generate(() -> new LocalConsul(Ports.free(), Ports.free(), false, false))
                .limit(size)
                .toList();
        all.forEach(consul -> consul.servers = all);
        all.forEach(LocalConsul::launch);
        all.forEach(LocalConsul::awaitLeader);
        return all;
    }

    /** Starts an agent that allows nothing without a token. */
    public static LocalConsul startWithAcl() {
        LocalConsul consul = started(new LocalConsul(Ports.free(), Ports.free(), true, false));
        Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> {
            JsonNode answer = consul.tryRequest("PUT", "acl/bootstrap", "");
            if (answer == null) {
                return false;
            }
            consul.token = answer.get("SecretID").asText();
            return true;
        });
        return consul;
    }

    /**
     * Starts an agent that also speaks HTTPS, and there asks for a client certificate. Its certificates are made by
     * {@code consul tls}, as people make them: {@link #certificate}.
     */
    public static LocalConsul startWithTls() {
        LocalConsul consul = new LocalConsul(Ports.free(), Ports.free(), false, true);
        consul.ports.put("https", Ports.free());
        consul.makeCertificates();
        return started(consul);
    }

    private void makeCertificates() {
        for (String command : new String[] {"ca create", "cert create -server", "cert create -client"}) {
            try {
                List<String> words = new ArrayList<>(List.of(binary(), "tls"));
                words.addAll(List.of(command.split(" ", -1)));
                Process process = new ProcessBuilder(words)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("tls.log").toFile())
                        .start();
                if (process.waitFor() != 0) {
                    throw new IllegalStateException("consul tls " + command + " failed");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** The file of {@code consul-agent-ca.pem}, {@code dc1-client-consul-0.pem} or {@code dc1-client-consul-0-key.pem}. */
    public Path certificate(String name) {
        return directory.resolve(name);
    }

    public int httpsPort() {
        return (int) ports.get("https");
    }

    private static LocalConsul started(LocalConsul consul) {
        consul.startAgain();
        return consul;
    }

    /** The path of the binary that scripts/consul finds. */
    private static String binary() throws IOException, InterruptedException {
        Process find = new ProcessBuilder(script().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String path = new String(find.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (find.waitFor() != 0) {
            throw new IllegalStateException("scripts/consul found no Consul; see above");
        }
        return path;
    }

    private static Path script() {
        return Path.of("scripts", "consul").toAbsolutePath();
    }

    /** Starts the agent again, with the data that it had. */
    public void startAgain() {
        launch();
        awaitLeader();
    }

    /** Starts the agent, whether or not it has a leader. */
    public void launch() {
        try {
            String binary = binary();
            Path config = directory.resolve("config.json");
            Files.writeString(config, MAPPER.writeValueAsString(config(binary)));
            process = new ProcessBuilder(binary, "agent", "-config-file", config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private File log() {
        return directory.resolve("consul.log").toFile();
    }

    /** Waits until the agent can be written to. */
    public void awaitLeader() {
        Awaitility.await("Consul has a leader, or see " + log())
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(50))
                .failFast("Consul ended: see " + log(), () -> !process.isAlive())
                .until(() -> {
                    JsonNode leader = tryRequest("GET", "status/leader", null);
                    return leader != null && !leader.asText().isEmpty() && canWrite();
                });
    }

    /** A leader that has just been elected may still refuse; with ACLs nothing more can be told without a token. */
    private boolean canWrite() {
        return acl || tryRequest("PUT", "kv/bailey-local", "") != null;
    }

    private Map<String, Object> config(String binary) throws IOException, InterruptedException {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("server", true);
        config.put("bootstrap_expect", servers.size());
        config.put("node_name", servers.size() == 1 ? "local" : "local-" + servers.indexOf(this));
        if (servers.size() > 1) {
            config.put(
                    "retry_join",
                    servers.stream()
                            .map(server -> "127.0.0.1:" + server.ports.get("serf_lan"))
                            .toList());
            config.put("retry_interval", "1s");
        }
        config.put("data_dir", directory.resolve("data").toString());
        config.put("bind_addr", "127.0.0.1");
        config.put("client_addr", "127.0.0.1");
        config.put("log_level", "WARN");
        config.put("disable_update_check", true);
        config.put("leave_on_terminate", false);
        config.put("performance", Map.of("raft_multiplier", 1));
        if (!dns.isEmpty()) {
            config.put("dns_config", dns);
        }
        if (acl) {
            config.put("acl", Map.of("enabled", true, "default_policy", "deny"));
        }
        if (tls) {
            Map<String, Object> files = Map.of(
                    "ca_file", certificate("consul-agent-ca.pem").toString(),
                    "cert_file", certificate("dc1-server-consul-0.pem").toString(),
                    "key_file", certificate("dc1-server-consul-0-key.pem").toString());
            if (version(binary).startsWith("1.8.")) {
                config.putAll(files);
                config.put("verify_incoming_https", true);
            } else {
                config.put("tls", Map.of("defaults", files, "https", Map.of("verify_incoming", true)));
            }
        }
        Map<String, Object> all = new LinkedHashMap<>(ports);
        if (!version(binary).startsWith("1.8.")) {
            all.put("grpc_tls", -1);
        }
        config.put("ports", all);
        return config;
    }

    private static String version(String binary) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(binary, "version").start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text.lines().findFirst().orElse("").replaceAll("^Consul v", "");
    }

    /** Stops the agent at once, as a crash would; its data stays. */
    public void stop() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Consul does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Halts the agent where it is: connections stay open, and nothing is answered until {@link #resume}. */
    public void pause() {
        signal("STOP");
    }

    /** Lets a paused agent go on. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
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

    /** Removes the data of a stopped agent. */
    public void wipe() {
        delete(directory.resolve("data"));
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public int httpPort() {
        return httpPort;
    }

    public int dnsPort() {
        return dnsPort;
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + httpPort);
    }

    /** The token that may do everything; "" without ACLs. */
    public String managementToken() {
        return token;
    }

    /** GETs below /v1/, consistently. */
    public JsonNode get(String path) {
        return request("GET", path + (path.contains("?") ? "&" : "?") + "consistent", null);
    }

    /** PUTs below /v1/. */
    public JsonNode put(String path, String body) {
        return request("PUT", path, body);
    }

    /** DELETEs below /v1/. */
    public JsonNode delete(String path) {
        return request("DELETE", path, null);
    }

    /** Everything that Consul holds, to be restored later. */
    public byte[] snapshot() {
        return raw("GET", HttpRequest.BodyPublishers.noBody());
    }

    public void restore(byte[] snapshot) {
        raw("PUT", HttpRequest.BodyPublishers.ofByteArray(snapshot));
    }

    private byte[] raw(String method, HttpRequest.BodyPublisher body) {
        HttpRequest request = HttpRequest.newBuilder(uri().resolve("/v1/snapshot"))
                .method(method, body)
                .build();
        try {
            HttpResponse<byte[]> response = HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IllegalStateException("snapshot: " + response.statusCode());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private JsonNode request(String method, String path, String body) {
        try {
            HttpResponse<String> response = send(method, path, body);
            if (response.statusCode() != 200) {
                throw new IllegalStateException(
                        method + " " + path + ": " + response.statusCode() + " " + response.body());
            }
            return response.body().isEmpty() ? MAPPER.nullNode() : MAPPER.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode tryRequest(String method, String path, String body) {
        try {
            HttpResponse<String> response = send(method, path, body);
            return response.statusCode() == 200 ? MAPPER.readTree(response.body()) : null;
        } catch (IOException e) {
            return null;
        }
    }

    private HttpResponse<String> send(String method, String path, String body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri().resolve("/v1/" + path))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("X-Consul-Token", token);
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stop();
        delete(directory);
    }

    private static void delete(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> {
                if (!file.delete()) {
                    throw new IllegalStateException("can't delete " + file);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
