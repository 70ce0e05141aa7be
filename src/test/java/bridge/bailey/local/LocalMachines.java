package bridge.bailey.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Tiny HTTP servers that stand for virtual machines, each on a loopback address of its own. They can be stopped and started
 * over HTTP: {@code POST /<name>/stop}, {@code POST /<name>/start}; {@code GET /} lists them.
 */
public final class LocalMachines implements AutoCloseable {

    private final int port;
    private final Map<String, Machine> machines = new TreeMap<>();
    private final ExecutorService threads;
    private final HttpServer control;

    private static final class Machine {
        private final String address;
        private Optional<HttpServer> running = Optional.empty();

        Machine(String address) {
            this.address = address;
        }
    }

    /**
     * Starts none yet.
     *
     * @param port on which each machine listens
     * @param controlPort of 127.0.0.1, on which they are stopped and started
     */
    public LocalMachines(int port, int controlPort) {
        this.port = port;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "machine");
            thread.setDaemon(true);
            return thread;
        });
        this.control = server("127.0.0.1", controlPort);
        control.createContext("/", this::control);
        control.start();
    }

    private HttpServer server(String address, int number) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(address, number), 0);
            server.setExecutor(threads);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(address + ":" + number, e);
        }
    }

    /** Starts a machine; on loopback every address from 127.0.0.2 on is there already. */
    public LocalMachines add(String name, String address) {
        synchronized (machines) {
            machines.put(name, new Machine(address));
            start(name);
        }
        return this;
    }

    /** Starts a machine again. */
    public void start(String name) {
        synchronized (machines) {
            Machine machine = machines.get(name);
            if (machine.running.isEmpty()) {
                HttpServer server = server(machine.address, port);
                Map<String, String> paths = new ConcurrentHashMap<>(Map.of("/health", "{\"status\":\"UP\"}\n"));
                server.createContext(
                        "/",
                        exchange -> answer(
                                exchange,
                                200,
                                paths.getOrDefault(exchange.getRequestURI().getPath(), "this is " + name + "\n")));
                server.start();
                machine.running = Optional.of(server);
            }
        }
    }

    /** Stops a machine: it refuses connections from now on. */
    public void stop(String name) {
        synchronized (machines) {
            Machine machine = machines.get(name);
            machine.running.ifPresent(server -> server.stop(0));
            machine.running = Optional.empty();
        }
    }

    private void control(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().substring(1).split("/", -1);
        boolean known;
        synchronized (machines) {
            known = machines.containsKey(path[0]);
        }
        if (path.length == 2 && known && exchange.getRequestMethod().equals("POST")) {
            switch (path[1]) {
                case "stop" -> stop(path[0]);
                case "start" -> start(path[0]);
                default -> {
                    answer(exchange, 404, "stop or start\n");
                    return;
                }
            }
        }
        answer(exchange, 200, list());
    }

    private String list() {
        StringBuilder text = new StringBuilder();
        synchronized (machines) {
            machines.forEach((name, machine) -> text.append(name)
                    .append("  ")
                    .append(machine.address)
                    .append(':')
                    .append(port)
                    .append(machine.running.isPresent() ? "  runs\n" : "  is stopped\n"));
        }
        return text.toString();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        synchronized (machines) {
            machines.keySet().forEach(this::stop);
        }
        control.stop(0);
        threads.shutdownNow();
    }
}
