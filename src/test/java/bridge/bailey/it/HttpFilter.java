package bridge.bailey.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** In front of Consul: answers 500 to the requests whose bodies are picked, holds back others, and passes on the rest. */
final class HttpFilter implements AutoCloseable {

    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final URI target;
    private volatile Predicate<String> refused = body -> false;
    private volatile Predicate<String> holding = body -> false;
    private volatile CountDownLatch release = new CountDownLatch(0);
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();

    HttpFilter(URI target) {
        this.target = target;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    void refuse(Predicate<String> bodies) {
        refused = bodies;
    }

    /** From now on requests with such bodies wait, before they reach Consul, until they are released. */
    void hold(Predicate<String> bodies) {
        release = new CountDownLatch(1);
        holding = bodies;
    }

    /** How many requests were held back so far. */
    int held() {
        return held.get();
    }

    /** How many requests were answered so far that had been held back. */
    int answered() {
        return answered.get();
    }

    /** Lets go on what was held back, and what comes. */
    void release() {
        holding = body -> false;
        release.countDown();
    }

    private boolean holdBack(String body) throws InterruptedException {
        if (!holding.test(body)) {
            return false;
        }
        held.incrementAndGet();
        release.await();
        return true;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean wasHeld = holdBack(new String(body, StandardCharsets.UTF_8));
            if (refused.test(new String(body, StandardCharsets.UTF_8))) {
                byte[] text = "No cluster leader".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(500, text.length);
                exchange.getResponseBody().write(text);
                return;
            }
            HttpRequest request = HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
                    .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (wasHeld) {
                answered.incrementAndGet();
            }
            response.headers().firstValue("X-Consul-Index").ifPresent(index -> exchange.getResponseHeaders()
                    .set("X-Consul-Index", index));
            exchange.sendResponseHeaders(
                    response.statusCode(), response.body().length == 0 ? -1 : response.body().length);
            exchange.getResponseBody().write(response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        release();
        server.stop(0);
        threads.shutdownNow();
    }
}
