package bridge.bailey.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP proxy in front of a real server, with faults injected on purpose. A new fault first cuts all connections. */
final class FaultProxy implements AutoCloseable {

    /** What happens to connections. */
    sealed interface Fault {
        /** None. */
        record Pass() implements Fault {}

        /** Connections are reset at once. */
        record Reset() implements Fault {}

        /** Nothing ever comes back. */
        record Silence() implements Fault {}

        /** Connections that are open go silent, and are not closed; new ones work. */
        record Freeze() implements Fault {}

        /** Each connection gets so many bytes of what the server answers, and then nothing, and stays open. */
        record Stall(int bytes) implements Fault {}

        /** What the server answers comes so much later. */
        record Delay(long millis) implements Fault {}

        /** Requests reach the server, but its answers are lost. */
        record LoseAnswers() implements Fault {}

        /** Every request is answered with this status, and does not reach the server. */
        record Answer(int status, String body) implements Fault {}
    }

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> frozen = ConcurrentHashMap.newKeySet();
    private final AtomicInteger met = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private Fault fault = new Fault.Pass();

    /** A proxy to a port of this machine. */
    FaultProxy(int target) {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
    }

    FaultProxy(InetSocketAddress target) {
        this.target = target;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** From now on. */
    synchronized void set(Fault next) {
        fault = next;
        met.set(0);
        if (next instanceof Fault.Freeze) {
            frozen.addAll(sockets);
        } else {
            sockets.forEach(FaultProxy::reset);
        }
    }

    /** How many connections met the present fault. */
    int met() {
        return met.get();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "fault-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Fault present = meet(client);
                daemon(() -> serve(client, present));
            } catch (IOException e) {
                return;
            }
        }
    }

    private synchronized Fault meet(Socket client) {
        sockets.add(client);
        met.incrementAndGet();
        return fault;
    }

    private void serve(Socket client, Fault now) {
        try (client) {
            if (now instanceof Fault.Reset) {
                reset(client);
            } else if (now instanceof Fault.Answer answer) {
                answer(client, answer);
            } else {
                forward(client, now);
            }
        } catch (IOException e) {
            // The connection was cut, by us or by a side.
        } finally {
            sockets.remove(client);
        }
    }

    private static void answer(Socket client, Fault.Answer answer) throws IOException {
        readHead(client.getInputStream());
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        client.getOutputStream()
                .write(("HTTP/1.1 " + answer.status() + " Fault\r\nContent-Length: " + body.length
                                + "\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().write(body);
        client.getOutputStream().flush();
        client.shutdownOutput();
        // A close with unread input would reset the connection, and the answer with it.
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static void readHead(InputStream in) throws IOException {
        int newlines = 0;
        while (newlines < 2) {
            int next = in.read();
            if (next < 0) {
                return;
            }
            newlines = next == '\n' ? newlines + 1 : next == '\r' ? newlines : 0;
        }
    }

    private void forward(Socket client, Fault now) throws IOException {
        try (Socket server = new Socket(target.getAddress(), target.getPort())) {
            sockets.add(server);
            daemon(() -> {
                try {
                    pump(client.getInputStream(), server.getOutputStream());
                    server.shutdownOutput();
                } catch (IOException e) {
                    reset(server);
                }
            });
            InputStream answers = server.getInputStream();
            if (now instanceof Fault.LoseAnswers) {
                if (answers.read() >= 0) {
                    reset(client);
                }
            } else if (now instanceof Fault.Stall stall) {
                client.getOutputStream().write(answers.readNBytes(stall.bytes()));
                awaitClose();
            } else if (now instanceof Fault.Silence) {
                answers.transferTo(OutputStream.nullOutputStream());
                awaitClose();
            } else {
                pumpDelayed(answers, client, now instanceof Fault.Delay delay ? delay.millis() : 0);
            }
            sockets.remove(server);
        }
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pump(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[16384];
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            to.write(buffer, 0, n);
            to.flush();
        }
    }

    private void pumpDelayed(InputStream from, Socket client, long millis) throws IOException {
        OutputStream to = client.getOutputStream();
        byte[] buffer = new byte[16384];
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            if (millis > 0) {
                try {
                    // The delay is the fault itself, not a way to wait for something.
                    closed.await(millis, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            if (frozen.contains(client)) {
                continue;
            }
            to.write(buffer, 0, n);
            to.flush();
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is gone already.
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(FaultProxy::reset);
    }
}
