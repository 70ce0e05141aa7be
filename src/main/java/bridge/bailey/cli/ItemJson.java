package bridge.bailey.cli;

import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.EndpointPort;
import bridge.bailey.model.Item;
import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.model.MirrorService;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a target holds, for programs. */
final class ItemJson {

    private ItemJson() {}

    static Map<String, Object> of(Item item) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", item.name());
        if (item instanceof CatalogEntry entry) {
            add(all, entry);
        } else if (item instanceof MirrorService service) {
            add(all, service);
        } else if (item instanceof MirrorEndpoint endpoint) {
            add(all, endpoint);
        }
        return all;
    }

    private static void add(Map<String, Object> all, CatalogEntry entry) {
        all.put("address", entry.address());
        all.put("port", entry.port());
        all.put("tags", entry.tags());
        all.put("meta", new TreeMap<>(entry.meta()));
        all.put("weight", entry.weight());
        entry.check().ifPresent(check -> {
            all.put("status", check.status().text());
            all.put("output", check.output());
        });
    }

    private static void add(Map<String, Object> all, MirrorService service) {
        all.put("kind", "Service");
        all.put("type", service.type().text());
        if (!service.externalName().isEmpty()) {
            all.put("externalName", service.externalName());
        }
        all.put("legacyService", service.legacyService());
        all.put("ports", service.ports().stream().map(ItemJson::port).toList());
        if (!service.annotations().isEmpty()) {
            all.put("annotations", service.annotations());
        }
    }

    private static Map<String, Object> port(MirrorService.Port port) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", port.name());
        all.put("port", port.port());
        all.put("targetPort", port.targetPort());
        all.put("protocol", port.protocol().name());
        all.put("appProtocol", port.appProtocol());
        return all;
    }

    private static void add(Map<String, Object> all, MirrorEndpoint endpoint) {
        all.put("kind", "endpoint");
        all.put("address", endpoint.address());
        all.put("readiness", endpoint.readiness().name().toLowerCase(Locale.ROOT));
        all.put("zone", endpoint.zone());
        all.put("legacyService", endpoint.legacyService());
        all.put("ports", endpoint.ports().stream().map(ItemJson::port).toList());
    }

    private static Map<String, Object> port(EndpointPort port) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", port.name());
        all.put("port", port.number());
        all.put("protocol", port.protocol().name());
        all.put("appProtocol", port.appProtocol());
        return all;
    }
}
