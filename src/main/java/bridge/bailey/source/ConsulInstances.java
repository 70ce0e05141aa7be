package bridge.bailey.source;

import bridge.bailey.consul.Catalog;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.Health;
import bridge.bailey.model.Marks;
import bridge.bailey.model.Printable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Which entries of Consul's catalog are legacy instances, and how healthy they are. */
final class ConsulInstances {

    /** How Consul's own agents name the check that takes a node or a service out of service. */
    private static final String NODE_MAINTENANCE = "_node_maintenance";

    private static final String SERVICE_MAINTENANCE = "_service_maintenance:";

    private static final String CRITICAL = "critical";
    private static final String WARNING = "warning";

    /** Consul has no field for it that all versions know, and people write these. */
    private static final List<String> ZONE_KEYS = List.of("zone", "availability_zone", "availability-zone");

    /** Maintenance explains everything else, and a dead node the checks that ran on it; then by id, to be stable. */
    private static final Comparator<Catalog.Check> FIRST_REASON = Comparator.comparing(
                    (Catalog.Check check) -> !isMaintenance(check))
            .thenComparing(check -> !check.serviceId().isEmpty())
            .thenComparing(Catalog.Check::id);

    private ConsulInstances() {}

    /** The legacy instances among these, sorted by id. */
    static List<ConsulInstance> of(List<Catalog.Instance> found) {
        return found.stream()
                .filter(ConsulInstances::isLegacy)
                .map(ConsulInstances::instance)
                .sorted(Comparator.comparing(ConsulInstance::id))
                .toList();
    }

    /** Not what a Bailey or another tool brought from a cluster, or it would come back; not the proxies of a mesh. */
    private static boolean isLegacy(Catalog.Instance found) {
        Map<String, String> service = found.service().meta();
        Map<String, String> node = found.node().meta();
        return !Marks.ofBailey(service)
                && !Marks.ofBailey(node)
                && !Marks.ofKubernetes(service)
                && !Marks.ofKubernetes(node)
                && found.service().kind().isEmpty();
    }

    private static ConsulInstance instance(Catalog.Instance found) {
        Catalog.Node node = found.node();
        Catalog.Service service = found.service();
        String own = service.address();
        Optional<Catalog.Check> critical = worst(found.checks(), CRITICAL);
        String why = critical.or(() -> worst(found.checks(), WARNING))
                .map(ConsulInstances::why)
                .orElse("");
        return new ConsulInstance(
                node.name() + "/" + service.id(),
                own.isEmpty() ? node.address() : own,
                service.port(),
                zoneOf(service.meta()).or(() -> zoneOf(node.meta())).orElse(""),
                // As Consul's DNS has it: it serves what warns, unless it is told otherwise, and what has no checks.
                critical.isPresent() ? Health.UNHEALTHY : Health.HEALTHY,
                why);
    }

    private static Optional<Catalog.Check> worst(List<Catalog.Check> checks, String status) {
        return checks.stream().filter(check -> check.status().equals(status)).min(FIRST_REASON);
    }

    private static boolean isMaintenance(Catalog.Check check) {
        return check.id().equals(NODE_MAINTENANCE) || check.id().startsWith(SERVICE_MAINTENANCE);
    }

    private static String why(Catalog.Check check) {
        if (isMaintenance(check)) {
            return Printable.of("maintenance: " + check.notes());
        }
        String output = check.output().strip();
        return Printable.of(output.isEmpty() ? "check \"" + check.name() + "\" is " + check.status() : output);
    }

    private static Optional<String> zoneOf(Map<String, String> meta) {
        return ZONE_KEYS.stream()
                .map(meta::get)
                .filter(Objects::nonNull)
                .map(String::strip)
                .filter(zone -> !zone.isEmpty())
                .findFirst();
    }
}
