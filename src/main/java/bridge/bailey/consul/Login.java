package bridge.bailey.consul;

import java.nio.file.Path;
import java.util.Map;

/**
 * How Bailey gets a token of its own from Consul.
 *
 * @param authMethod the name of the auth method in Consul
 * @param bearerTokenFile what proves to it who we are; read anew for each login, since Kubernetes renews it
 * @param meta what Consul notes beside the tokens
 */
public record Login(String authMethod, Path bearerTokenFile, Map<String, String> meta) {

    public Login {
        meta = Map.copyOf(meta);
    }
}
