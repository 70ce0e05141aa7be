package bridge.bailey.probe;

import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Printable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;

/** Reads pages by HTTP/1.1, each by a connection of its own, as Prometheus' text format. */
final class HttpPages implements PageReader {

    static final int LARGEST = 4 * 1024 * 1024;

    private static final int OK = 200;
    private static final String TEXT_FORMAT = "text/plain;version=0.0.4";

    private final Vertx vertx;
    private final Duration timeout;
    private final HttpClient client;

    /**
     * Opens nothing yet.
     *
     * @param timeout of the whole, from the connection to the last byte
     */
    HttpPages(Vertx vertx, Duration timeout) {
        this.vertx = vertx;
        this.timeout = timeout;
        HttpClientOptions options = new HttpClientOptions().setKeepAlive(false);
        Client.limit(options, timeout);
        // Without it Vert.x logs an error for each connection that is reset.
        client = vertx.httpClientBuilder()
                .with(options)
                .withConnectHandler(connection -> connection.exceptionHandler(ignored -> {}))
                .build();
    }

    @Override
    public Future<Found> read(Connections.Page page) {
        Attempt attempt = new Attempt(vertx, timeout);
        GaugeSum sum = new GaugeSum(page.gauge());
        try {
            client.request(options(page)).onFailure(attempt::failed).onSuccess(request -> {
                attempt.connected(() -> request.connection().close());
                request.send().onFailure(attempt::failed).onSuccess(response -> take(response, page, sum, attempt));
            });
        } catch (RuntimeException e) {
            attempt.failed(e);
        }
        return attempt.outcome().map(outcome -> outcome.passed() ? sum.found() : Found.failed(outcome.reason()));
    }

    private static RequestOptions options(Connections.Page page) {
        return new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(page.port(), page.address()))
                .setHost(page.address())
                .setPort(page.port())
                .setURI(page.path())
                .putHeader(HttpHeaders.HOST, CatalogEntry.endpoint(page.address(), page.port()))
                .putHeader(HttpHeaders.USER_AGENT, "bailey")
                .putHeader(HttpHeaders.ACCEPT, TEXT_FORMAT);
    }

    private static void take(HttpClientResponse response, Connections.Page page, GaugeSum sum, Attempt attempt) {
        response.exceptionHandler(attempt::failed);
        if (response.statusCode() != OK) {
            String path = Printable.of(page.path().split("\\?", 2)[0]);
            attempt.failed(ProbeResult.STATUS, "HTTP " + response.statusCode() + " from " + path);
            return;
        }
        int[] bytes = {0};
        response.handler(chunk -> {
            bytes[0] += chunk.length();
            add(chunk, bytes[0], sum, attempt);
        });
        response.endHandler(end -> attempt.passed());
    }

    private static void add(Buffer chunk, int bytes, GaugeSum sum, Attempt attempt) {
        if (bytes > LARGEST) {
            attempt.failed(ProbeResult.OTHER, "the page is larger than 4 MiB");
        } else {
            sum.add(chunk.getBytes());
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
