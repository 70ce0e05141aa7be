package bridge.bailey.deploy;

import bridge.bailey.config.ConfigException;
import bridge.bailey.config.Settings;
import bridge.bailey.probe.Authority;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What Bailey reads in a pod: the rendered environment, with what the kubelet puts in and mounts. */
public final class PodConfig {

    private PodConfig() {}

    /** The settings with this environment, with the mounted files under a folder of the test. */
    public static Settings settings(Map<String, String> environment, Path mounts) throws ConfigException {
        Map<String, String> inPod = new HashMap<>(environment);
        inPod.replaceAll((key, value) -> value.startsWith("/etc/bailey/") ? mounted(mounts, value) : value);
        inPod.computeIfPresent("HOST_IP", (key, value) -> "10.0.0.5");
        inPod.computeIfPresent("CONSUL_HTTP_ADDR", (key, value) -> value.replace("$(HOST_IP)", "10.0.0.5"));
        inPod.put("KUBERNETES_SERVICE_HOST", "10.96.0.1");
        if (inPod.containsKey("BAILEY_CONSUL_LOGIN_AUTH_METHOD")) {
            inPod.put("BAILEY_CONSUL_LOGIN_BEARER_TOKEN_FILE", mounted(mounts, "/serviceaccount/token"));
        }
        return Settings.of(
                new SmallRyeConfigBuilder()
                        .addDefaultInterceptors()
                        .addDiscoveredConverters()
                        .withSources(new EnvConfigSource(inPod, 300))
                        .build(),
                inPod);
    }

    private static String mounted(Path mounts, String path) {
        try {
            Path file = mounts.resolve(path.substring(1));
            Files.createDirectories(file.getParent());
            String content = path.endsWith(".crt") ? new Authority("Consul").certificate() : "a-token";
            return Files.writeString(file, content).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
