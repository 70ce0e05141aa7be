package bridge.bailey.it;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The real API server that {@code BAILEY_TEST_KUBECONFIG} names: that of a kubeconfig, or with the value {@code fetch} an
 * API server and etcd that kube-api-test downloads and starts.
 */
final class RealCluster {

    private static final String VARIABLE = "BAILEY_TEST_KUBECONFIG";
    private static Path fetched;

    private RealCluster() {}

    /** Empty if the tests are to run on an API in this process. */
    static synchronized Optional<Path> kubeconfig() {
        String value = System.getenv(VARIABLE);
        if (value == null || value.isBlank()) {
            return Optional.empty();
        }
        return Optional.of(value.equals("fetch") ? fetch() : Path.of(value).toAbsolutePath());
    }

    private static Path fetch() {
        if (fetched == null) {
            // Its own reading of KUBE_API_TEST_OFFLINE_MODE fails: it takes the text for a Boolean.
            boolean offline =
                    Boolean.parseBoolean(System.getenv(KubeAPIServerConfigBuilder.KUBE_API_TEST_OFFLINE_MODE));
            KubeAPIServer server = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
                    .withOfflineMode(offline)
                    .withUpdateKubeConfig(false)
                    .build());
            server.start();
            Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
            try {
                fetched = Files.writeString(
                        Files.createTempFile("bailey-kubeconfig-", ".yaml"), server.getKubeConfigYaml());
                fetched.toFile().deleteOnExit();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return fetched;
    }
}
