package bridge.bailey.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Answers any request with 200 on many ports, from one thread that is not among those that are measured. */
final class HttpTargets implements AutoCloseable {

    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n".getBytes(US_ASCII);
    private static final int BACKLOG = 1024;

    private final Selector selector;
    private final List<ServerSocketChannel> servers = new ArrayList<>();
    private final ByteBuffer input = ByteBuffer.allocate(4096);

    HttpTargets(int ports) {
        try {
            selector = Selector.open();
            for (int i = 0; i < ports; i++) {
                ServerSocketChannel server = ServerSocketChannel.open();
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
                server.configureBlocking(false);
                server.register(selector, SelectionKey.OP_ACCEPT);
                servers.add(server);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "bench-targets");
        thread.setDaemon(true);
        thread.start();
    }

    List<Integer> ports() {
        return servers.stream().map(server -> server.socket().getLocalPort()).toList();
    }

    private void serve() {
        try {
            while (selector.isOpen()) {
                selector.select(this::serve);
            }
        } catch (ClosedSelectorException closed) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(SelectionKey key) {
        if (key.isAcceptable()) {
            accept((ServerSocketChannel) key.channel());
        } else {
            answer((SocketChannel) key.channel());
        }
    }

    private void accept(ServerSocketChannel server) {
        try {
            for (SocketChannel one = server.accept(); one != null; one = server.accept()) {
                one.configureBlocking(false);
                one.register(selector, SelectionKey.OP_READ);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(SocketChannel channel) {
        try (channel) {
            input.clear();
            if (channel.read(input) > 0) {
                channel.write(ByteBuffer.wrap(ANSWER));
            }
        } catch (IOException gone) {
            // Whoever asked has closed the connection, as is its right.
            return;
        }
    }

    @Override
    public void close() {
        try {
            selector.close();
            for (ServerSocketChannel server : servers) {
                server.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
