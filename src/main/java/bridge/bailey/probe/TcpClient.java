package bridge.bailey.probe;

import bridge.bailey.model.Probe.Check;
import bridge.bailey.model.ProbeTarget;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;

/** Connects, and says nothing. */
final class TcpClient implements Client<Check.Tcp> {

    private final NetClient client;

    TcpClient(Vertx vertx, Duration timeout) {
        NetClientOptions options = new NetClientOptions();
        Client.limit(options, timeout);
        client = vertx.createNetClient(options);
    }

    @Override
    public void run(ProbeTarget target, Check.Tcp check, Attempt attempt) {
        client.connect(SocketAddress.inetSocketAddress(target.port(), target.address()))
                .onFailure(attempt::failed)
                .onSuccess(socket -> {
                    attempt.connected(socket::close);
                    attempt.passed();
                });
    }

    @Override
    public void close() {
        client.close();
    }
}
