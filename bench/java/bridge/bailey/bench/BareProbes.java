package bridge.bailey.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleConsumer;

/** The least that probing by HTTP takes: a selector, evenly spread connections, a request, the head, and no judgement. */
final class BareProbes implements AutoCloseable {

    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

    private final Selector selector;
    private final List<Integer> ports;
    private final long step;
    private final DoubleConsumer secondsLate;
    private final AtomicLong answers = new AtomicLong();
    private final Thread thread = new Thread(this::run, "bench-bare-probes");
    private final ByteBuffer input = ByteBuffer.allocate(4096);
    private volatile boolean closed;

    BareProbes(List<Integer> ports, int targets, Duration interval, DoubleConsumer secondsLate) {
        this.ports = ports;
        this.step = interval.toNanos() / targets;
        this.secondsLate = secondsLate;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread.setDaemon(true);
        thread.start();
    }

    long threadId() {
        return thread.getId();
    }

    long answers() {
        return answers.get();
    }

    private void run() {
        long due = System.nanoTime();
        int next = 0;
        try {
            while (!closed) {
                for (long now = System.nanoTime(); due <= now; due += step) {
                    secondsLate.accept((now - due) / 1e9);
                    connect(ports.get(next++ % ports.size()));
                }
                selector.select(this::go, Math.max(1, (due - System.nanoTime() + MILLISECOND - 1) / MILLISECOND));
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void connect(int port) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_CONNECT, request(port));
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static byte[] request(int port) {
        return ("GET /health HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n").getBytes(US_ASCII);
    }

    private void go(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                channel.write(ByteBuffer.wrap((byte[]) key.attachment()));
                key.interestOps(SelectionKey.OP_READ);
            } else {
                input.clear();
                if (channel.read(input) > 0 && input.get(9) == '2') {
                    answers.incrementAndGet();
                }
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }
}
