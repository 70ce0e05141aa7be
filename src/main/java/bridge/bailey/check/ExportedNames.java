package bridge.bailey.check;

import bridge.bailey.desired.Mapping;
import bridge.bailey.model.BridgedService;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.source.ClusterWatch;
import bridge.bailey.source.KubernetesSource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/** The names that the services of the cluster would have in Consul, computed as Bailey does; read once, by who asks first. */
final class ExportedNames {

    private final Callable<Set<String>> read;
    private Optional<Set<String>> names = Optional.empty();

    ExportedNames(KubernetesClient client, Mapping<BridgedService, CatalogEntry> mapping, boolean ingress) {
        this.read = () -> read(client, mapping, ingress);
    }

    /** All of them; blocks until the cluster was read. */
    synchronized Set<String> get() throws Exception {
        if (names.isEmpty()) {
            names = Optional.of(read.call());
        }
        return names.get();
    }

    private static Set<String> read(
            KubernetesClient client, Mapping<BridgedService, CatalogEntry> mapping, boolean ingress)
            throws InterruptedException, ExecutionException {
        try (ClusterWatch cluster = new ClusterWatch(client, InstantSource.system());
                KubernetesSource source = new KubernetesSource(cluster, ingress)) {
            source.start(keys -> {}).toCompletableFuture().get();
            Set<String> all = new TreeSet<>();
            source.all().services().forEach((key, service) -> mapping.desired(
                            new BridgedService(key, Optional.of(service), Optional.empty()))
                    .items()
                    .forEach(item -> all.add(item.name())));
            return all;
        }
    }
}
