package bridge.bailey.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** Answers what a test says, in turn, and keeps what it was asked. With nothing to say it holds the query. */
final class ScriptedConsul implements AutoCloseable {

    /** An answer to a query. */
    record Reply(int status, String index, String body) {}

    /** A query, and when it came. */
    record Asked(URI uri, long nanos) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final LinkedBlockingQueue<Reply> script = new LinkedBlockingQueue<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile Reply always;
    private volatile Reply rights = new Reply(200, "1", "[{\"Allow\": true}, {\"Allow\": true}]");

    ScriptedConsul() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/health/service/", this::health);
        server.createContext("/v1/internal/acl/authorize", exchange -> send(exchange, rights));
        server.setExecutor(threads);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The answer to one more query. */
    ScriptedConsul then(int status, String index, String body) {
        script.add(new Reply(status, index, body));
        return this;
    }

    /** The same answer to every query from now on. */
    ScriptedConsul always(int status, String index, String body) {
        always = new Reply(status, index, body);
        return this;
    }

    /** What the token may read, for those who ask. */
    ScriptedConsul rights(boolean service, boolean nodes) {
        rights = new Reply(200, "1", "[{\"Allow\": " + service + "}, {\"Allow\": " + nodes + "}]");
        return this;
    }

    /** As one that has no ACLs. */
    ScriptedConsul withoutAcls() {
        rights = new Reply(401, "", "ACL support disabled");
        return this;
    }

    List<Asked> asked() {
        return asked;
    }

    /** The parameters of the query with this number. */
    String query(int number) {
        return asked.get(number).uri().getRawQuery();
    }

    private void health(HttpExchange exchange) throws IOException {
        asked.add(new Asked(exchange.getRequestURI(), System.nanoTime()));
        Reply reply = always;
        if (reply == null) {
            try {
                reply = script.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        send(exchange, reply);
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        if (!reply.index().isEmpty()) {
            exchange.getResponseHeaders().add("X-Consul-Index", reply.index());
        }
        exchange.sendResponseHeaders(reply.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
