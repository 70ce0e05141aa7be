package bridge.bailey.bench;

import bridge.bailey.local.Ports;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Answers each request with the same bytes, which are ready: what HTTP alone costs. */
final class BareServer implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final int port = Ports.free();
    private volatile Buffer body = Buffer.buffer();
    private volatile boolean compressed;

    BareServer() {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            if (compressed) {
                request.response().putHeader("Content-Encoding", "gzip");
            }
            request.response().end(body);
        });
        await(server.listen(port, "127.0.0.1").toCompletionStage());
    }

    void serve(byte[] bytes, boolean asGzip) {
        body = Buffer.buffer(bytes);
        compressed = asGzip;
    }

    String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    @Override
    public void close() {
        await(vertx.close().toCompletionStage());
    }

    private static void await(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
