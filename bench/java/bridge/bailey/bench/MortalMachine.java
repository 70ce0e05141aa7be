package bridge.bailey.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** A machine on loopback that dies right after it has answered a probe: the worst moment for whoever waits for the next. */
final class MortalMachine implements AutoCloseable {

    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress address;
    private final AtomicReference<CompletableFuture<Long>> doom = new AtomicReference<>();
    private volatile ServerSocket socket;
    private volatile boolean closed;

    MortalMachine(String address, int port) {
        try {
            this.address = new InetSocketAddress(InetAddress.getByName(address), port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts to live. */
    void start() {
        try {
            ServerSocket made = new ServerSocket();
            made.setReuseAddress(true);
            made.bind(address);
            socket = made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "machine-" + address);
        thread.setDaemon(true);
        thread.start();
    }

    /** Dies after the next answer; completes with the time of it. */
    CompletableFuture<Long> die() {
        CompletableFuture<Long> death = new CompletableFuture<>();
        doom.set(death);
        return death;
    }

    private void serve() {
        try {
            while (true) {
                try (Socket probe = socket.accept()) {
                    byte[] request = new byte[1024];
                    if (probe.getInputStream().read(request) > 0) {
                        probe.getOutputStream().write(ANSWER);
                    }
                }
                CompletableFuture<Long> death = doom.getAndSet(null);
                if (death != null) {
                    socket.close();
                    death.complete(System.nanoTime());
                    return;
                }
            }
        } catch (IOException e) {
            if (!closed) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
