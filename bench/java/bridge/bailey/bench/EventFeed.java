package bridge.bailey.bench;

import bridge.bailey.local.LocalKubernetes;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The watch of slices, taken from the API of this process: what the bench sends is what Bailey is told, at no cost of the API's
 * own.
 */
final class EventFeed extends WebSocketListener {

    private final CompletableFuture<WebSocket> watch = new CompletableFuture<>();

    static EventFeed of(LocalKubernetes kubernetes) {
        EventFeed feed = new EventFeed();
        kubernetes.intercept(request -> request.getPath().contains("/endpointslices")
                        && request.getPath().contains("watch=true")
                ? Optional.of(new MockResponse().withWebSocketUpgrade(feed))
                : Optional.empty());
        return feed;
    }

    @Override
    public void onOpen(WebSocket socket, Response response) {
        watch.complete(socket);
    }

    void awaitWatcher() {
        watch.orTimeout(1, TimeUnit.MINUTES).join();
    }

    void send(String event) {
        watch.join().send(event);
    }
}
