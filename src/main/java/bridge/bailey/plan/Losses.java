package bridge.bailey.plan;

import bridge.bailey.model.ServiceKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What was lost of all services, or would be, within the guard's window. */
final class Losses {

    private final Map<ServiceKey, List<String>> nodes = new HashMap<>();
    private final Set<ServiceKey> vanished = new HashSet<>();

    /**
     * Adds a service.
     *
     * @param lostNodes the node of each lost instance, or ""
     */
    void add(ServiceKey key, Collection<String> lostNodes, boolean vanishes) {
        if (!lostNodes.isEmpty()) {
            nodes.put(key, List.copyOf(lostNodes));
        }
        if (vanishes) {
            vanished.add(key);
        }
    }

    int services() {
        return vanished.size();
    }

    int instances() {
        return nodes.values().stream().mapToInt(List::size).sum();
    }

    Set<ServiceKey> vanished() {
        return vanished;
    }

    /** The same without the service that lost most. */
    Losses withoutOneService() {
        Losses others = new Losses();
        ServiceKey most = nodes.entrySet().stream()
                .max(Map.Entry.comparingByValue((one, other) -> Integer.compare(one.size(), other.size())))
                .map(Map.Entry::getKey)
                .orElse(null);
        nodes.forEach((key, lost) -> others.add(key, key.equals(most) ? List.of() : lost, false));
        vanished.stream().filter(key -> !key.equals(most)).forEach(others.vanished::add);
        return others;
    }

    /** The node that lost most; "" if none is known. */
    String worstNode() {
        return nodes.values().stream()
                .flatMap(List::stream)
                .filter(node -> !node.isEmpty())
                .collect(Collectors.groupingBy(node -> node, Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse("");
    }

    /** The same without what was on this node. */
    Losses without(String node) {
        Losses others = new Losses();
        nodes.forEach((key, lost) -> others.add(
                key, lost.stream().filter(one -> !Objects.equals(one, node)).toList(), false));
        vanished.stream()
                .filter(key -> !nodes.containsKey(key) || others.nodes.containsKey(key))
                .forEach(others.vanished::add);
        return others;
    }
}
