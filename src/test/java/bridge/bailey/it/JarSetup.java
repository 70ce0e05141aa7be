package bridge.bailey.it;

import bridge.bailey.local.LocalConsul;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The environment of a jar that bridges a test's namespaces, under the test's own cluster name, with both flows and without an election. */
final class JarSetup {

    private JarSetup() {}

    static Map<String, String> environment(Cluster cluster, LocalConsul consul, Path directory) throws IOException {
        return environment(cluster, consul.httpPort(), directory);
    }

    static Map<String, String> environment(Cluster cluster, int consulPort, Path directory) throws IOException {
        return new HashMap<>(Map.of(
                "BAILEY_CLUSTER",
                cluster.prefix(),
                "BAILEY_EXPORT_NAMESPACES",
                cluster.prefix() + "-*",
                "BAILEY_LEGACY_NAMESPACES",
                cluster.prefix() + "-*",
                "BAILEY_LEADER_ENABLED",
                "false",
                "BAILEY_RESYNC",
                "5s",
                "CONSUL_HTTP_ADDR",
                "127.0.0.1:" + consulPort,
                "KUBECONFIG",
                cluster.kubeconfig(directory).toString()));
    }
}
