package bridge.bailey.target;

import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.MirrorService;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.source.KubeMarks;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the API gets for a mirror, without an API.
 *
 * @param service the Service as it is written; empty if none is, or if what is there stays as it is
 * @param slices our slices afterwards; new ones are called a, b and so on
 */
public record MirrorManifests(Optional<Service> service, List<EndpointSlice> slices) {

    /** What is there, and what it becomes. */
    public static MirrorManifests of(
            ServiceKey key, Optional<Service> before, List<EndpointSlice> slices, List<MirrorItem> items) {
        Optional<Service> written = items.stream()
                .filter(MirrorService.class::isInstance)
                .map(MirrorService.class::cast)
                .findFirst()
                .map(mirror -> before.map(there -> MirrorObjects.put(new ServiceBuilder(there).build(), mirror))
                        .orElseGet(() -> withUid(MirrorObjects.service(mirror))));
        List<MirrorEndpoint> endpoints = items.stream()
                .filter(MirrorEndpoint.class::isInstance)
                .map(MirrorEndpoint.class::cast)
                .toList();
        return new MirrorManifests(written, slices(key, written.or(() -> before), ours(slices), endpoints));
    }

    private static List<EndpointSlice> ours(List<EndpointSlice> slices) {
        return slices.stream().filter(KubeMarks::ours).toList();
    }

    /** As the API server would. */
    private static Service withUid(Service service) {
        service.getMetadata().setUid("uid-of-" + service.getMetadata().getName());
        return service;
    }

    private static List<EndpointSlice> slices(
            ServiceKey key, Optional<Service> owner, List<EndpointSlice> before, List<MirrorEndpoint> wanted) {
        Map<String, EndpointSlice> after = new TreeMap<>();
        List<Slicing.Slice> read = new ArrayList<>();
        before.forEach(slice -> {
            after.put(slice.getMetadata().getName(), slice);
            read.add(MirrorReader.slice(key, slice, owner));
        });
        AtomicInteger made = new AtomicInteger();
        for (Slicing.Write write : Slicing.writes(read, wanted)) {
            String name = write.name().orElseGet(() -> String.valueOf((char) ('a' + made.getAndIncrement())));
            if (write.isDelete()) {
                after.remove(name);
            } else {
                var meta = Optional.ofNullable(after.get(name))
                        .map(EndpointSlice::getMetadata)
                        .orElseGet(() -> new ObjectMetaBuilder()
                                .withNamespace(key.namespace())
                                .withName(name)
                                .build());
                after.put(
                        name,
                        MirrorObjects.slice(
                                meta, owner.orElseThrow(), write.group().orElseThrow(), write.endpoints()));
            }
        }
        return List.copyOf(after.values());
    }
}
