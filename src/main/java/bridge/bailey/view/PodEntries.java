package bridge.bailey.view;

import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Marks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The entries of one service's instances in the cluster, by what they stand for: there may be thousands of each. */
final class PodEntries {

    private final Map<String, List<CatalogEntry>> byPod = new HashMap<>();
    private final Map<String, List<CatalogEntry>> byAddress = new HashMap<>();
    private final Map<String, List<CatalogEntry>> byNode = new HashMap<>();
    private final List<CatalogEntry> forAll = new ArrayList<>();

    PodEntries(List<CatalogEntry> all) {
        all.stream().filter(entry -> entry.node().isEmpty()).forEach(this::add);
    }

    private void add(CatalogEntry entry) {
        add(byAddress, entry.address().toLowerCase(Locale.ROOT), entry);
        String pod = entry.meta().get(Marks.POD);
        String node = entry.meta().get(Marks.NODE);
        if (pod != null) {
            add(byPod, pod, entry);
        } else if (node != null) {
            add(byNode, node, entry);
        } else {
            forAll.add(entry);
        }
    }

    private static void add(Map<String, List<CatalogEntry>> index, String name, CatalogEntry entry) {
        index.computeIfAbsent(name, n -> new ArrayList<>()).add(entry);
    }

    /** Those that stand for a pod, or an endpoint that is none ({@code pod} is then ""), alone. */
    List<CatalogEntry> own(String pod, String address) {
        List<CatalogEntry> ofPod = byPod.getOrDefault(pod, List.of());
        return ofPod.isEmpty()
                ? byAddress.getOrDefault(address.toLowerCase(Locale.ROOT), List.of()).stream()
                        .filter(entry -> pod.isEmpty() || !entry.meta().containsKey(Marks.POD))
                        .toList()
                : ofPod;
    }

    /** Those that stand for all that is on a node, or else for all. */
    List<CatalogEntry> shared(String node) {
        return byNode.getOrDefault(node, forAll);
    }
}
