package bridge.bailey.flow;

import bridge.bailey.config.Settings;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.OpenConnections;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.probe.Connections;
import bridge.bailey.probe.LingeringConnections;
import bridge.bailey.probe.Probes;
import bridge.bailey.source.ClusterWatch;
import bridge.bailey.source.Discovery;
import bridge.bailey.source.LegacyDeclarations;
import bridge.bailey.source.LegacySource;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** What the legacy side is read from: resources, origins and probes, and the source over all of them. */
public final class LegacySide implements AutoCloseable {

    private final Optional<LegacyDeclarations> declarations;
    private final Discovery<Ec2Query, Ec2Instance> ec2;
    private final Discovery<ConsulQuery, ConsulInstance> consul;
    private final Probes probes;
    private final Connections connections;
    private final LegacySource source;

    /** Makes the parts; each is told whom to tell of what it finds. */
    public interface Systems {
        LegacyDeclarations declarations();

        Discovery<Ec2Query, Ec2Instance> ec2(Discovery.Listener<Ec2Query> listener);

        Discovery<ConsulQuery, ConsulInstance> consul(Discovery.Listener<ConsulQuery> listener);

        Probes probes(Probes.Listener listener);

        /** Counts open connections, unless a system does not. */
        default Connections connections() {
            return Connections.NOBODYS;
        }
    }

    LegacySide(Settings settings, ClusterWatch cluster, Systems systems, InstantSource clock) {
        declarations = settings.config().legacy().resources() ? Optional.of(systems.declarations()) : Optional.empty();
        ec2 = systems.ec2(query -> this.source().ec2Changed(query));
        consul = systems.consul(query -> this.source().consulChanged(query));
        probes = systems.probes(key -> this.source().probed(key));
        connections = new LingeringConnections(
                systems.connections(), settings.config().verdict().window(), clock);
        source = new LegacySource(
                cluster,
                declarations,
                new LegacySource.Origins(
                        ec2,
                        consul,
                        settings.tagQueries(),
                        settings.config().ec2().namespace()),
                probes,
                connections,
                settings.legacyRules(),
                clock);
    }

    Optional<LegacyDeclarations> declarations() {
        return declarations;
    }

    /** The open connections of a service's machines, and of those that were taken out lately, by address. */
    Map<String, OpenConnections> connections(ServiceKey key) {
        return connections.of(key);
    }

    LegacySource source() {
        return source;
    }

    @Override
    public void close() {
        probes.close();
        connections.close();
        ec2.close();
        consul.close();
        declarations.ifPresent(LegacyDeclarations::close);
    }
}
