package bridge.bailey.source;

import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.ServiceKey;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Declarations that a test makes. */
public final class MemoryDeclarations implements LegacyDeclarations {

    private final Map<ServiceKey, LegacyDeclaration> all = new ConcurrentHashMap<>();
    private volatile Consumer<Set<ServiceKey>> changed = keys -> {};
    private volatile boolean synced = true;

    public void put(LegacyDeclaration declaration) {
        LegacyDeclaration before = all.put(declaration.resource(), declaration);
        changed.accept(before == null ? Set.of(declaration.key()) : keys(before, declaration));
    }

    private static Set<ServiceKey> keys(LegacyDeclaration before, LegacyDeclaration after) {
        return before.key().equals(after.key()) ? Set.of(after.key()) : Set.of(before.key(), after.key());
    }

    public void remove(ServiceKey resource) {
        LegacyDeclaration before = all.remove(resource);
        changed.accept(Set.of(before.key()));
    }

    public void synced(boolean now) {
        synced = now;
    }

    @Override
    public CompletionStage<Void> start(Consumer<Set<ServiceKey>> listener) {
        changed = listener;
        all.values().forEach(d -> listener.accept(Set.of(d.key())));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public List<LegacyDeclaration> claiming(ServiceKey service) {
        return all.values().stream()
                .filter(d -> d.key().equals(service))
                .sorted(Comparator.comparing(LegacyDeclaration::createdAt).thenComparing(LegacyDeclaration::resource))
                .toList();
    }

    @Override
    public Set<ServiceKey> keys() {
        return all.values().stream().map(LegacyDeclaration::key).collect(Collectors.toSet());
    }

    @Override
    public Optional<GenericKubernetesResource> raw(ServiceKey resource) {
        return Optional.empty();
    }

    @Override
    public boolean synced() {
        return synced;
    }

    @Override
    public Source.Part state() {
        return new Source.Part("legacyservices", synced, 0, Optional.empty());
    }

    @Override
    public void close() {}
}
