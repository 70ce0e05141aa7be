package bridge.bailey.bench;

import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.ServiceKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Services of a few endpoints each, of which one after the other becomes ready or unready, as the events of a watch. An event is
 * put together from texts made beforehand: to make it must cost little beside what reading it costs.
 */
final class FlippingServices {

    /** The service whose address counts; see {@link Markers}. */
    static final String MARKER = "marker";

    private static final String VERSION = "@version@";
    private static final String MARKED = "10.250.0.1";

    private final int count;
    private final int perService;
    private final boolean[] unready;
    private final List<String> heads = new ArrayList<>();
    private final List<String[]> endpoints = new ArrayList<>();
    private final String markerEvent;
    private long version = 1_000_000;
    private long flips;

    FlippingServices(int count, int perService) {
        this.count = count;
        this.perService = perService;
        this.unready = new boolean[count * perService];
        for (int i = 0; i < count; i++) {
            heads.add(Serialization.asJson(slice(i)));
        }
        for (int i = 0; i < count * perService; i++) {
            endpoints.add(
                    new String[] {Serialization.asJson(endpoint(i, true)), Serialization.asJson(endpoint(i, false))});
        }
        markerEvent = "{\"type\":\"MODIFIED\",\"object\":" + Serialization.asJson(marker()) + "}";
    }

    int endpoints() {
        return count * perService;
    }

    private static String name(int service) {
        return "load-%04d".formatted(service);
    }

    private static String address(int number) {
        return "10.%d.%d.%d".formatted(1 + number / 62500, number / 250 % 250, 1 + number % 250);
    }

    private Endpoint endpoint(int number, boolean ready) {
        return Estate.endpoint(name(number / perService), number, address(number), ready);
    }

    private static HasMetadata versioned(HasMetadata slice) {
        slice.getMetadata().setResourceVersion(VERSION);
        slice.getMetadata().setUid("uid-" + slice.getMetadata().getName());
        return slice;
    }

    /** With one endpoint, in whose place comes what an event is about. */
    private HasMetadata slice(int service) {
        return versioned(Estate.slice(name(service), List.of(endpoint(service * perService, true))));
    }

    private static HasMetadata marker() {
        return versioned(Estate.slice(MARKER, List.of(Estate.endpoint(MARKER, 0, MARKED, true))));
    }

    /** Everything as it is in the beginning: all ready. */
    List<HasMetadata> objects() {
        List<HasMetadata> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int service = i;
            all.add(Estate.service(name(i)));
            all.add(Estate.slice(
                    name(i),
                    IntStream.range(0, perService)
                            .mapToObj(j -> endpoint(service * perService + j, true))
                            .toList()));
        }
        all.add(Estate.service(MARKER));
        all.add(Estate.slice(MARKER, List.of(Estate.endpoint(MARKER, 0, MARKED, true))));
        return all;
    }

    /** The next endpoint changes, of the next service each time. */
    String flipNext() {
        int service = (int) (flips % count);
        int flipped = service * perService + (int) (flips / count % perService);
        flips++;
        unready[flipped] = !unready[flipped];
        StringBuilder all = new StringBuilder(4096);
        for (int i = service * perService; i < (service + 1) * perService; i++) {
            all.append(all.isEmpty() ? "" : ",").append(endpoints.get(i)[unready[i] ? 1 : 0]);
        }
        String object = heads.get(service)
                .replace(VERSION, Long.toString(++version))
                .replace(endpoints.get(service * perService)[0], all);
        return "{\"type\":\"MODIFIED\",\"object\":" + object + "}";
    }

    /** The small service has another address. */
    String markerAt(String address) {
        return markerEvent.replace(VERSION, Long.toString(++version)).replace(MARKED, address);
    }

    /** What Consul holds of them, without meta. */
    List<CatalogEntry> entries() {
        return IntStream.range(0, count * perService)
                .mapToObj(i -> {
                    ServiceKey key = new ServiceKey(Estate.NAMESPACE, name(i / perService));
                    return new CatalogEntry(
                            key,
                            CatalogEntry.id(Bridge.CLUSTER, key, address(i), 8080, Protocol.TCP),
                            "floor-" + key.name(),
                            address(i),
                            8080,
                            List.of(),
                            Map.of(),
                            1,
                            Optional.of(new CatalogEntry.Check(CatalogEntry.Status.PASSING, "")),
                            Optional.empty());
                })
                .toList();
    }
}
