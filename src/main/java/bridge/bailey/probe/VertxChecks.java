package bridge.bailey.probe;

import bridge.bailey.model.Probe;
import bridge.bailey.model.Probe.Check;
import bridge.bailey.model.Probe.Encryption;
import bridge.bailey.model.ProbeTarget;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Probes over Vert.x. Clients are shared by all probes of the same kind, encryption and time-out, and closed with the last.
 */
final class VertxChecks implements Checks {

    private record Key(Class<? extends Check> kind, Encryption encryption, boolean named, Duration timeout) {

        static Key of(Probe probe) {
            boolean named =
                    probe.check() instanceof Check.Http http && !http.host().isEmpty();
            return new Key(probe.check().getClass(), encryption(probe.check()), named, probe.timeout());
        }

        private static Encryption encryption(Check check) {
            if (check instanceof Check.Http http) {
                return http.encryption();
            }
            return check instanceof Check.Grpc grpc ? grpc.encryption() : new Encryption.None();
        }
    }

    private final Vertx vertx;
    private final Map<Key, Integer> users = new HashMap<>();
    private final Map<Key, TcpClient> tcp = new HashMap<>();
    private final Map<Key, HttpClient> http = new HashMap<>();
    private final Map<Key, GrpcHealthClient> grpc = new HashMap<>();

    VertxChecks(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public void retain(Probe probe) {
        users.merge(Key.of(probe), 1, Integer::sum);
    }

    @Override
    public void release(Probe probe) {
        Key key = Key.of(probe);
        if (users.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1) == null) {
            close(tcp.remove(key));
            close(http.remove(key));
            close(grpc.remove(key));
        }
    }

    private static void close(Client<?> client) {
        if (client != null) {
            client.close();
        }
    }

    /** How many clients there are. */
    int clients() {
        return tcp.size() + http.size() + grpc.size();
    }

    @Override
    public Future<Outcome> run(ProbeTarget target, Probe probe) {
        Attempt attempt = new Attempt(vertx, probe.timeout());
        try {
            run(target, probe, attempt);
        } catch (RuntimeException e) {
            attempt.failed(e);
        }
        return attempt.outcome();
    }

    private void run(ProbeTarget target, Probe probe, Attempt attempt) {
        if (probe.check() instanceof Check.Tcp check) {
            client(tcp, probe, key -> new TcpClient(vertx, key.timeout())).run(target, check, attempt);
        } else if (probe.check() instanceof Check.Http check) {
            client(http, probe, key -> new HttpClient(vertx, key.encryption(), key.named(), key.timeout()))
                    .run(target, check, attempt);
        } else if (probe.check() instanceof Check.Grpc check) {
            client(grpc, probe, key -> new GrpcHealthClient(vertx, key.encryption(), key.timeout()))
                    .run(target, check, attempt);
        }
    }

    private static <T> T client(Map<Key, T> clients, Probe probe, Function<Key, T> make) {
        return clients.computeIfAbsent(Key.of(probe), make);
    }

    @Override
    public void close() {
        tcp.values().forEach(Client::close);
        http.values().forEach(Client::close);
        grpc.values().forEach(Client::close);
    }
}
