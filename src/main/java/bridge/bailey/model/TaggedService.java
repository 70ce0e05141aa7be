package bridge.bailey.model;

import java.util.List;
import java.util.Optional;

/**
 * What the tags of one EC2 instance say about one service on it.
 *
 * @param ports in the order of the tag, each port once; empty if the tag names none
 * @param check how the instance is probed, its port being the service's first; empty if it is not
 * @param metrics where Prometheus scrapes the machine
 */
public record TaggedService(
        ServiceKey key,
        Ec2Instance instance,
        List<TagPort> ports,
        Optional<Probe.Check> check,
        Optional<LegacyDeclaration.Metrics> metrics) {

    public TaggedService {
        ports = List.copyOf(ports);
    }

    /**
     * A port of the Service.
     *
     * @param targetPort the port on which the instance listens; the same one if the tag names no other
     */
    public record TagPort(int port, int targetPort) {}
}
