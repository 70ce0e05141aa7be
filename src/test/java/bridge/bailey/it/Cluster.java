package bridge.bailey.it;

import bridge.bailey.deploy.Grants;
import bridge.bailey.local.LocalKubernetes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The Kubernetes API that a test talks to: one in this process, or a {@link RealCluster}. On a real one each test works
 * in namespaces of its own, and removes what it made. On the one in this process, whatever Bailey asks for in any test must be
 * granted by k8s/: closing it fails the test otherwise.
 */
final class Cluster implements AutoCloseable {

    private static final int MOST_TRIES = 10;

    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final String RUN = Long.toString(System.currentTimeMillis() % 100_000_000, 36);

    private final Optional<LocalKubernetes> local;
    private final KubernetesClient client;
    private final String prefix = "bt-" + RUN + "-" + COUNTER.incrementAndGet();
    private final List<HasMetadata> made = new ArrayList<>();

    private Cluster(Optional<LocalKubernetes> local, KubernetesClient client) {
        this.local = local;
        this.client = client;
    }

    /** The API that was chosen for this run. */
    static Cluster open() {
        Optional<Path> kubeconfig = RealCluster.kubeconfig();
        if (kubeconfig.isEmpty()) {
            LocalKubernetes local = LocalKubernetes.start();
            return new Cluster(Optional.of(local), local.client());
        }
        return new Cluster(
                Optional.empty(),
                new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(kubeconfig.get().toFile()))
                        .build());
    }

    /** Distinguishes what this test makes from what others make; a DNS label. */
    String prefix() {
        return prefix;
    }

    /** The name of one of this test's namespaces. */
    String namespace(String name) {
        return prefix + "-" + name;
    }

    KubernetesClient client() {
        return client;
    }

    /** A client for Bailey that goes through a proxy; the caller closes it. */
    KubernetesClient newClientThrough(int proxyPort, HttpClient.Factory http) {
        Config config = new ConfigBuilder(client.getConfiguration())
                .withMasterUrl(address().getScheme() + "://127.0.0.1:" + proxyPort + "/")
                .withDisableHostnameVerification(true)
                .withUserAgent(LocalKubernetes.BAILEY)
                .build();
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(http)
                .build();
    }

    /** A kubeconfig for a process of its own. Its namespace, where the Lease is, no other test uses. */
    Path kubeconfig(Path directory) throws IOException {
        if (local.isPresent()) {
            return Files.writeString(
                    directory.resolve("kubeconfig"), local.get().kubeconfig());
        }
        io.fabric8.kubernetes.api.model.Config config = Serialization.unmarshal(
                Files.readString(RealCluster.kubeconfig().orElseThrow()), io.fabric8.kubernetes.api.model.Config.class);
        config.getContexts().forEach(context -> context.getContext().setNamespace(namespace("bailey")));
        ensureNamespace(namespace("bailey"));
        return Files.writeString(directory.resolve("kubeconfig"), Serialization.asYaml(config));
    }

    /** Where the API is. */
    URI address() {
        return URI.create(client.getConfiguration().getMasterUrl());
    }

    boolean isLocal() {
        return local.isPresent();
    }

    /** A new client for Bailey; the caller closes it. */
    KubernetesClient newClient() {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(client.getConfiguration())
                        .withUserAgent(LocalKubernetes.BAILEY)
                        .build())
                .build();
    }

    LocalKubernetes local() {
        return local.orElseThrow();
    }

    /** Makes an object, or makes it equal to this one; its status too, and its namespace if it has none yet. */
    void apply(HasMetadata object) {
        ensureNamespace(object.getMetadata().getNamespace());
        Resource<HasMetadata> resource = client.resource(object);
        HasMetadata existing = resource.get();
        if (existing == null) {
            HasMetadata created = resource.create();
            made.add(object);
            object.getMetadata().setResourceVersion(created.getMetadata().getResourceVersion());
        } else {
            update(object);
        }
        if (local.isEmpty() && hasStatus(object)) {
            object.getMetadata().setResourceVersion(null);
            client.resource(object).updateStatus();
        }
    }

    /** Bailey may write the status of a LegacyService at the same moment. */
    private void update(HasMetadata object) {
        for (int tries = 1; ; tries++) {
            try {
                object.getMetadata().setResourceVersion(null);
                client.resource(object).update();
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    private static boolean hasStatus(HasMetadata object) {
        return List.of("Service", "Node", "Ingress").contains(object.getKind());
    }

    private void ensureNamespace(String namespace) {
        if (namespace != null
                && local.isEmpty()
                && client.namespaces().withName(namespace).get() == null) {
            HasMetadata made = new NamespaceBuilder()
                    .withNewMetadata()
                    .withName(namespace)
                    .endMetadata()
                    .build();
            client.resource(made).create();
            this.made.add(made);
        }
    }

    void delete(HasMetadata object) {
        client.resource(object).delete();
    }

    @Override
    public void close() {
        if (local.isEmpty()) {
            for (int i = made.size() - 1; i >= 0; i--) {
                client.resource(made.get(i)).delete();
            }
        }
        client.close();
        local.ifPresent(LocalKubernetes::close);
        local.ifPresent(api -> Grants.anywhere().checkAllowed(api.calls()));
    }
}
