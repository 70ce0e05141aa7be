package bridge.bailey.desired;

import bridge.bailey.model.Finding;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDeclaration.Metrics;
import bridge.bailey.model.LegacyInstance;
import bridge.bailey.model.MirrorService;
import bridge.bailey.model.Probe;
import bridge.bailey.model.ProbeTarget;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What all origins together say of one legacy service.
 *
 * @param declaration the LegacyService that counts, if there is one
 * @param hostName the host name for which an ExternalName stands; then there are no instances
 * @param ports of the Service, as declared
 * @param instances one for each address and port
 * @param refused the instances that can't be used, and why
 * @param scraped the machines whose metrics Prometheus reads
 * @param unserved the machines of which a tag names the service in vain; each has a finding of its own
 * @param failOpenBelow the share of healthy instances below which the bridge suspects its own path
 */
public record Merged(
        Optional<LegacyDeclaration> declaration,
        Optional<String> hostName,
        List<MirrorService.Port> ports,
        List<LegacyInstance> instances,
        List<Refused> refused,
        List<Scraped> scraped,
        List<Refused> unserved,
        double failOpenBelow,
        List<Finding> findings) {

    public Merged {
        ports = List.copyOf(ports);
        instances = List.copyOf(instances);
        refused = List.copyOf(refused);
        scraped = List.copyOf(scraped);
        unserved = List.copyOf(unserved);
        findings = List.copyOf(findings);
    }

    /**
     * An instance that is left out.
     *
     * @param kind of the finding that tells of it
     */
    public record Refused(Finding.Kind kind, String id, String address, String origin, String zone, String why) {}

    /**
     * A machine whose metrics are read. That needs none of the Service's ports, so it may be one that is left out.
     *
     * @param address an IP address in canonical spelling, or the host name that the Service stands for
     * @param origins that know it, the one that gave its id first
     */
    public record Scraped(String id, String address, List<String> origins, String zone, Metrics metrics) {
        public Scraped {
            origins = List.copyOf(origins);
        }
    }

    /** The machines that are asked for their open connections; a host name may stand for any number of them. */
    public List<Scraped> counted() {
        return hostName.isPresent()
                ? List.of()
                : scraped.stream()
                        .filter(machine -> !machine.metrics().connections().isEmpty())
                        .toList();
    }

    /** What is to be probed. */
    public Map<ProbeTarget, Probe> targets() {
        Map<ProbeTarget, Probe> all = new TreeMap<>();
        instances.forEach(i -> i.probed().ifPresent(p -> all.putIfAbsent(p.target(), p.probe())));
        return all;
    }
}
