package bridge.bailey.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailuresTest {

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new ConnectException("Connection refused: /10.0.0.1:80"), "refused", "connection refused"),
                Arguments.of(
                        new ChannelException("Unable to open a socket", new SocketException("Too many open files")),
                        "local",
                        "Bailey has no file descriptor left"),
                Arguments.of(
                        new BindException("Cannot assign requested address"),
                        "local",
                        "Bailey has no port or address left to connect from"),
                Arguments.of(
                        new NoRouteToHostException("No route to host: /10.0.0.1:80"),
                        "unreachable",
                        "no route to the host"),
                Arguments.of(new SocketException("Network is unreachable"), "unreachable", "no route to the network"),
                Arguments.of(new SocketException("Connection reset by peer"), "reset", "connection reset"),
                Arguments.of(
                        new ConnectTimeoutException("connection timed out after 1500 ms: /10.0.0.1:80"),
                        "timeout",
                        "timed out after 1.5 s"),
                Arguments.of(
                        new SSLHandshakeException("Received fatal alert: certificate_required"),
                        "tls",
                        "TLS handshake failed: the target says certificate_required"),
                Arguments.of(new SSLHandshakeException("forged\nline"), "tls", "TLS handshake failed"),
                Arguments.of(new IOException("forged\nline"), "other", "failed: IOException"),
                Arguments.of(
                        new IllegalStateException("connection refused"), "other", "failed: IllegalStateException"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void anExceptionIsToldInWordsThatStayTheSame(Throwable failure, String result, String reason) {
        Outcome outcome = Failures.outcome(failure, Duration.ofMillis(1500));

        assertThat(outcome.result().text()).isEqualTo(result);
        assertThat(outcome.reason()).isEqualTo(reason);
        assertThat(outcome.counts()).isEqualTo(!result.equals("local"));
    }
}
