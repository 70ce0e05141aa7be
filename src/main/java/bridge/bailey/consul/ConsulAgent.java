package bridge.bailey.consul;

import com.orbitz.consul.Consul;
import com.orbitz.consul.ConsulException;
import com.orbitz.consul.model.agent.Config;
import java.net.MalformedURLException;
import java.util.Optional;

/** What the Consul agent says of itself, by consul-client: the part of the API for which that library is good. */
public final class ConsulAgent {

    private final ConsulSettings settings;

    public ConsulAgent(ConsulSettings settings) {
        this.settings = settings;
    }

    /** An agent's version and datacenter. */
    public record Description(String version, String datacenter) {}

    /** Asks the agent; empty if it is away, or our token may not read it: nothing depends on the answer. */
    public Optional<Description> describe() {
        try {
            Config config = client().agentClient().getAgent().getConfig();
            return Optional.of(new Description(config.getVersion(), config.getDatacenter()));
        } catch (ConsulException | MalformedURLException e) {
            return Optional.empty();
        }
    }

    private Consul client() throws MalformedURLException {
        long timeout = settings.requestTimeout().toMillis();
        Consul.Builder builder = Consul.builder()
                .withUrl(settings.address().toURL())
                .withPing(false)
                .withConnectTimeoutMillis(timeout)
                .withReadTimeoutMillis(timeout)
                .withWriteTimeoutMillis(timeout);
        new Token(settings.token(), settings.tokenFile()).current().ifPresent(builder::withTokenAuth);
        if ("https".equals(settings.address().getScheme())) {
            Tls.configure(builder, settings);
        }
        return builder.build();
    }
}
