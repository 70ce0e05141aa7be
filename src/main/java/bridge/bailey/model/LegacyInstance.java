package bridge.bailey.model;

import java.util.List;
import java.util.Optional;

/**
 * An instance of a legacy service: what all origins together say of one address and its ports.
 *
 * @param id such as {@code i-0abc}, or the address
 * @param address an IP address in canonical spelling
 * @param origins where it comes from, such as {@code ec2/eu-central-1}; several if several know it
 * @param zone or ""
 * @param ports on which it serves which port of the Service
 * @param draining whether it is about to stop
 * @param health what its origins say; UNKNOWN if they know nothing of health
 * @param why the origin's reason, or ""
 * @param probed what decides about its health; empty if its origins do
 * @param metrics where Prometheus scrapes it
 */
public record LegacyInstance(
        String id,
        String address,
        List<String> origins,
        String zone,
        List<EndpointPort> ports,
        boolean draining,
        Health health,
        String why,
        Optional<Probed> probed,
        Optional<LegacyDeclaration.Metrics> metrics) {

    public LegacyInstance {
        origins = List.copyOf(origins);
        ports = List.copyOf(ports);
    }

    /** What is probed of an instance, and how. */
    public record Probed(ProbeTarget target, Probe probe) {}

    /** Whether this is the name of an origin in Consul. */
    public static boolean isConsul(String origin) {
        return origin.equals("consul") || origin.startsWith("consul/");
    }

    /** {@code address:port}, with each further port after a comma. */
    public String place() {
        return EndpointPort.place(address, ports);
    }
}
