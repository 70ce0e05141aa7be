package bridge.bailey.view;

import bridge.bailey.desired.BridgedExport;
import bridge.bailey.desired.Desired;
import bridge.bailey.desired.ExportRules;
import bridge.bailey.desired.Glob;
import bridge.bailey.desired.LabelSelector;
import bridge.bailey.desired.LegacyWorlds;
import bridge.bailey.desired.Mirror;
import bridge.bailey.model.BridgedService;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ClusterService;
import bridge.bailey.model.Finding;
import bridge.bailey.model.IpFamily;
import bridge.bailey.model.Item;
import bridge.bailey.model.KubeService;
import bridge.bailey.model.KubeSlice;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.OpenConnections;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.Readiness;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Held;
import bridge.bailey.plan.Planner;
import bridge.bailey.source.LegacyManifests;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One service with both sides, in letters: pods are r(eady), n(ot ready) or d(raining); machines are h(ealthy), u(nhealthy),
 * n(ot probed yet), s(uspected) or d(raining). Both targets hold what they should, unless told otherwise.
 */
public record Scene(
        String pods,
        String machines,
        Optional<Scene> holds,
        boolean exported,
        boolean complete,
        List<Finding> findings,
        Optional<OpenConnections> connections) {

    public static final ServiceKey KEY = new ServiceKey("shop", "billing");

    static final ExportRules RULES = new ExportRules(
            "east",
            true,
            List.of(Glob.of("*")),
            List.of(),
            LabelSelector.EVERYTHING,
            "{name}",
            "",
            List.of("k8s"),
            ExportRules.IpFamilies.PRIMARY,
            ExportRules.NodeAddress.EXTERNAL_FIRST,
            false,
            false,
            ExportRules.IngressAddresses.HOST,
            ExportRules.Checks.READINESS);

    /** Both sides; {@code null} for a side that is not there. */
    public static Scene of(String pods, String machines) {
        return new Scene(pods, machines, Optional.empty(), true, true, List.of(), Optional.empty());
    }

    /** The targets hold what they should of another scene. */
    public Scene holding(Scene other) {
        return new Scene(pods, machines, Optional.of(other), exported, complete, findings, connections);
    }

    public Scene notExported() {
        return new Scene(pods, machines, holds, false, complete, findings, connections);
    }

    /** A source has not answered yet. */
    public Scene incomplete() {
        return new Scene(pods, machines, holds, exported, false, findings, connections);
    }

    public Scene with(Finding.Kind kind) {
        return new Scene(
                pods,
                machines,
                holds,
                exported,
                complete,
                List.of(new Finding(kind, KEY, "", "x", "it is so")),
                connections);
    }

    /** Each machine is asked for its open connections, and answers so. */
    public Scene connected(OpenConnections each) {
        return new Scene(pods, machines, holds, exported, complete, findings, Optional.of(each));
    }

    public Seen seen() {
        BridgedService bridged = new BridgedService(KEY, cluster(), legacy());
        Desired<CatalogEntry> entries = new BridgedExport(RULES, LegacyWorlds.RULES).desired(bridged);
        Optional<Desired<MirrorItem>> mirror = legacy().map(new Mirror(LegacyWorlds.RULES)::desired);
        Optional<Seen> other = holds.map(Scene::seen);
        return new Seen(
                KEY,
                standing(
                        Optional.of(bridged)
                                .filter(b ->
                                        b.cluster().isPresent() || b.legacy().isPresent()),
                        entries,
                        other.map(o -> o.toConsul().desired().items()).orElse(entries.items())),
                standing(
                        legacy(),
                        mirror.orElseGet(() -> Desired.unwanted(List.of(), "nothing declares it")),
                        other.map(o -> o.toKubernetes().desired().items())
                                .orElseGet(() -> mirror.map(Desired::items).orElse(List.of()))),
                connections.map(each -> Map.of("10.20.0.1", each)).orElse(Map.of()));
    }

    private <S, T extends Item> Standing<S, T> standing(Optional<S> source, Desired<T> desired, List<T> items) {
        return new Standing<>(
                source,
                desired,
                items,
                Planner.plan(Map.of(KEY, desired.items()), new HeldItems<>(items), item -> complete),
                findings);
    }

    private record HeldItems<T extends Item>(List<T> items) implements Held<T> {
        @Override
        public Set<ServiceKey> keys() {
            return Set.of(KEY);
        }

        @Override
        public Collection<T> ownedBy(ServiceKey key) {
            return items;
        }

        @Override
        public boolean foreign(String id) {
            return false;
        }
    }

    private Optional<ClusterService> cluster() {
        if (pods == null) {
            return Optional.empty();
        }
        KubeService service = new KubeService(
                KEY,
                KubeService.Type.CLUSTER_IP,
                Map.of(),
                exported ? Map.of() : Map.of("bailey.bridge/sync", "false"),
                List.of(IpFamily.IPV4),
                List.of("10.96.0.1"),
                List.of(),
                List.of(),
                List.of(new KubeService.Port("http", 80, 0, Protocol.TCP)),
                true,
                false);
        List<KubeSlice.Endpoint> endpoints = IntStream.range(0, pods.length())
                .mapToObj(i -> new KubeSlice.Endpoint(
                        "10.244.0." + (i + 1), readiness(pods.charAt(i)), "billing-" + i, "worker-1", "zone-a"))
                .toList();
        KubeSlice slice = new KubeSlice(
                "billing-a", IpFamily.IPV4, List.of(new KubeSlice.Port("http", 8080, Protocol.TCP)), endpoints, false);
        return Optional.of(new ClusterService(service, List.of(slice), Map.of(), List.of()));
    }

    private static Readiness readiness(char letter) {
        return switch (letter) {
            case 'r' -> Readiness.READY;
            case 'd' -> Readiness.DRAINING;
            case 'n' -> Readiness.NOT_READY;
            default -> throw new IllegalArgumentException("no such pod: " + letter);
        };
    }

    private Optional<LegacyView> legacy() {
        if (machines == null) {
            return Optional.empty();
        }
        String instances = IntStream.range(0, machines.length())
                .mapToObj(i -> "{id: i-" + i + ", stopping: " + (machines.charAt(i) == 'd') + ", private: 10.20.0."
                        + (i + 1) + "}")
                .collect(Collectors.joining(", "));
        String verdicts = IntStream.range(0, machines.length())
                .filter(i -> machines.charAt(i) != 'n')
                .mapToObj(i -> "{address: 10.20.0." + (i + 1) + ", port: 8080, suspected: "
                        + (machines.charAt(i) == 's') + ", health: "
                        + (machines.charAt(i) == 'u' ? "unhealthy" : "healthy") + "}")
                .collect(Collectors.joining(", "));
        String resource =
                """
                apiVersion: bailey.bridge/v1alpha1
                kind: LegacyService
                metadata: {namespace: shop, name: billing, generation: 1}
                spec:
                  ports: [{name: http, port: 80, targetPort: 8080}]
                  origins: [{ec2: {region: eu-west-1, filters: [{name: vpc-id, values: [vpc-1]}]}}]
                  probe: {tcp: {}}
                  blend: true
                  registerInConsul: true
                """
                        + (connections.isPresent() ? "  metrics: {port: 9100, connections: app_open}\n" : "");
        String played = "played:\n  ec2: [{region: eu-west-1, instances: [" + instances + "]}]\n  verdicts: ["
                + verdicts + "]\n";
        LegacyView view = LegacyManifests.of(List.of(resource, played), LegacyWorlds.RULES, "default")
                .views()
                .get(KEY);
        return Optional.of(new LegacyView(
                view.key(),
                view.claims(),
                view.tagged(),
                view.ec2(),
                view.consul(),
                view.verdicts(),
                cluster().map(ClusterService::service),
                view.slices(),
                view.findings(),
                connections
                        .map(each -> IntStream.range(0, machines.length())
                                .boxed()
                                .collect(Collectors.toMap(i -> "10.20.0." + (i + 1), i -> each)))
                        .orElse(Map.of()),
                view.complete()));
    }
}
