package bridge.bailey.check;

import bridge.bailey.config.BaileyConfig;
import bridge.bailey.config.Settings;
import bridge.bailey.consul.ConsulAgent;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.ConsulHttp.Access;
import bridge.bailey.consul.Fence;
import bridge.bailey.desired.BridgedExport;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.source.AwsEc2;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/** All checks, for what is configured. */
public final class Checks {

    private Checks() {}

    /**
     * What is looked at.
     *
     * @param leaseNamespace where the Lease is by which replicas elect a leader
     */
    public record Systems(
            Settings settings,
            KubernetesClient kubernetes,
            ConsulHttp consul,
            ConsulAgent agent,
            String leaseNamespace) {}

    /**
     * The checks of what is enabled, in the order in which they are printed.
     *
     * @param dns host and port of a DNS server that should know Consul's names; empty if none is asked
     */
    public static List<Check> of(Systems systems, Optional<String> dns) {
        Settings settings = systems.settings();
        BaileyConfig config = settings.config();
        KubernetesClient client = systems.kubernetes();
        InstantSource clock = InstantSource.system();
        List<Needed> needed = Needed.by(config, systems.leaseNamespace());
        boolean export = config.export().enabled();
        boolean resources = config.legacy().enabled() && config.legacy().resources();
        ExportedNames names = new ExportedNames(
                client,
                new BridgedExport(settings.exportRules(), settings.legacyRules()),
                config.export().ingress());
        Declared declared = new Declared(client, settings);
        ClusterObjects cluster = new ClusterObjects(client, declared);

        List<Check> checks = new ArrayList<>();
        checks.add(new ApiServer(client, clock));
        checks.add(new Permissions(client, needed));
        checks.add(new Reads(client, needed));
        if (resources) {
            checks.add(new Definition(client));
        }
        checks.add(new ConsulServer(
                systems.consul(), systems.agent(), settings.consul().toString(), clock));
        checks.add(new ConsulRights(systems.consul(), () -> access(settings, declared), names, export));
        dns.ifPresent(server -> checks.add(new ConsulDns(server, export ? Optional.of(names) : Optional.empty())));
        if (config.legacy().enabled()) {
            checks.add(new Ec2Rights(() -> new AwsEc2(config.cluster()), settings.tagQueries(), declared));
            checks.add(new LeftoverEndpoints(client, cluster, declared));
            checks.add(new TrafficPolicies(cluster));
        }
        checks.add(new PortNames(cluster));
        if (export) {
            checks.add(new OtherSync(
                    new SyncCatalog(client), config.export().tags().orElse(List.of())));
        }
        return checks;
    }

    /** What the token needs whatever the exported services are called, by what it is for; at most 64. */
    private static Map<String, Access> access(Settings settings, Declared declared)
            throws InterruptedException, ExecutionException {
        Map<String, Access> all = new LinkedHashMap<>();
        if (settings.config().export().enabled()) {
            all.put("the node that bears the entries", new Access("node", "write", settings.consulNode()));
            all.put(
                    "the key by which only one leader writes",
                    new Access("key", "write", Fence.key(settings.config().cluster())));
        }
        if (declared.get().stream().anyMatch(LegacyDeclaration::registerInConsul)) {
            all.put(
                    "the nodes of machines (registerInConsul)",
                    new Access("node", "write", "vm-" + settings.config().cluster() + "-"));
        }
        Set<String> origins = declared.get().stream()
                .flatMap(declaration -> declaration.origins().stream())
                .filter(LegacyDeclaration.Origin.Consul.class::isInstance)
                .map(origin ->
                        ((LegacyDeclaration.Origin.Consul) origin).query().service())
                .collect(Collectors.toCollection(TreeSet::new));
        if (!origins.isEmpty()) {
            all.put("Consul as an origin", new Access("node", "read", ""));
        }
        origins.stream()
                .limit(ConsulRights.MOST_NAMES)
                .forEach(service -> all.put("the origin " + service, new Access("service", "read", service)));
        return all;
    }
}
