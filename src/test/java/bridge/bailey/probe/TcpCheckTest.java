package bridge.bailey.probe;

import static bridge.bailey.probe.Checking.SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.Probe.Check;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpCheckTest {

    private static final Check TCP = new Check.Tcp("");

    private final Checking checking = new Checking();

    @AfterEach
    void stop() {
        checking.close();
    }

    @Test
    void anAcceptedConnectionPassesAndIsClosed() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(checking.run(server.getLocalPort(), TCP)).isEqualTo(Outcome.PASSED);
            try (Socket accepted = server.accept()) {
                assertThat(accepted.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void aPortWhereNobodyListensIsRefused() throws IOException {
        int port;
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }

        assertThat(checking.run(port, TCP)).isEqualTo(new Outcome(ProbeResult.REFUSED, "connection refused"));
    }

    @Test
    void aHostThatDoesNotAnswerTimesOut() throws IOException {
        try (BlackHole hole = new BlackHole()) {
            assertThat(checking.run(hole.port(), TCP, SHORT))
                    .isEqualTo(new Outcome(ProbeResult.TIMEOUT, "timed out after 1 s"));
        }
    }

    /** Listens and never accepts; once its backlog is full, the system drops what comes. */
    static final class BlackHole implements AutoCloseable {

        private static final int MORE_THAN_THE_BACKLOG = 8;

        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<SocketChannel> waiting = new ArrayList<>();

        BlackHole() throws IOException {
            for (int i = 0; i < MORE_THAN_THE_BACKLOG; i++) {
                SocketChannel one = SocketChannel.open();
                waiting.add(one);
                one.configureBlocking(false);
                one.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
            }
        }

        int port() {
            return server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel one : waiting) {
                one.close();
            }
            server.close();
        }
    }
}
