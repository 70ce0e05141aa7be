package bridge.bailey.desired;

import bridge.bailey.model.EndpointPort;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Finding.Subject;
import bridge.bailey.model.Health;
import bridge.bailey.model.LegacyInstance;
import bridge.bailey.model.ServiceKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The instances of one service by their places, one for each address and port numbers, and those that can have none. */
final class Places {

    private static final int MOST_NAMED = 5;

    private final Map<String, LegacyInstance> byPlace = new LinkedHashMap<>();
    private final List<Merged.Refused> refused = new ArrayList<>();

    /** Adds an instance; if its place is taken, both are one. */
    void add(LegacyInstance instance) {
        byPlace.merge(instance.place(), instance, this::join);
    }

    /** Leaves an instance out. */
    void refuse(Merged.Refused instance) {
        refused.add(instance);
    }

    List<LegacyInstance> instances() {
        return List.copyOf(byPlace.values());
    }

    List<Merged.Refused> refused() {
        return List.copyOf(refused);
    }

    private LegacyInstance join(LegacyInstance first, LegacyInstance second) {
        if (!names(first).equals(names(second))) {
            return oneOf(first, second);
        }
        boolean secondIsWorse = (second.health() == Health.UNHEALTHY && first.health() != Health.UNHEALTHY)
                || (second.draining() && !first.draining());
        return new LegacyInstance(
                first.id(),
                first.address(),
                Stream.concat(first.origins().stream(), second.origins().stream())
                        .distinct()
                        .toList(),
                first.zone().isEmpty() ? second.zone() : first.zone(),
                first.ports(),
                first.draining() || second.draining(),
                worse(first.health(), second.health()),
                secondIsWorse ? second.why() : first.why(),
                first.probed().or(second::probed),
                first.metrics().or(second::metrics));
    }

    /** Two machines of one address that serve different ports on the same numbers: one of them can't be reached. */
    private LegacyInstance oneOf(LegacyInstance first, LegacyInstance second) {
        boolean isFirst = names(first).compareTo(names(second)) < 0;
        LegacyInstance kept = isFirst ? first : second;
        LegacyInstance other = isFirst ? second : first;
        refused.add(new Merged.Refused(
                Finding.Kind.UNUSABLE_ENDPOINT,
                other.id(),
                other.address(),
                String.join(", ", other.origins()),
                other.zone(),
                "has the address and the port numbers of " + kept.id() + " for other ports of the Service"));
        return kept;
    }

    private static String names(LegacyInstance instance) {
        return instance.ports().stream().map(EndpointPort::name).collect(Collectors.joining(","));
    }

    private static Health worse(Health one, Health other) {
        if (one == Health.UNHEALTHY || other == Health.UNHEALTHY) {
            return Health.UNHEALTHY;
        }
        return one == Health.HEALTHY || other == Health.HEALTHY ? Health.HEALTHY : Health.UNKNOWN;
    }

    /** One finding for all instances of an origin that are left out for the same reason. */
    List<Finding> findings(ServiceKey key, Subject subject) {
        Map<List<Object>, List<Merged.Refused>> byReason = new LinkedHashMap<>();
        refused.forEach(r -> byReason.computeIfAbsent(List.of(r.origin(), r.kind(), r.why()), k -> new ArrayList<>())
                .add(r));
        return byReason.values().stream().map(all -> leftOut(key, subject, all)).toList();
    }

    private Finding leftOut(ServiceKey key, Subject subject, List<Merged.Refused> all) {
        String ids = String.join(
                ", ", all.stream().limit(MOST_NAMED).map(Merged.Refused::id).toList());
        String more = all.size() > MOST_NAMED ? " and " + (all.size() - MOST_NAMED) + " more" : "";
        Merged.Refused first = all.get(0);
        return new Finding(
                first.kind(),
                key,
                subject,
                first.kind() == Finding.Kind.UNUSABLE_ADDRESS ? "address" : "instance",
                first.kind() == Finding.Kind.UNUSABLE_ADDRESS ? first.address() : first.id(),
                first.why() + ", so it can't be an endpoint; of " + first.origin() + ", " + ids + more + " left out, "
                        + (byPlace.isEmpty() ? "and no other is there" : "the others are served"));
    }
}
