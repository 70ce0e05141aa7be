package bridge.bailey.web.events;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;

/** One client, and how far it is. Is used on the thread of {@link EventStreams} only. */
final class EventStream {

    private final HttpConnection connection;
    private final HttpServerResponse response;
    private long version;
    private long bridge;
    private boolean greeted;
    private int beatsMissed;

    /**
     * Makes it.
     *
     * @param version the last one that the client has
     */
    EventStream(HttpServerRequest request, long version) {
        this.connection = request.connection();
        this.response = request.response();
        this.version = version;
    }

    /** Whether what was sent before has left, so that more would not pile up. */
    boolean takesMore() {
        return !response.closed() && !response.ended() && !response.writeQueueFull();
    }

    /** The last version that it was sent. */
    long version() {
        return version;
    }

    /** Whether it has to be told of a version; whoever is new is told at once, even if nothing is new. */
    boolean lacks(long current) {
        return !greeted || version != current;
    }

    void sendServices(Buffer event, long reached) {
        send(event);
        version = reached;
        greeted = true;
    }

    /** Whether it has to be told of a state of the bridge. */
    boolean lacksBridge(long current) {
        return bridge != current;
    }

    void sendBridge(Buffer event, long current) {
        send(event);
        bridge = current;
    }

    /** A sign of life; gives how many could not be sent in a row. */
    int beat(Buffer event) {
        if (takesMore()) {
            send(event);
            beatsMissed = 0;
        } else {
            beatsMissed++;
        }
        return beatsMissed;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A client that went away is removed by the handler of its end.
    void send(Buffer event) {
        response.write(event);
    }

    /** Ends it cleanly. For a client that does not read the end would never come: its connection is cut. */
    @SuppressWarnings("FutureReturnValueIgnored") // There is nobody left to tell.
    void end() {
        if (takesMore()) {
            response.end();
        } else if (connection instanceof ConnectionBase base) {
            // Vert.x itself would wait until what was sent has left.
            base.channelHandlerContext().close();
        } else {
            connection.close();
        }
    }
}
