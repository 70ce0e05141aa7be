package bridge.bailey.source;

import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.ServiceKey;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** What LegacyService resources declare. */
public interface LegacyDeclarations extends AutoCloseable {

    /**
     * Starts to read; does not block. The stage completes when all were read once, or can't be read for now.
     *
     * @param changed is told of the service keys that are concerned by a change: those of before, and of after
     */
    CompletionStage<Void> start(Consumer<Set<ServiceKey>> changed);

    /** Those that claim a Service, the oldest first, and of equally old ones by name. */
    List<LegacyDeclaration> claiming(ServiceKey service);

    /** All Services that are claimed. */
    Set<ServiceKey> keys();

    /** A resource as the API holds it, as far as is known; not to be changed. */
    Optional<GenericKubernetesResource> raw(ServiceKey resource);

    /** A resource's uid, if it exists. */
    default Optional<String> uidOf(ServiceKey resource) {
        return raw(resource).map(found -> found.getMetadata().getUid());
    }

    /** Whether all were read once. */
    boolean synced();

    /** Whether the API server knows no such resource: then there is nothing to be read. */
    default boolean notInstalled() {
        return false;
    }

    Source.Part state();

    @Override
    void close();
}
