package bridge.bailey.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a LegacyService resource declares. What could not be read of it is left out, and told by {@code findings}.
 *
 * @param resource the namespace and name of the resource itself
 * @param key the Service that it is about
 * @param generation the generation of its spec
 * @param probe empty if an instance is as healthy as its origin says
 * @param failOpenBelow the share of healthy instances below which Bailey suspects its own path; 0 for never
 * @param blend whether instances join a Service that has a selector
 */
public record LegacyDeclaration(
        ServiceKey resource,
        String uid,
        long generation,
        Instant createdAt,
        Map<String, String> annotations,
        ServiceKey key,
        List<Port> ports,
        List<Origin> origins,
        Optional<Probe> probe,
        double failOpenBelow,
        boolean blend,
        boolean headless,
        boolean registerInConsul,
        Optional<Metrics> metrics,
        List<Finding> findings) {

    public LegacyDeclaration {
        annotations = Map.copyOf(annotations);
        ports = List.copyOf(ports);
        origins = List.copyOf(origins);
        findings = List.copyOf(findings);
    }

    /**
     * A port of the Service.
     *
     * @param name "" for none, which only a single port may have
     * @param targetPort the port on which the instances listen; 0 if it was not given
     * @param appProtocol "" for none
     */
    public record Port(String name, int port, int targetPort, Protocol protocol, String appProtocol) {}

    /**
     * Where Prometheus scrapes the machines.
     *
     * @param annotateService whether the mirror's Service says so too, by {@link ScrapeAnnotations}
     * @param connections the gauge that tells how many connections a machine has open; "" for none
     */
    public record Metrics(int port, String path, boolean annotateService, String connections) {
        public Metrics(int port, String path) {
            this(port, path, false, "");
        }
    }

    /** Where instances come from. */
    public sealed interface Origin {

        /** Instances by their addresses. */
        record Static(List<Instance> instances) implements Origin {
            public Static {
                instances = List.copyOf(instances);
            }

            /** One instance; {@code zone} may be "". */
            public record Instance(String id, String address, String zone) {}
        }

        /** Instances of EC2: those that any of the queries finds, one query for each region. */
        record Ec2(List<Ec2Query> queries, boolean publicAddress) implements Origin {
            public Ec2 {
                queries = List.copyOf(queries);
            }
        }

        /** A service in Consul. */
        record Consul(ConsulQuery query) implements Origin {}

        /** A DNS name, for which an ExternalName stands. */
        record HostName(String name) implements Origin {}
    }
}
