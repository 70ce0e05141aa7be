package bridge.bailey.check;

import bridge.bailey.config.Settings;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.source.LegacyResources;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** What LegacyServices declare; read once, by who asks first. Nothing if there are none, or they can't be read. */
final class Declared {

    private final KubernetesClient client;
    private final Settings settings;
    private Optional<List<LegacyDeclaration>> all = Optional.empty();

    Declared(KubernetesClient client, Settings settings) {
        this.client = client;
        this.settings = settings;
    }

    /** Blocks until they were read. */
    synchronized List<LegacyDeclaration> get() throws InterruptedException, ExecutionException {
        if (all.isEmpty()) {
            all = Optional.of(read());
        }
        return all.get();
    }

    private List<LegacyDeclaration> read() throws InterruptedException, ExecutionException {
        if (!settings.config().legacy().enabled() || !settings.config().legacy().resources()) {
            return List.of();
        }
        try (LegacyResources resources = new LegacyResources(
                client, settings.legacyRules().namespaces(), settings.legacyDefaults(), InstantSource.system())) {
            resources.start(keys -> {}).toCompletableFuture().get();
            return resources.keys().stream()
                    .flatMap(key -> resources.claiming(key).stream().limit(1))
                    .toList();
        }
    }
}
