package bridge.bailey.probe;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.local.Ports;
import bridge.bailey.probe.Connections.Page;
import bridge.bailey.probe.PageReader.Found;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How pages are read from real sockets. */
class HttpPagesTest {

    private static final Duration PATIENT = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> unhandled = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        Checking.await(vertx.close());
        assertThat(unhandled).isEmpty();
    }

    private int serve(Consumer<HttpServerRequest> handler) {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            asked.add(request.uri() + " " + request.getHeader("Accept"));
            handler.accept(request);
        });
        return Checking.await(server.listen(0, "127.0.0.1")).actualPort();
    }

    private Found read(int port, Duration timeout) {
        Promise<Found> found = Promise.promise();
        vertx.exceptionHandler(unhandled::add).getOrCreateContext().runOnContext(ignored -> {
            HttpPages pages = new HttpPages(vertx, timeout);
            pages.read(new Page("127.0.0.1", port, "/prom?a=b", "open")).onComplete(result -> {
                pages.close();
                found.handle(result);
            });
        });
        return Checking.await(found.future());
    }

    @Test
    void aPageIsAskedForInTheTextFormatAndSummed() {
        int port = serve(request -> request.response().end("# TYPE open gauge\nopen{a=\"1\"} 3\nopen{a=\"2\"} 4\n"));

        assertThat(read(port, PATIENT)).isEqualTo(Found.of(7));
        assertThat(asked).containsExactly("/prom?a=b text/plain;version=0.0.4");
    }

    @Test
    void anotherStatusIsToldWithoutTheQuery() {
        int port = serve(request -> request.response().setStatusCode(503).end("open 7\n"));

        assertThat(read(port, PATIENT)).isEqualTo(Found.failed("HTTP 503 from /prom"));
    }

    @Test
    void whereNobodyListensThatIsTold() {
        assertThat(read(Ports.free(), PATIENT)).isEqualTo(Found.failed("connection refused"));
    }

    @Test
    void aPageThatNeverEndsIsGivenUp() {
        int port = serve(request -> request.response().setChunked(true).write("open 7\n"));

        assertThat(read(port, Duration.ofMillis(300)).error()).isEqualTo("timed out after 300 ms");
    }

    @Test
    void aPageThatBreaksOffIsNotSummed() {
        int port = serve(request -> request.response()
                .putHeader("Content-Length", "1000")
                .write("open 7\n")
                .onComplete(written -> request.connection().close()));

        Found found = read(port, PATIENT);

        assertThat(found.open()).isEmpty();
        assertThat(found.error()).isNotEmpty();
    }

    @Test
    void aPageThatIsTooLargeIsGivenUp() {
        Buffer large = Buffer.buffer("open 7\n" + "#".repeat(HttpPages.LARGEST));
        int port = serve(request -> request.response().end(large));

        assertThat(read(port, PATIENT)).isEqualTo(Found.failed("the page is larger than 4 MiB"));
    }
}
