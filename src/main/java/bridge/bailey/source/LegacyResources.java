package bridge.bailey.source;

import bridge.bailey.crd.LegacyService;
import bridge.bailey.desired.Glob;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDefaults;
import bridge.bailey.model.ServiceKey;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The LegacyService resources of the cluster, by an informer. They are read without a class of their own, so that one which
 * the API let through, and which no such class could hold, does not end the watch of all others.
 *
 * <p>A resource that is being deleted claims nothing any more, though a finalizer of another's may hold it for a while.
 */
public final class LegacyResources implements LegacyDeclarations {

    private static final String CLAIMED = "claimed";
    private static final String CRD = LegacyService.PLURAL + "." + LegacyService.GROUP;

    static final Comparator<LegacyDeclaration> OLDEST_FIRST =
            Comparator.comparing(LegacyDeclaration::createdAt).thenComparing(LegacyDeclaration::resource);

    private final List<Glob> namespaces;
    private final LegacyDefaults defaults;
    private final Watch<GenericKubernetesResource> watch;
    private final CompletableFuture<Void> readOrFailed = new CompletableFuture<>();
    private volatile boolean notInstalled;

    /**
     * Makes them.
     *
     * @param namespaces those whose resources count
     */
    public LegacyResources(
            KubernetesClient client, List<Glob> namespaces, LegacyDefaults defaults, InstantSource clock) {
        this.namespaces = List.copyOf(namespaces);
        this.defaults = defaults;
        this.watch = new Watch<>(
                LegacyService.PLURAL,
                () -> client.genericKubernetesResources(LegacyService.API).inAnyNamespace(),
                resource -> {},
                Map.of(CLAIMED, resource -> claimed(resource).map(ServiceKey::toString).stream()
                        .toList()),
                clock,
                this::explain);
    }

    private String explain(Throwable failure) {
        notInstalled = isNotFound(failure);
        readOrFailed.complete(null);
        return notInstalled
                ? "CustomResourceDefinition " + CRD + " is not installed: apply k8s/crd/" + CRD + ".yaml, or set"
                        + " bailey.legacy.resources=false; it is looked for again and again"
                : Watch.messageOf(failure);
    }

    /** The client wraps the failure of a list. */
    private static boolean isNotFound(Throwable failure) {
        return failure instanceof KubernetesClientException e
                ? e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
                : failure != null && isNotFound(failure.getCause());
    }

    /** Where the API server knows no such resource, what else is declared goes on without. */
    @Override
    public CompletionStage<Void> start(Consumer<Set<ServiceKey>> changed) {
        watch.start((before, after) -> tell(changed, before, after)).thenRun(() -> readOrFailed.complete(null));
        return readOrFailed;
    }

    private void tell(
            Consumer<Set<ServiceKey>> changed, GenericKubernetesResource before, GenericKubernetesResource after) {
        if (isSame(before, after)) {
            return;
        }
        Set<ServiceKey> keys = new HashSet<>();
        Optional.ofNullable(before).flatMap(this::claimed).ifPresent(keys::add);
        Optional.ofNullable(after).flatMap(this::claimed).ifPresent(keys::add);
        if (!keys.isEmpty()) {
            changed.accept(keys);
        }
    }

    /** Whether only what Bailey itself writes differs: its status. */
    private static boolean isSame(GenericKubernetesResource before, GenericKubernetesResource after) {
        return before != null
                && after != null
                && Objects.equals(
                        before.getMetadata().getUid(), after.getMetadata().getUid())
                && Objects.equals(
                        before.getMetadata().getAnnotations(),
                        after.getMetadata().getAnnotations())
                && before.isMarkedForDeletion() == after.isMarkedForDeletion()
                && Objects.equals(spec(before), spec(after));
    }

    private static Object spec(GenericKubernetesResource resource) {
        return resource.getAdditionalProperties().get("spec");
    }

    private Optional<ServiceKey> claimed(GenericKubernetesResource resource) {
        return counts(resource) ? Optional.of(LegacyModel.claimed(resource)) : Optional.empty();
    }

    private boolean counts(GenericKubernetesResource resource) {
        String namespace = KubernetesModel.keyOf(resource).namespace();
        return !resource.isMarkedForDeletion() && namespaces.stream().anyMatch(glob -> glob.matches(namespace));
    }

    @Override
    public List<LegacyDeclaration> claiming(ServiceKey service) {
        return watch.byIndex(CLAIMED, service.toString()).stream()
                .map(resource -> LegacyModel.declaration(resource, defaults))
                .sorted(OLDEST_FIRST)
                .toList();
    }

    @Override
    public Set<ServiceKey> keys() {
        return watch.all().stream()
                .map(this::claimed)
                .flatMap(Optional::stream)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What a resource declares, if it exists and counts. */
    public Optional<LegacyDeclaration> get(ServiceKey resource) {
        return watch.get(resource.toString())
                .filter(this::counts)
                .map(found -> LegacyModel.declaration(found, defaults));
    }

    @Override
    public Optional<GenericKubernetesResource> raw(ServiceKey resource) {
        return watch.get(resource.toString());
    }

    @Override
    public Optional<String> uidOf(ServiceKey resource) {
        return raw(resource).map(found -> found.getMetadata().getUid());
    }

    @Override
    public boolean synced() {
        return watch.synced();
    }

    /** Whether the API server said, when it was last asked for all, that it knows no such resource. */
    @Override
    public boolean notInstalled() {
        state();
        return notInstalled;
    }

    @Override
    public Source.Part state() {
        Source.Part state = watch.state();
        if (state.up()) {
            notInstalled = false;
        }
        return state;
    }

    @Override
    public void close() {
        watch.close();
    }
}
