package bridge.bailey.target;

import bridge.bailey.model.ServiceKey;
import bridge.bailey.source.ClusterWatch;
import bridge.bailey.source.KubeMarks;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The cluster's Services and slices as the informers know them, but for what was written since: the informers hear of a
 * write a moment after its answer. The newer of the two counts, by resource version.
 */
final class OwnWrites {

    /** By then an informer has heard of a write, or what was written is gone again. */
    private static final Duration HEARD_OF = Duration.ofSeconds(30);

    private final ClusterWatch cluster;
    private final InstantSource clock;
    private final Map<ServiceKey, Written<Service>> services = new ConcurrentHashMap<>();
    private final Map<ServiceKey, Map<String, Written<EndpointSlice>>> slices = new ConcurrentHashMap<>();

    /**
     * A write.
     *
     * @param object as the API server answered; or what was deleted, if {@code deleted}
     */
    private record Written<T extends HasMetadata>(T object, boolean deleted, Instant at) {

        /** Whether the informers' object is as new as this, or newer. */
        boolean isOld(Optional<T> informed) {
            if (deleted) {
                return informed.isEmpty() || !uid(informed.get()).equals(uid(object));
            }
            return informed.isPresent() && version(informed.get()) >= version(object);
        }

        boolean isOf(HasMetadata other) {
            return !deleted && uid(object).equals(uid(other));
        }

        private static String uid(HasMetadata object) {
            return String.valueOf(object.getMetadata().getUid());
        }

        /** The versions of one API server grow; one that is no number counts as newer. */
        private static long version(HasMetadata object) {
            try {
                return Long.parseLong(object.getMetadata().getResourceVersion());
            } catch (NumberFormatException e) {
                return Long.MAX_VALUE;
            }
        }
    }

    OwnWrites(ClusterWatch cluster, InstantSource clock) {
        this.cluster = cluster;
        this.clock = clock;
        cluster.onDelete(this::gone);
    }

    /** What was written is there no more. */
    private void gone(HasMetadata object) {
        services.values().removeIf(written -> written.isOf(object));
        slices.values().forEach(some -> some.values().removeIf(written -> written.isOf(object)));
    }

    /** The Service of a key, whoever made it. */
    Optional<Service> service(ServiceKey key) {
        return newer(cluster.service(key), Optional.ofNullable(services.get(key)));
    }

    /** Our slices of a key. */
    List<EndpointSlice> slices(ServiceKey key) {
        Map<String, EndpointSlice> informed = new HashMap<>();
        cluster.slices(key).stream()
                .filter(KubeMarks::ours)
                .forEach(slice -> informed.put(slice.getMetadata().getName(), slice));
        Map<String, Written<EndpointSlice>> written = slices.getOrDefault(key, Map.of());
        Set<String> names = new HashSet<>(informed.keySet());
        names.addAll(written.keySet());
        List<EndpointSlice> found = new ArrayList<>();
        names.forEach(name -> newer(Optional.ofNullable(informed.get(name)), Optional.ofNullable(written.get(name)))
                .ifPresent(found::add));
        return found;
    }

    /** Our slices of a key, read. */
    List<Slicing.Slice> mirrorSlices(ServiceKey key) {
        Optional<Service> owner = service(key);
        return slices(key).stream()
                .map(slice -> MirrorReader.slice(key, slice, owner))
                .toList();
    }

    private static <T extends HasMetadata> Optional<T> newer(Optional<T> informed, Optional<Written<T>> written) {
        if (written.isEmpty() || written.get().isOld(informed)) {
            return informed;
        }
        return written.get().deleted()
                ? Optional.empty()
                : Optional.of(written.get().object());
    }

    /** The service keys of what was written lately. */
    Set<ServiceKey> keys() {
        Set<ServiceKey> keys = new HashSet<>();
        services.forEach((key, written) -> {
            if (!written.deleted() && KubeMarks.ours(written.object())) {
                keys.add(key);
            }
        });
        keys.addAll(slices.keySet());
        return keys;
    }

    void wrote(ServiceKey key, Service service) {
        services.put(key, new Written<>(service, false, clock.instant()));
    }

    void deleted(ServiceKey key, Service service) {
        services.put(key, new Written<>(service, true, clock.instant()));
    }

    void wrote(ServiceKey key, EndpointSlice slice) {
        put(key, new Written<>(slice, false, clock.instant()));
    }

    void deleted(ServiceKey key, EndpointSlice slice) {
        put(key, new Written<>(slice, true, clock.instant()));
    }

    private void put(ServiceKey key, Written<EndpointSlice> written) {
        slices.computeIfAbsent(key, k -> new ConcurrentHashMap<>())
                .put(written.object().getMetadata().getName(), written);
    }

    /** What the API server said of a key was not what is known here: from now on the informers count. */
    void forget(ServiceKey key) {
        services.remove(key);
        slices.remove(key);
    }

    /** Forgets what the informers must have heard of by now. */
    void forgetOld() {
        Instant limit = clock.instant().minus(HEARD_OF);
        services.values().removeIf(written -> written.at().isBefore(limit));
        slices.values()
                .forEach(some -> some.values().removeIf(written -> written.at().isBefore(limit)));
        slices.values().removeIf(Map::isEmpty);
    }
}
