package bridge.bailey.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * A Kubernetes API in this process: fabric8's CRUD mock server, with the discovery documents that kubectl asks for. It
 * validates nothing, sets no defaults, and runs no controllers.
 */
public final class LocalKubernetes implements AutoCloseable {

    /** How Bailey's client calls itself, and how that of a test that stands for it must. */
    public static final String BAILEY = "fabric8-kubernetes-client";

    private static final String TESTS = "bailey-tests";

    private final KubernetesMockServer server;
    private final KubectlFront front = new KubectlFront();

    private LocalKubernetes(int port) {
        server = new KubernetesMockServer(
                new Context(new ObjectMapper()), new MockWebServer(), new HashMap<>(), front, false);
        server.init(InetAddress.getLoopbackAddress(), port);
        // No cluster is without it: its uid tells one from all others.
        try (KubernetesClient client = client()) {
            client.namespaces()
                    .resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName("kube-system")
                            .withUid(UUID.randomUUID().toString())
                            .endMetadata()
                            .build())
                    .create();
        }
    }

    /** Starts an API on a free port. */
    public static LocalKubernetes start() {
        return new LocalKubernetes(0);
    }

    public static LocalKubernetes start(int port) {
        return new LocalKubernetes(port);
    }

    /** A new client for a test, which is not taken for Bailey; the caller closes it. */
    public KubernetesClient client() {
        try (KubernetesClient made = server.createClient()) {
            return new KubernetesClientBuilder()
                    .withConfig(new ConfigBuilder(made.getConfiguration())
                            .withUserAgent(TESTS)
                            .build())
                    .build();
        }
    }

    /** What Bailey has asked for since the start. */
    public Set<ApiCall> calls() {
        return front.calls();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    public int port() {
        return server.getPort();
    }

    /** Answers each request for which the function gives a response with that, until it is replaced. */
    public void intercept(Function<RecordedRequest, Optional<MockResponse>> interceptor) {
        front.intercept(interceptor);
    }

    /** A kubeconfig that leads here. */
    public String kubeconfig() {
        return """
                apiVersion: v1
                kind: Config
                clusters: [{name: local, cluster: {server: "%s"}}]
                users: [{name: local, user: {}}]
                contexts: [{name: local, context: {cluster: local, user: local, namespace: default}}]
                current-context: local
                """
                .formatted(url());
    }

    @Override
    public void close() {
        server.destroy();
    }
}
