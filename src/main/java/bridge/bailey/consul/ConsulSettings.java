package bridge.bailey.consul;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How Consul is reached. Most of it comes from Consul's own environment variables; see docs/configuration.md.
 *
 * @param address scheme, host and port
 * @param datacenter empty for the agent's own
 * @param login how to get a token; then no other is given
 * @param maxOps how many operations a transaction may have; empty to find out
 * @param tlsServerName the name that the server's certificate must bear, if it is not the address' host
 */
public record ConsulSettings(
        URI address,
        Optional<String> datacenter,
        Optional<String> token,
        Optional<Path> tokenFile,
        Optional<Login> login,
        boolean verifyTls,
        Optional<Path> caFile,
        Optional<Path> clientCertificate,
        Optional<Path> clientKey,
        Optional<String> tlsServerName,
        Duration requestTimeout,
        OptionalInt maxOps) {

    /** Without a login. */
    public ConsulSettings(
            URI address,
            Optional<String> datacenter,
            Optional<String> token,
            Optional<Path> tokenFile,
            boolean verifyTls,
            Optional<Path> caFile,
            Optional<Path> clientCertificate,
            Optional<Path> clientKey,
            Optional<String> tlsServerName,
            Duration requestTimeout,
            OptionalInt maxOps) {
        this(
                address,
                datacenter,
                token,
                tokenFile,
                Optional.empty(),
                verifyTls,
                caFile,
                clientCertificate,
                clientKey,
                tlsServerName,
                requestTimeout,
                maxOps);
    }

    /** The same, with this limit. */
    public ConsulSettings withMaxOps(OptionalInt most) {
        return new ConsulSettings(
                address,
                datacenter,
                token,
                tokenFile,
                login,
                verifyTls,
                caFile,
                clientCertificate,
                clientKey,
                tlsServerName,
                requestTimeout,
                most);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Consul at " + address;
    }
}
