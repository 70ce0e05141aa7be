package bridge.bailey.probe;

import static bridge.bailey.probe.Checking.HOST;
import static bridge.bailey.probe.Checking.SHORT;
import static bridge.bailey.probe.Checking.await;
import static bridge.bailey.probe.ProbeResult.OTHER;
import static bridge.bailey.probe.ProbeResult.PROTOCOL;
import static bridge.bailey.probe.ProbeResult.RESET;
import static bridge.bailey.probe.ProbeResult.STATUS;
import static bridge.bailey.probe.ProbeResult.TIMEOUT;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bridge.bailey.model.Probe.Check;
import bridge.bailey.model.Probe.Encryption;
import bridge.bailey.model.ProbeTarget;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpCheckTest {

    private final Checking checking = new Checking();

    @AfterEach
    void stop() {
        checking.close();
    }

    private static Check get(String path, String host) {
        return new Check.Http("", path, host, 200, 299, new Encryption.None());
    }

    private static Check get(String path) {
        return get(path, "");
    }

    private int serve(Handler<HttpServerRequest> handler) {
        return await(checking.vertx.createHttpServer().requestHandler(handler).listen(0, HOST))
                .actualPort();
    }

    private int raw(NetServerOptions options, Handler<NetSocket> handler) {
        return await(checking.vertx
                        .createNetServer(options)
                        .connectHandler(handler)
                        .listen(0, HOST))
                .actualPort();
    }

    @Test
    void anExpectedStatusPasses() {
        int port = serve(request -> request.response().setStatusCode(204).end());

        assertThat(checking.run(port, get("/health"))).isEqualTo(Outcome.PASSED);
    }

    @Test
    void aServerErrorIsToldWithThePathButNotTheQuery() {
        int port = serve(request -> request.response().setStatusCode(503).end());

        assertThat(checking.run(port, get("/health?token=abc")))
                .isEqualTo(new Outcome(STATUS, "HTTP 503 from /health"));
    }

    @Test
    void aRedirectIsAStatusAndNotFollowed() {
        BlockingQueue<String> paths = new LinkedBlockingQueue<>();
        int port = serve(request -> {
            paths.add(request.path());
            request.response()
                    .setStatusCode(301)
                    .putHeader("Location", "/elsewhere")
                    .end();
        });

        assertThat(checking.run(port, get("/health")))
                .isEqualTo(new Outcome(STATUS, "HTTP 301 from /health (expected 200-299)"));
        assertThat(paths).containsExactly("/health");
    }

    @Test
    void theQueryAndTheHostAreSentAsTheyStand() throws InterruptedException {
        BlockingQueue<List<String>> seen = new LinkedBlockingQueue<>();
        int port = serve(request -> {
            seen.add(List.of(request.uri(), request.getHeader("Host"), request.getHeader("Connection")));
            request.response().end();
        });

        assertThat(checking.run(port, get("/health?deep=1", "billing.internal")))
                .isEqualTo(Outcome.PASSED);
        assertThat(seen.poll(20, SECONDS)).containsExactly("/health?deep=1", "billing.internal", "close");
        assertThat(checking.run(port, get("/"))).isEqualTo(Outcome.PASSED);
        assertThat(seen.poll(20, SECONDS)).containsExactly("/", HOST + ":" + port, "close");
    }

    @Test
    void anAnswerThatDoesNotComeTimesOutAndItsConnectionIsClosed() throws InterruptedException {
        BlockingQueue<Boolean> closed = new LinkedBlockingQueue<>();
        int port = serve(request -> request.connection().closeHandler(end -> closed.add(true)));

        assertThat(checking.run(port, get("/health"), SHORT)).isEqualTo(new Outcome(TIMEOUT, "timed out after 1 s"));
        assertThat(closed.poll(20, SECONDS)).isTrue();
    }

    @Test
    void aServerThatHangsUpAtOnceIsNoErrorOfOurs() {
        int port = raw(new NetServerOptions(), NetSocket::close);

        for (int i = 0; i < 50; i++) {
            assertThat(checking.run(port, get("/health")).result()).isEqualTo(RESET);
        }
        assertThat(checking.clients()).as("after the loop heard of all").isNotNegative();
        assertThat(checking.unhandled).isEmpty();
    }

    @Test
    void aHeadThatComesInDropsTimesOutToo() {
        int port = raw(
                new NetServerOptions(),
                socket -> checking.vertx.setPeriodic(
                        50, timer -> socket.write("H").onFailure(gone -> checking.vertx.cancelTimer(timer))));

        assertThat(checking.run(port, get("/health"), SHORT).result()).isEqualTo(TIMEOUT);
    }

    @Test
    void aBodyThatNeverEndsIsNotWaitedFor() throws InterruptedException {
        BlockingQueue<Boolean> closed = new LinkedBlockingQueue<>();
        int port = serve(request -> {
            request.connection().closeHandler(end -> closed.add(true));
            request.response().setChunked(true).write("some");
        });

        assertThat(checking.run(port, get("/health"))).isEqualTo(Outcome.PASSED);
        assertThat(closed.poll(20, SECONDS)).isTrue();
    }

    @Test
    void aConnectionThatIsResetIsToldAsThat() {
        int port = raw(new NetServerOptions().setSoLinger(0), socket -> socket.handler(request -> socket.close()));

        assertThat(checking.run(port, get("/health"))).isEqualTo(new Outcome(RESET, "connection reset"));
    }

    @Test
    void aConnectionThatIsClosedWithoutAnAnswerIsToldAsThat() {
        int port = raw(new NetServerOptions(), socket -> socket.handler(request -> socket.close()));

        assertThat(checking.run(port, get("/health")))
                .isEqualTo(new Outcome(RESET, "connection closed without an answer"));
    }

    @Test
    void anAnswerThatIsNotHttpIsToldAsThat() {
        int port = raw(new NetServerOptions(), socket -> socket.write("SSH-2.0-OpenSSH_9.2\r\n\r\n"));

        assertThat(checking.run(port, get("/health"))).isEqualTo(new Outcome(PROTOCOL, "the answer can't be read"));
    }

    @Test
    void aPathOrHostThatWouldForgeARequestIsNotSent() {
        BlockingQueue<String> paths = new LinkedBlockingQueue<>();
        int port = serve(request -> {
            paths.add(request.uri());
            request.response().end();
        });
        Outcome refused = new Outcome(OTHER, "the probe's path or host can't be sent as it is");

        assertThat(checking.run(port, get("/a\r\nX: y"))).isEqualTo(refused);
        assertThat(checking.run(port, get("/ä"))).isEqualTo(refused);
        assertThat(checking.run(port, get("health"))).isEqualTo(refused);
        assertThat(checking.run(port, get("/", "billing\r\nX: y"))).isEqualTo(refused);
        assertThat(paths).isEmpty();
    }

    @Test
    void anIpv6AddressIsInBracketsInTheHeader() throws InterruptedException {
        BlockingQueue<String> hosts = new LinkedBlockingQueue<>();
        Future<HttpServer> server = checking.vertx
                .createHttpServer()
                .requestHandler(request -> {
                    hosts.add(request.getHeader("Host"));
                    request.response().end();
                })
                .listen(0, "::1");
        await(server.otherwiseEmpty());
        assumeTrue(server.succeeded(), "this machine has no IPv6");
        int port = server.result().actualPort();

        assertThat(checking.run(new ProbeTarget("::1", port), get("/"), Checking.PATIENT))
                .isEqualTo(Outcome.PASSED);
        assertThat(hosts.poll(20, SECONDS)).isEqualTo("[::1]:" + port);
    }
}
