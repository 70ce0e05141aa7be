package bridge.bailey.check;

import bridge.bailey.check.ClusterObjects.Found;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/** Ports of EndpointSlices whose name is none of the Service's: nothing is routed to them, and nothing says so. */
final class PortNames implements Check {

    private final ClusterObjects cluster;

    PortNames(ClusterObjects cluster) {
        this.cluster = cluster;
    }

    @Override
    public String area() {
        return "Port names";
    }

    @Override
    public void look(Report report) throws InterruptedException, ExecutionException {
        List<Found> all = cluster.get();
        all.forEach(found -> found.slices().forEach(slice -> look(found, slice, report)));
        if (report.results().isEmpty()) {
            report.ok("EndpointSlices", "of " + all.size() + " Services: their ports are named as the Services' are");
        }
    }

    private static void look(Found found, EndpointSlice slice, Report report) {
        Set<String> wanted = names(found);
        Set<String> others = Optional.ofNullable(slice.getPorts()).orElse(List.of()).stream()
                .map(EndpointPort::getName)
                .map(PortNames::orEmpty)
                .filter(name -> !wanted.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        if (wanted.isEmpty() || others.isEmpty()) {
            return;
        }
        String namespace = found.key().namespace();
        String name = slice.getMetadata().getName();
        report.warn(
                "EndpointSlice " + namespace + "/" + name + " ports[].name",
                quoted(others) + " is none of the ports of " + found.text() + ", which has " + quoted(wanted)
                        + ": nothing is routed to it, nor registered in Consul",
                "kubectl -n " + namespace + " edit endpointslice " + name
                        + "  # or name the port in the Service: kubectl -n " + namespace + " edit service "
                        + found.key().name());
    }

    private static Set<String> names(Found found) {
        return Optional.ofNullable(found.service().getSpec())
                .flatMap(spec -> Optional.ofNullable(spec.getPorts()))
                .orElse(List.of())
                .stream()
                .map(ServicePort::getName)
                .map(PortNames::orEmpty)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String orEmpty(String name) {
        return name == null ? "" : name;
    }

    private static String quoted(Set<String> names) {
        return names.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
    }
}
