package bridge.bailey.probe;

import bridge.bailey.model.Printable;
import bridge.bailey.model.Probe.Check;
import bridge.bailey.model.Probe.Encryption;
import bridge.bailey.model.ProbeTarget;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import java.time.Duration;

/**
 * Asks {@code grpc.health.v1.Health/Check}; without TLS by HTTP/2 with prior knowledge. Each time by a new connection, which
 * no other probe shares.
 */
final class GrpcHealthClient implements Client<Check.Grpc> {

    /** To one address and port, which several services may probe at once. */
    private static final int CONNECTIONS = 64;

    private static final ServiceMethod<HealthCheckResponse, HealthCheckRequest> CHECK = ServiceMethod.client(
            ServiceName.create("grpc.health.v1", "Health"),
            "Check",
            GrpcMessageEncoder.encoder(),
            GrpcMessageDecoder.decoder(HealthCheckResponse.parser()));

    private final GrpcClient client;

    GrpcHealthClient(Vertx vertx, Encryption encryption, Duration timeout) {
        HttpClientOptions options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2MultiplexingLimit(1)
                .setHttp2MaxPoolSize(CONNECTIONS)
                .setVerifyHost(Client.verifies(encryption));
        Client.limit(options, timeout);
        Client.encrypt(options, encryption);
        options.setUseAlpn(options.isSsl());
        client = GrpcClient.client(vertx, options);
    }

    @Override
    public void run(ProbeTarget target, Check.Grpc check, Attempt attempt) {
        SocketAddress address = SocketAddress.inetSocketAddress(target.port(), target.address());
        client.request(address, CHECK).onFailure(attempt::failed).onSuccess(request -> {
            attempt.connected(() -> request.connection().close());
            ask(request, check, attempt);
        });
    }

    private static void ask(
            GrpcClientRequest<HealthCheckRequest, HealthCheckResponse> request, Check.Grpc check, Attempt attempt) {
        HealthCheckRequest message =
                HealthCheckRequest.newBuilder().setService(check.service()).build();
        request.send(message).onFailure(attempt::failed).onSuccess(response -> listen(response, check, attempt));
    }

    private static void listen(
            GrpcClientResponse<HealthCheckRequest, HealthCheckResponse> response, Check.Grpc check, Attempt attempt) {
        response.exceptionHandler(attempt::failed);
        response.handler(answer -> judge(answer.getStatus(), check, attempt));
        response.endHandler(end -> failed(response.status(), check, attempt));
    }

    private static void judge(ServingStatus status, Check.Grpc check, Attempt attempt) {
        switch (status) {
            case SERVING -> attempt.passed();
            case SERVICE_UNKNOWN -> unknown(check, attempt);
            default -> attempt.failed(ProbeResult.NOT_SERVING, "gRPC health is " + status.name());
        }
    }

    /** The end, without an answer before. */
    private static void failed(GrpcStatus status, Check.Grpc check, Attempt attempt) {
        if (status == GrpcStatus.NOT_FOUND) {
            unknown(check, attempt);
        } else if (status == GrpcStatus.UNIMPLEMENTED) {
            attempt.failed(ProbeResult.PROTOCOL, "gRPC health is not implemented");
        } else if (status == null || status == GrpcStatus.OK) {
            attempt.failed(ProbeResult.PROTOCOL, "gRPC health gave no answer");
        } else {
            attempt.failed(ProbeResult.STATUS, "gRPC status " + status.name());
        }
    }

    private static void unknown(Check.Grpc check, Attempt attempt) {
        attempt.failed(
                ProbeResult.NOT_SERVING, "gRPC health does not know the service " + Printable.of(check.service()));
    }

    @Override
    public void close() {
        client.close();
    }
}
