package bridge.bailey.source;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.function.Consumer;

/**
 * The store of an informer that keeps only what Bailey reads: the bookkeeping of other tools is often larger than the
 * object itself.
 */
final class Trim<T extends HasMetadata> extends BasicItemStore<T> {

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private final Consumer<T> further;

    /**
     * Makes a store.
     *
     * @param further removes what else is not needed of this kind of object
     */
    Trim(Consumer<T> further) {
        super(Cache::metaNamespaceKeyFunc);
        this.further = further;
    }

    @Override
    public T put(String key, T object) {
        ObjectMeta meta = object.getMetadata();
        meta.setManagedFields(List.of());
        if (!KubeMarks.ours(object)) {
            meta.setOwnerReferences(List.of());
            meta.setFinalizers(List.of());
        }
        if (meta.getAnnotations() != null) {
            meta.getAnnotations().remove(LAST_APPLIED);
        }
        further.accept(object);
        return super.put(key, object);
    }
}
