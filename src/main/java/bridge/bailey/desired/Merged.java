package bridge.bailey.desired;

import bridge.bailey.model.Finding;
import bridge.bailey.model.LegacyDeclaration;
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
 * @param failOpenBelow the share of healthy instances below which the bridge suspects its own path
 */
public record Merged(
        Optional<LegacyDeclaration> declaration,
        Optional<String> hostName,
        List<MirrorService.Port> ports,
        List<LegacyInstance> instances,
        List<Refused> refused,
        double failOpenBelow,
        List<Finding> findings) {

    public Merged {
        ports = List.copyOf(ports);
        instances = List.copyOf(instances);
        refused = List.copyOf(refused);
        findings = List.copyOf(findings);
    }

    /**
     * An instance that is left out.
     *
     * @param kind of the finding that tells of it
     */
    public record Refused(Finding.Kind kind, String id, String address, String origin, String zone, String why) {}

    /** What is to be probed. */
    public Map<ProbeTarget, Probe> targets() {
        Map<ProbeTarget, Probe> all = new TreeMap<>();
        instances.forEach(i -> i.probed().ifPresent(p -> all.putIfAbsent(p.target(), p.probe())));
        return all;
    }
}
