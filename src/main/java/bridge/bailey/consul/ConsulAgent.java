package bridge.bailey.consul;

import com.orbitz.consul.Consul;
import com.orbitz.consul.model.agent.Config;
import java.net.MalformedURLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** What the Consul agent says of itself, by consul-client: the part of the API for which that library is good. */
public final class ConsulAgent {

    /** It changes with an upgrade of Consul at most. */
    private static final Duration KEEP = Duration.ofMinutes(1);

    private final ConsulSettings settings;
    private final Tokens tokens;
    private final InstantSource clock;
    private Optional<Description> last = Optional.empty();
    private Instant askedAt = Instant.MIN;

    ConsulAgent(ConsulSettings settings, Tokens tokens, InstantSource clock) {
        this.settings = settings;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** An agent's version and datacenter. */
    public record Description(String version, String datacenter) {}

    /**
     * What the agent said at most a minute ago; empty if it is away, or our token may not read it: nothing depends on the
     * answer.
     */
    public synchronized Optional<Description> describe() {
        Instant now = clock.instant();
        if (askedAt.plus(KEEP).isBefore(now)) {
            askedAt = now;
            last = ask();
        }
        return last;
    }

    private Optional<Description> ask() {
        Consul client = null;
        try {
            client = client();
            Config config = client.agentClient().getAgent().getConfig();
            return Optional.of(new Description(config.getVersion(), config.getDatacenter()));
        } catch (com.orbitz.consul.ConsulException | ConsulException | MalformedURLException e) {
            return Optional.empty();
        } finally {
            if (client != null) {
                client.destroy();
            }
        }
    }

    private Consul client() throws MalformedURLException, ConsulException {
        long timeout = settings.requestTimeout().toMillis();
        Consul.Builder builder = Consul.builder()
                .withUrl(settings.address().toURL())
                .withPing(false)
                .withConnectTimeoutMillis(timeout)
                .withReadTimeoutMillis(timeout)
                .withWriteTimeoutMillis(timeout);
        tokens.current().ifPresent(builder::withTokenAuth);
        Tls.of(settings).ifPresent(tls -> tls.configure(builder));
        return builder.build();
    }
}
