package bridge.bailey.probe;

import static bridge.bailey.probe.Checking.HOST;
import static bridge.bailey.probe.Checking.await;
import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.Probe.Check;
import bridge.bailey.model.Probe.Encryption;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a machine does to a probe, Vert.x must not fill Bailey's log with it: there are thousands of probes. */
class ProbeSilenceTest {

    private static final Logger LOG = Logger.getLogger("io.vertx");
    private static final Duration SHORT = Duration.ofMillis(500);

    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final List<NetSocket> accepted = new CopyOnWriteArrayList<>();
    private final List<NetSocket> closed = new CopyOnWriteArrayList<>();
    private final Checking checking = new Checking();

    private final java.util.logging.Handler keeper = new java.util.logging.Handler() {
        @Override
        public void publish(LogRecord message) {
            if (message.getLevel().intValue() >= Level.INFO.intValue()) {
                logged.add(message.getLoggerName() + ": " + message.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOG.addHandler(keeper);
    }

    @AfterEach
    void stop() {
        checking.close();
        LOG.removeHandler(keeper);
    }

    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n";

    /** What a machine does with a connection. */
    private enum Machine {
        RESETS_AT_ONCE,
        RESETS_AFTER_THE_REQUEST,
        SENDS_A_HEAD_WITHOUT_ITS_BODY,
        RESETS_AFTER_THE_HEAD,
        SENDS_NONSENSE,
        SAYS_NOTHING;

        void behave(NetSocket socket) {
            switch (this) {
                case RESETS_AT_ONCE -> socket.close();
                case RESETS_AFTER_THE_REQUEST -> socket.handler(request -> socket.close());
                case SENDS_A_HEAD_WITHOUT_ITS_BODY -> socket.write(HEAD);
                case RESETS_AFTER_THE_HEAD ->
                    socket.handler(request -> socket.write(HEAD).onComplete(sent -> socket.close()));
                case SENDS_NONSENSE -> socket.write("nonsense\r\n\r\n");
                case SAYS_NOTHING -> {}
            }
        }
    }

    static Stream<Arguments> probes() {
        return Stream.of(
                        new Check.Tcp(""),
                        new Check.Http("", "/", "", 200, 299, new Encryption.None()),
                        new Check.Http("", "/", "", 200, 299, new Encryption.Unverified()),
                        new Check.Grpc("", "", new Encryption.None()),
                        new Check.Grpc("", "", new Encryption.Unverified()))
                .flatMap(check -> Stream.of(Machine.values()).map(machine -> Arguments.of(check, machine)));
    }

    @ParameterizedTest
    @MethodSource("probes")
    void nothingIsLoggedWhateverAMachineDoes(Check check, Machine machine) {
        int port = await(checking.vertx
                        .createNetServer(new NetServerOptions().setSoLinger(0))
                        .connectHandler(socket -> {
                            accepted.add(socket);
                            socket.exceptionHandler(ignored -> {});
                            socket.closeHandler(ignored -> closed.add(socket));
                            machine.behave(socket);
                        })
                        .listen(0, HOST))
                .actualPort();

        checking.run(port, check, SHORT);

        Awaitility.await().until(() -> !accepted.isEmpty() && closed.size() == accepted.size());
        await(checking.vertx.close());
        assertThat(logged).noneMatch(line -> !(check instanceof Check.Grpc && isSwitchedOff(line)));
    }

    /** Of gRPC some can't be handled; those loggers are off in the daemon. */
    private static boolean isSwitchedOff(String line) {
        Properties settings = new Properties();
        try (InputStream file = ProbeSilenceTest.class.getResourceAsStream("/application.properties")) {
            settings.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String logger = line.split(": ", 2)[0];
        return "OFF".equals(settings.getProperty("quarkus.log.category.\"" + logger + "\".level"));
    }
}
