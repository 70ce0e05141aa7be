package bridge.bailey.desired;

import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Finding;
import bridge.bailey.model.ServiceKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** What Consul should hold for a Service, as text to read and to compare. What all entries share is written once. */
final class Golden {

    private Golden() {}

    static String text(ServiceKey key, Desired<CatalogEntry> desired) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("reason", desired.reason());
        if (!desired.findings().isEmpty()) {
            text.put("findings", desired.findings().stream().map(Golden::text).toList());
        }
        if (!desired.items().isEmpty()) {
            text.put("every entry", shared(desired.items()));
            text.put(
                    "entries",
                    desired.items().stream()
                            .map(entry -> own(entry, desired.items()))
                            .toList());
        }
        return yaml().dump(Map.of(key.toString(), text));
    }

    private static String text(Finding finding) {
        return finding.kind() + ": " + finding.text();
    }

    private static Map<String, Object> shared(List<CatalogEntry> entries) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("tags", same(entries.stream().map(CatalogEntry::tags).toList()));
        text.put("weight", same(entries.stream().map(CatalogEntry::weight).toList()));
        text.put("meta", sharedMeta(entries));
        return text;
    }

    private static Map<String, Object> own(CatalogEntry entry, List<CatalogEntry> all) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("id", entry.id());
        text.put("name", entry.name());
        text.put("address", entry.address());
        text.put("port", entry.port());
        text.put(
                "check",
                entry.check()
                        .map(check -> check.status().text() + ": " + check.output())
                        .orElse("none"));
        Map<String, String> meta = new TreeMap<>(entry.meta());
        meta.keySet().removeAll(sharedMeta(all).keySet());
        if (!meta.isEmpty()) {
            text.put("meta", meta);
        }
        return text;
    }

    private static Map<String, String> sharedMeta(List<CatalogEntry> entries) {
        return entries.get(0).meta().entrySet().stream()
                .filter(pair -> entries.stream()
                        .allMatch(e -> pair.getValue().equals(e.meta().get(pair.getKey()))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
    }

    /** Tags and weight come from the Service, so its entries can't differ in them. */
    private static <V> V same(List<V> values) {
        if (values.stream().distinct().count() != 1) {
            throw new AssertionError("entries of one Service differ: " + values);
        }
        return values.get(0);
    }

    private static Yaml yaml() {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(1000);
        options.setSplitLines(false);
        return new Yaml(options);
    }
}
