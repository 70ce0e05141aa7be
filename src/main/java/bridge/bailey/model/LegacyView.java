package bridge.bailey.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that decides about the mirror of one service key.
 *
 * @param claims the LegacyServices that claim the Service, the oldest first
 * @param tagged the machines whose EC2 tags name it
 * @param ec2 what EC2 answers to the queries of the claims, and
 * @param consul what Consul answers to them
 * @param verdicts of the probes
 * @param service the Service of that name in the cluster, whoever made it
 * @param slices its EndpointSlices, whoever made them
 * @param findings what could not be read of the tags that concern it
 * @param connections what is known of the open connections of the machines that are asked, by their addresses
 * @param complete whether every origin that might feed it has answered once
 */
public record LegacyView(
        ServiceKey key,
        List<LegacyDeclaration> claims,
        List<Tagged> tagged,
        Map<Ec2Query, Answer<Ec2Instance>> ec2,
        Map<ConsulQuery, Answer<ConsulInstance>> consul,
        Map<ProbeTarget, Verdict> verdicts,
        Optional<KubeService> service,
        List<KubeSlice> slices,
        List<Finding> findings,
        Map<String, OpenConnections> connections,
        boolean complete) {

    public LegacyView {
        claims = List.copyOf(claims);
        tagged = List.copyOf(tagged);
        ec2 = Map.copyOf(ec2);
        consul = Map.copyOf(consul);
        verdicts = Map.copyOf(verdicts);
        slices = List.copyOf(slices);
        findings = List.copyOf(findings);
        connections = Map.copyOf(connections);
    }

    /** Where no machine is asked for its connections. */
    public LegacyView(
            ServiceKey key,
            List<LegacyDeclaration> claims,
            List<Tagged> tagged,
            Map<Ec2Query, Answer<Ec2Instance>> ec2,
            Map<ConsulQuery, Answer<ConsulInstance>> consul,
            Map<ProbeTarget, Verdict> verdicts,
            Optional<KubeService> service,
            List<KubeSlice> slices,
            List<Finding> findings,
            boolean complete) {
        this(key, claims, tagged, ec2, consul, verdicts, service, slices, findings, Map.of(), complete);
    }

    /** What is known of the open connections of an instance; empty if nobody asked for them. */
    public Optional<OpenConnections> connections(LegacyInstance instance) {
        return instance.metrics()
                .filter(metrics -> !metrics.connections().isEmpty())
                .map(metrics -> connections.getOrDefault(instance.address(), OpenConnections.NONE));
    }

    /** A machine of which a tag names the service, and the origin that found it. */
    public record Tagged(String origin, TaggedService service) {}

    /** The LegacyService that counts: the oldest. */
    public Optional<LegacyDeclaration> declaration() {
        return claims.stream().findFirst();
    }
}
