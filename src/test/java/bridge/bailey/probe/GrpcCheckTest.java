package bridge.bailey.probe;

import static bridge.bailey.probe.Checking.HOST;
import static bridge.bailey.probe.Checking.SHORT;
import static bridge.bailey.probe.Checking.await;
import static bridge.bailey.probe.ProbeResult.NOT_SERVING;
import static bridge.bailey.probe.ProbeResult.PROTOCOL;
import static bridge.bailey.probe.ProbeResult.STATUS;
import static bridge.bailey.probe.ProbeResult.TIMEOUT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.Probe;
import bridge.bailey.model.Probe.Check;
import bridge.bailey.model.Probe.Encryption;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.probe.Authority.Identity;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.Future;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against the reference server of the protocol. */
class GrpcCheckTest {

    private static final Check PLAIN = check("", new Encryption.None());

    private final Checking checking = new Checking();
    private final List<Server> servers = new ArrayList<>();
    private final HealthStatusManager health = new HealthStatusManager();

    @AfterEach
    void stop() {
        servers.forEach(Server::shutdownNow);
        checking.close();
    }

    private static Check check(String service, Encryption encryption) {
        return new Check.Grpc("", service, encryption);
    }

    private static NettyServerBuilder builder() {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private int start(NettyServerBuilder builder) throws IOException {
        Server server = builder.build().start();
        servers.add(server);
        return server.getPort();
    }

    private int startWithHealth() throws IOException {
        return start(builder().addService(health.getHealthService()));
    }

    @Test
    void aServerThatServesPasses() throws IOException {
        int port = startWithHealth();
        health.setStatus("billing.v1", ServingStatus.SERVING);

        assertThat(checking.run(port, PLAIN)).isEqualTo(Outcome.PASSED);
        assertThat(checking.run(port, check("billing.v1", new Encryption.None())))
                .isEqualTo(Outcome.PASSED);
    }

    @Test
    void aServiceThatDoesNotServeFails() throws IOException {
        int port = startWithHealth();
        health.setStatus("", ServingStatus.NOT_SERVING);

        assertThat(checking.run(port, PLAIN)).isEqualTo(new Outcome(NOT_SERVING, "gRPC health is NOT_SERVING"));
    }

    @Test
    void aServiceThatTheServerDoesNotKnowFails() throws IOException {
        int port = startWithHealth();

        assertThat(checking.run(port, check("users.v1", new Encryption.None())))
                .isEqualTo(new Outcome(NOT_SERVING, "gRPC health does not know the service users.v1"));
    }

    @Test
    void aServerWithoutTheHealthServiceFails() throws IOException {
        int port = start(builder());

        assertThat(checking.run(port, PLAIN)).isEqualTo(new Outcome(PROTOCOL, "gRPC health is not implemented"));
    }

    @Test
    void anHttp2ServerWithoutGrpcFails() {
        int port = await(checking.vertx
                        .createHttpServer()
                        .requestHandler(
                                request -> request.response().setStatusCode(404).end())
                        .listen(0, HOST))
                .actualPort();

        assertThat(checking.run(port, PLAIN)).isEqualTo(new Outcome(PROTOCOL, "gRPC health gave no answer"));
    }

    @Test
    void aServerThatSpeaksOnlyHttp1Fails() {
        int port = await(checking.vertx
                        .createNetServer()
                        .connectHandler(socket -> socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"))
                        .listen(0, HOST))
                .actualPort();

        assertThat(checking.run(port, PLAIN)).isEqualTo(new Outcome(PROTOCOL, "the answer can't be read"));
    }

    @Test
    void anErrorOfTheHealthServiceIsToldByItsStatus() throws IOException {
        int port = start(builder()
                .addService(answering((request, answer) -> answer.onError(
                        Status.UNAVAILABLE.withDescription("forged\nline").asException()))));

        assertThat(checking.run(port, PLAIN)).isEqualTo(new Outcome(STATUS, "gRPC status UNAVAILABLE"));
    }

    @Test
    void aStatusThatTheProtocolDoesNotNameIsNoPass() throws IOException {
        int port = start(builder().addService(answering((request, answer) -> {
            answer.onNext(HealthCheckResponse.newBuilder().setStatusValue(77).build());
            answer.onCompleted();
        })));

        assertThat(checking.run(port, PLAIN)).isEqualTo(new Outcome(NOT_SERVING, "gRPC health is UNRECOGNIZED"));
    }

    @Test
    void anAnswerThatDoesNotComeTimesOut() throws IOException {
        int port = start(builder().addService(answering((request, answer) -> {})));

        assertThat(checking.run(port, PLAIN, SHORT)).isEqualTo(new Outcome(TIMEOUT, "timed out after 1 s"));
    }

    private interface Answering {
        void answer(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer);
    }

    private static HealthGrpc.HealthImplBase answering(Answering answering) {
        return new HealthGrpc.HealthImplBase() {
            @Override
            public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer) {
                answering.answer(request, answer);
            }
        };
    }

    @Test
    void withTlsTheCertificateIsVerified() throws IOException {
        Authority authority = new Authority("Bailey test");
        int port = startWithTls(authority.issue(Authority.ip(HOST)));

        assertThat(checking.run(port, check("", new Encryption.Verified(authority.certificate()))))
                .isEqualTo(Outcome.PASSED);
        assertThat(checking.run(port, check("", new Encryption.Unverified()))).isEqualTo(Outcome.PASSED);
        assertThat(checking.run(port, check("", new Encryption.Verified(new Authority("Other").certificate()))))
                .isEqualTo(new Outcome(ProbeResult.TLS, "certificate is not from a trusted authority"));
    }

    @Test
    void withTlsTheNameIsVerifiedToo() throws IOException {
        Authority authority = new Authority("Bailey test");
        int port = startWithTls(authority.issue(Authority.dns("billing.internal")));

        assertThat(checking.run(port, check("", new Encryption.Verified(authority.certificate()))))
                .isEqualTo(new Outcome(ProbeResult.TLS, "certificate is not for 127.0.0.1"));
    }

    private int startWithTls(Identity identity) throws IOException {
        SslContextBuilder tls = SslContextBuilder.forServer(in(identity.certificate()), in(identity.key()));
        return start(builder()
                .sslContext(GrpcSslContexts.configure(tls, SslProvider.JDK).build())
                .addService(health.getHealthService()));
    }

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(US_ASCII));
    }

    @Test
    void probesOfOneTargetAtOnceDoNotCutEachOthersConnection() throws IOException {
        int port = startWithHealth();
        Probe probe = Checking.probe(PLAIN, Checking.PATIENT);

        List<Future<Outcome>> all = IntStream.range(0, 50)
                .mapToObj(i -> checking.start(new ProbeTarget(HOST, port), probe))
                .toList();

        assertThat(all).allSatisfy(one -> assertThat(await(one)).isEqualTo(Outcome.PASSED));
        assertThat(checking.clients()).isZero();
    }
}
