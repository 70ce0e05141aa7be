package bridge.bailey.view;

import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.InstanceState;
import bridge.bailey.model.LegacyInstance;
import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.MirrorService;
import bridge.bailey.model.Readiness;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What has to be remembered of a service, since no source tells it. It begins anew with each start of Bailey, which makes
 * every duration shorter than it is, and so the verdict careful.
 *
 * @param since when the service was first seen
 * @param changed when an instance last came, went, or changed its state
 * @param states of each instance, by side and id
 * @param podsHealthySince since when there are instances in Kubernetes, and all are healthy or drain; empty if not
 * @param found what leads callers to machines
 * @param hadMachines whether a caller ever found a machine, or one was known
 * @param machinesGoneSince since when no caller finds a machine; empty while some do
 */
public record History(
        Instant since,
        Instant changed,
        Map<String, Known> states,
        Optional<Instant> podsHealthySince,
        Found found,
        boolean hadMachines,
        Optional<Instant> machinesGoneSince) {

    public History {
        states = Map.copyOf(states);
    }

    /** How many endpoints in the cluster and entries in Consul lead callers to machines. */
    public record Found(int endpoints, int entries) {
        boolean none() {
            return endpoints + entries == 0;
        }
    }

    /** The state of an instance, and since when. */
    public record Known(InstanceState state, Instant since) {}

    /** Of a service that is seen for the first time. */
    static History none(Instant now) {
        return new History(now, now, Map.of(), Optional.empty(), new Found(0, 0), false, Optional.empty());
    }

    /** What is remembered once these instances were seen. */
    History next(Seen seen, List<InstanceView> instances, Instant now) {
        Map<String, Known> next = new HashMap<>();
        for (InstanceView instance : instances) {
            Known before = states.get(nameOf(instance));
            boolean same = before != null && before.state() == instance.state();
            next.put(
                    nameOf(instance),
                    same ? before : new Known(instance.state(), instance.since().orElse(now)));
        }
        Found nowFound = found(seen, instances);
        Tally pods = Tally.of(instances, Side.KUBERNETES);
        boolean podsHealthy = pods.healthy() > 0 && pods.unhealthy() == 0 && pods.unknown() == 0;
        return new History(
                since,
                next.equals(states) ? changed : now,
                next,
                podsHealthy ? podsHealthySince.or(() -> Optional.of(now)) : Optional.empty(),
                nowFound,
                hadMachines || !nowFound.none() || instances.stream().anyMatch(i -> i.side() == Side.LEGACY),
                nowFound.none() ? machinesGoneSince.or(() -> Optional.of(now)) : Optional.empty());
    }

    private static String nameOf(InstanceView instance) {
        return instance.side() + " " + instance.id() + " " + instance.address();
    }

    /** The instances, with the time since which each is what it is. */
    List<InstanceView> dated(List<InstanceView> instances) {
        List<InstanceView> all = new ArrayList<>();
        instances.forEach(instance -> all.add(
                instance.since().isPresent()
                        ? instance
                        : Optional.ofNullable(states.get(nameOf(instance)))
                                .map(known -> instance.since(known.since()))
                                .orElse(instance)));
        return all;
    }

    /** Consul's DNS answers with what passes or warns, the cluster with what is ready. */
    private static Found found(Seen seen, List<InstanceView> instances) {
        long endpoints = seen.toKubernetes().held().stream()
                .filter(History::leadsToMachines)
                .count();
        long entries = seen.toConsul().held().stream()
                .filter(entry -> entry.node().isPresent()
                        && entry.check()
                                .map(check -> check.status() != CatalogEntry.Status.CRITICAL)
                                .orElse(true))
                .count();
        long byAgents = instances.stream()
                .filter(instance -> instance.side() == Side.LEGACY
                        && List.of(instance.origin().split(", ")).stream().anyMatch(LegacyInstance::isConsul))
                .filter(instance -> instance.opinions().stream()
                        .noneMatch(opinion -> opinion.judge() == Opinion.Judge.CONSUL && !opinion.serves()))
                .count();
        return new Found((int) endpoints, (int) (entries + byAgents));
    }

    private static boolean leadsToMachines(MirrorItem item) {
        return item instanceof MirrorEndpoint endpoint
                ? endpoint.readiness() == Readiness.READY
                : item instanceof MirrorService service && service.type() == MirrorService.Type.EXTERNAL_NAME;
    }
}
