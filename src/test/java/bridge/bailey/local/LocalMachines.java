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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tiny HTTP servers that stand for virtual machines, each on a loopback address of its own, with a page of metrics. They can
 * be stopped and started over HTTP: {@code POST /<name>/stop}, {@code POST /<name>/start}; {@code POST /<name>/connections/7}
 * plays as many open connections of callers; {@code GET /} lists them.
 */
public final class LocalMachines implements AutoCloseable {

    private final int port;
    private final Map<String, Machine> machines = new TreeMap<>();
    private final ExecutorService threads;
    private final HttpServer control;

    private static final class Machine {
        private final String address;
        private final AtomicLong requests = new AtomicLong();
        private final AtomicInteger connections = new AtomicInteger();
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
                server.createContext("/", exchange -> serve(exchange, name, machine));
                server.start();
                machine.running = Optional.of(server);
            }
        }
    }

    private static void serve(HttpExchange exchange, String name, Machine machine) throws IOException {
        machine.requests.incrementAndGet();
        switch (exchange.getRequestURI().getPath()) {
            case "/health" -> answer(exchange, 200, "{\"status\":\"UP\"}\n");
            case "/metrics" -> {
                exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
                answer(exchange, 200, metrics(machine));
            }
            case "/info" -> answer(exchange, 200, "{\"name\":\"" + name + "\"}\n");
            default -> answer(exchange, 200, "this is " + name + "\n");
        }
    }

    private static String metrics(Machine machine) {
        return """
                # HELP app_requests_total Requests that were served.
                # TYPE app_requests_total counter
                app_requests_total %d
                # HELP app_connections_open Connections of callers that are open.
                # TYPE app_connections_open gauge
                app_connections_open %d
                """
                .formatted(machine.requests.get(), machine.connections.get());
    }

    /** Plays that so many callers are connected. */
    public void connections(String name, int open) {
        synchronized (machines) {
            machines.get(name).connections.set(open);
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
        boolean post = known && exchange.getRequestMethod().equals("POST");
        if (post && path.length == 3 && path[1].equals("connections") && path[2].matches("\\d{1,6}")) {
            connections(path[0], Integer.parseInt(path[2]));
        } else if (post && path.length == 2) {
            switch (path[1]) {
                case "stop" -> stop(path[0]);
                case "start" -> start(path[0]);
                default -> {
                    answer(exchange, 404, "stop, start or connections/<number>\n");
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
