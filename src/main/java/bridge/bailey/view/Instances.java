package bridge.bailey.view;

import static bridge.bailey.view.Opinion.Judge.CONSUL;
import static bridge.bailey.view.Opinion.Judge.KUBERNETES;
import static bridge.bailey.view.Opinion.Judge.PROBE;

import bridge.bailey.desired.Judged;
import bridge.bailey.desired.LegacyRules;
import bridge.bailey.desired.Merged;
import bridge.bailey.desired.Merging;
import bridge.bailey.model.Answer;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ClusterService;
import bridge.bailey.model.EndpointPort;
import bridge.bailey.model.Health;
import bridge.bailey.model.InstanceState;
import bridge.bailey.model.KubeSlice;
import bridge.bailey.model.LegacyInstance;
import bridge.bailey.model.LegacyView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells the instances of both sides of one service, with what every judge says of them, and what became of them. */
final class Instances {

    private final LegacyRules rules;
    private final Fates fates;

    private Instances(Seen seen, LegacyRules rules) {
        this.rules = rules;
        this.fates = new Fates(seen);
    }

    /** Those of Kubernetes first, each side by id. */
    static List<InstanceView> of(Seen seen, LegacyRules rules) {
        Instances instances = new Instances(seen, rules);
        List<InstanceView> all = new ArrayList<>();
        seen.cluster().ifPresent(cluster -> all.addAll(instances.pods(cluster)));
        seen.legacy().ifPresent(view -> all.addAll(instances.machines(view)));
        return all;
    }

    /** A pod may be in several slices, of two families or while it moves: it is one instance, as ready as the best. */
    private List<InstanceView> pods(ClusterService cluster) {
        Map<String, InstanceView> byId = new LinkedHashMap<>();
        for (KubeSlice slice : Seen.podSlices(cluster)) {
            for (KubeSlice.Endpoint endpoint : slice.endpoints()) {
                InstanceView pod = pod(slice, endpoint);
                byId.merge(pod.id(), pod, (one, other) -> one.state().compareTo(other.state()) <= 0 ? one : other);
            }
        }
        return byId.values().stream()
                .sorted(Comparator.comparing(InstanceView::id))
                .toList();
    }

    private InstanceView pod(KubeSlice slice, KubeSlice.Endpoint endpoint) {
        String id = endpoint.pod().isEmpty() ? endpoint.address() : endpoint.pod();
        InstanceState state = InstanceState.of(endpoint.readiness());
        List<Opinion> opinions = new ArrayList<>();
        opinions.add(new Opinion(KUBERNETES, state, "as EndpointSlice " + slice.name() + " says"));
        fates.heldOfPod(endpoint.pod(), endpoint.address())
                .flatMap(Instances::ofConsul)
                .ifPresent(opinions::add);
        return new InstanceView(
                Side.KUBERNETES,
                id,
                EndpointPort.place(endpoint.address(), slice.ports().stream().mapToInt(KubeSlice.Port::port)),
                "EndpointSlice " + slice.name(),
                endpoint.node(),
                endpoint.zone(),
                state,
                Optional.empty(),
                switch (state) {
                    case UNHEALTHY -> "its endpoint is not ready";
                    case DRAINING -> "it terminates, but still serves";
                    case HEALTHY, UNKNOWN -> "";
                },
                opinions,
                fates.ofPod(endpoint.pod(), endpoint.address(), endpoint.node()));
    }

    private static Optional<Opinion> ofConsul(CatalogEntry entry) {
        return entry.check().map(check -> new Opinion(CONSUL, stateOf(check.status()), check.output()));
    }

    private static InstanceState stateOf(CatalogEntry.Status status) {
        return switch (status) {
            case PASSING -> InstanceState.HEALTHY;
            case WARNING -> InstanceState.DRAINING;
            case CRITICAL -> InstanceState.UNHEALTHY;
        };
    }

    private List<InstanceView> machines(LegacyView view) {
        Merged merged = Merging.merge(view, rules);
        List<InstanceView> all = new ArrayList<>();
        merged.hostName().ifPresent(host -> all.add(hostName(host)));
        merged.instances().forEach(instance -> all.add(machine(view, instance)));
        merged.refused().forEach(refused -> all.add(refused(refused)));
        merged.unserved().forEach(refused -> all.add(refused(refused)));
        all.sort(Comparator.comparing(InstanceView::id).thenComparing(InstanceView::address));
        return all;
    }

    private InstanceView hostName(String host) {
        return new InstanceView(
                Side.LEGACY,
                host,
                host,
                InstanceView.HOST_NAME,
                "",
                "",
                InstanceState.UNKNOWN,
                Optional.empty(),
                "a host name is not probed",
                List.of(),
                fates.ofHostName());
    }

    private InstanceView machine(LegacyView view, LegacyInstance instance) {
        Judged judged = Judged.of(view, instance);
        return new InstanceView(
                Side.LEGACY,
                instance.id(),
                instance.place(),
                String.join(", ", instance.origins()),
                "",
                instance.zone(),
                judged.state(),
                judged.since(),
                judged.reason(),
                opinions(view, instance, judged),
                List.of(fates.inCluster(instance), fates.inConsul(instance)),
                instance.probed().map(probed -> new InstanceView.Probing(probed, judged.verdict())),
                view.connections(instance));
    }

    private List<Opinion> opinions(LegacyView view, LegacyInstance instance, Judged judged) {
        List<Opinion> all = new ArrayList<>();
        fates.heldEndpoint(instance)
                .map(endpoint -> new Opinion(
                        KUBERNETES, InstanceState.of(endpoint.readiness()), "as the EndpointSlices of the mirror say"))
                .ifPresent(all::add);
        ofAgents(view, instance)
                .or(() -> fates.heldOfMachine(instance).flatMap(Instances::ofConsul))
                .ifPresent(all::add);
        if (instance.probed().isPresent() && judged.verdict().measured() != Health.UNKNOWN) {
            all.add(new Opinion(
                    PROBE,
                    stateOf(judged.verdict().measured()),
                    judged.verdict().reason().isEmpty()
                            ? "the probe of " + instance.probed().get().target() + " passes"
                            : judged.verdict().reason()));
        }
        return all;
    }

    /** What the checks of the machine's own agent say, if that is where it is known from. */
    private static Optional<Opinion> ofAgents(LegacyView view, LegacyInstance instance) {
        return view.consul().values().stream()
                .map(Answer::instances)
                .flatMap(List::stream)
                .filter(found -> found.address().equals(instance.address()) && found.health() != Health.UNKNOWN)
                .findFirst()
                .map(found -> new Opinion(CONSUL, stateOf(found.health()), found.why()));
    }

    private static InstanceState stateOf(Health health) {
        return switch (health) {
            case HEALTHY -> InstanceState.HEALTHY;
            case UNHEALTHY -> InstanceState.UNHEALTHY;
            case UNKNOWN -> InstanceState.UNKNOWN;
        };
    }

    private InstanceView refused(Merged.Refused refused) {
        return new InstanceView(
                Side.LEGACY,
                refused.id(),
                refused.address(),
                refused.origin(),
                "",
                refused.zone(),
                InstanceState.UNHEALTHY,
                Optional.empty(),
                "left out: " + refused.why(),
                List.of(),
                fates.ofRefused(refused));
    }
}
