package bridge.bailey.desired;

import bridge.bailey.model.Answer;
import bridge.bailey.model.Finding;
import bridge.bailey.model.InstanceState;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDeclaration.Origin;
import bridge.bailey.model.LegacyInstance;
import bridge.bailey.model.LegacyStatus;
import bridge.bailey.model.LegacyStatus.Condition;
import bridge.bailey.model.LegacyStatus.Holds;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.Readiness;
import bridge.bailey.model.ServiceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the LegacyServices that claim one Service are told by their status. docs/legacyservice.md has the table of conditions
 * and reasons.
 */
public final class Statuses {

    private static final Set<Finding.Kind> NOT_SYNCED =
            Set.of(Finding.Kind.FOREIGN_SERVICE, Finding.Kind.REFUSED, Finding.Kind.FOREIGN_ENTRY);

    private static final String NO_INSTANCES = "NoInstances";
    private static final Set<Finding.Kind> INVALID = Set.of(Finding.Kind.INVALID_SPEC, Finding.Kind.PORT_CONFLICT);

    private final LegacyView view;
    private final Merged merged;
    private final List<Finding> findings;
    private final Instant now;

    private Statuses(LegacyView view, Merged merged, List<Finding> findings, Instant now) {
        this.view = view;
        this.merged = merged;
        this.findings = findings;
        this.now = now;
    }

    /**
     * The status of each resource that claims the Service.
     *
     * @param findings all there are of this service key
     * @param now when conditions changed, for those that did
     */
    public static Map<LegacyDeclaration, LegacyStatus> of(
            LegacyView view, LegacyRules rules, List<Finding> findings, Instant now) {
        Statuses statuses = new Statuses(view, Merging.merge(view, rules), findings, now);
        Map<LegacyDeclaration, LegacyStatus> all = new LinkedHashMap<>();
        view.claims().stream().limit(1).forEach(d -> all.put(d, statuses.ofWinner(d)));
        view.claims().stream().skip(1).forEach(d -> all.put(d, statuses.ofLoser(d)));
        return all;
    }

    private LegacyStatus ofLoser(LegacyDeclaration loser) {
        ServiceKey winner = view.claims().get(0).resource();
        String message = "Service " + view.key() + " is claimed by LegacyService " + winner + ", which "
                + Merging.precedence(view.claims().get(0), loser);
        return new LegacyStatus(
                loser.generation(),
                view.key().name(),
                "0/0",
                "",
                List.of(),
                List.of(),
                List.of(
                        condition("Ready", Holds.FALSE, "ServiceClaimed", message),
                        condition("Synced", Holds.FALSE, "ServiceClaimed", message),
                        condition("OriginsAvailable", Holds.UNKNOWN, "ServiceClaimed", "its origins are not asked"),
                        condition("Healthy", Holds.UNKNOWN, "ServiceClaimed", "its instances are not probed")));
    }

    private Condition condition(String type, Holds holds, String reason, String message) {
        return new Condition(type, holds, reason, message, now);
    }

    private LegacyStatus ofWinner(LegacyDeclaration declaration) {
        List<LegacyStatus.Instance> instances = new ArrayList<>();
        merged.instances().forEach(i -> instances.add(instance(i)));
        merged.refused()
                .forEach(r -> instances.add(new LegacyStatus.Instance(
                        r.id(),
                        r.address(),
                        r.origin(),
                        r.zone(),
                        InstanceState.UNHEALTHY,
                        Optional.empty(),
                        "left out: " + r.why())));
        long ready = ready();
        List<LegacyStatus.Origin> origins = origins(view, declaration.origins());
        Condition synced = synced();
        Condition available = available(origins);
        Condition healthy = healthy(instances);
        return new LegacyStatus(
                declaration.generation(),
                view.key().name(),
                merged.hostName().isPresent() ? "" : ready + "/" + instances.size(),
                origins.stream().map(LegacyStatus.Origin::origin).distinct().collect(Collectors.joining(", ")),
                instances.stream()
                        .sorted(Comparator.comparing((LegacyStatus.Instance i) -> rank(i.state()))
                                .thenComparing(LegacyStatus.Instance::id))
                        .limit(LegacyStatus.MOST_INSTANCES)
                        .toList(),
                origins,
                List.of(ready(synced, available, healthy, ready), synced, available, healthy));
    }

    private long ready() {
        return merged.instances().stream()
                .filter(i -> Mirror.readiness(view, i) == Readiness.READY)
                .count();
    }

    /** The unhealthy ones first: these are looked for. */
    private static int rank(InstanceState state) {
        return switch (state) {
            case UNHEALTHY -> 0;
            case UNKNOWN -> 1;
            case DRAINING -> 2;
            case HEALTHY -> 3;
        };
    }

    private LegacyStatus.Instance instance(LegacyInstance instance) {
        Judged judged = Judged.of(view, instance);
        return new LegacyStatus.Instance(
                instance.id(),
                instance.place(),
                String.join(", ", instance.origins()),
                instance.zone(),
                judged.state(),
                judged.since(),
                judged.reason());
    }

    /** Where the instances of a service come from, and how each of these origins does. */
    public static List<LegacyStatus.Origin> origins(LegacyView view) {
        return origins(view, view.declaration().map(LegacyDeclaration::origins).orElse(List.of()));
    }

    private static List<LegacyStatus.Origin> origins(LegacyView view, List<Origin> declared) {
        List<LegacyStatus.Origin> all = new ArrayList<>();
        for (Origin origin : declared) {
            if (origin instanceof Origin.Static some) {
                all.add(new LegacyStatus.Origin("static", some.instances().size(), Optional.empty(), ""));
            } else if (origin instanceof Origin.Ec2 ec2) {
                ec2.queries().forEach(q -> all.add(origin(view.ec2().getOrDefault(q, Answer.none(q.origin())))));
            } else if (origin instanceof Origin.Consul consul) {
                all.add(origin(view.consul()
                        .getOrDefault(consul.query(), Answer.none(consul.query().origin()))));
            } else if (origin instanceof Origin.HostName) {
                all.add(new LegacyStatus.Origin("hostname", 0, Optional.empty(), ""));
            }
        }
        view.tagged().stream()
                .collect(Collectors.groupingBy(LegacyView.Tagged::origin, Collectors.counting()))
                .forEach((origin, count) ->
                        all.add(new LegacyStatus.Origin(origin + " (tags)", count.intValue(), Optional.empty(), "")));
        return all;
    }

    private static LegacyStatus.Origin origin(Answer<?> answer) {
        String error = answer.error().isEmpty() && !answer.known() ? "not answered yet" : answer.error();
        return new LegacyStatus.Origin(answer.origin(), answer.instances().size(), answer.lastSuccess(), error);
    }

    private Condition synced() {
        Optional<Finding> failed =
                findings.stream().filter(f -> NOT_SYNCED.contains(f.kind())).findFirst();
        if (failed.isPresent()) {
            String reason = failed.get().kind() == Finding.Kind.FOREIGN_SERVICE ? "ForeignService" : "Refused";
            return condition("Synced", Holds.FALSE, reason, failed.get().message());
        }
        if (merged.hostName().isEmpty() && merged.ports().isEmpty()) {
            return condition("Synced", Holds.FALSE, "InvalidSpec", messageOf("no port"));
        }
        if (merged.hostName().isEmpty()
                && merged.instances().isEmpty()
                && merged.findings().stream().anyMatch(f -> INVALID.contains(f.kind()))) {
            return condition("Synced", Holds.FALSE, "InvalidSpec", messageOf(""));
        }
        List<Finding> others = merged.findings().stream()
                .filter(f -> f.kind() != Finding.Kind.SERVICE_CLAIMED)
                .toList();
        if (!others.isEmpty()) {
            return condition("Synced", Holds.TRUE, "PartlyUsable", messages(others));
        }
        return condition("Synced", Holds.TRUE, "Synced", "the cluster holds what is declared");
    }

    private String messageOf(String otherwise) {
        List<Finding> some = merged.findings().stream()
                .filter(f -> INVALID.contains(f.kind()))
                .toList();
        return some.isEmpty() ? otherwise : messages(some);
    }

    /** The first few, each with its field and value. */
    private static String messages(List<Finding> some) {
        String text = some.stream()
                .limit(3)
                .map(f -> (f.field() + (f.value().isEmpty() ? "" : " \"" + f.value() + "\"") + ": " + f.message())
                        .strip())
                .collect(Collectors.joining("; "));
        return some.size() > 3 ? text + "; and " + (some.size() - 3) + " more" : text;
    }

    private Condition available(List<LegacyStatus.Origin> origins) {
        List<LegacyStatus.Origin> failing =
                origins.stream().filter(o -> !o.error().isEmpty()).toList();
        if (failing.isEmpty()) {
            return condition("OriginsAvailable", Holds.TRUE, "AllAnswer", "");
        }
        return condition(
                "OriginsAvailable",
                Holds.FALSE,
                "OriginUnavailable",
                failing.stream().map(this::unavailable).collect(Collectors.joining("; ")));
    }

    private String unavailable(LegacyStatus.Origin origin) {
        String kept = origin.lastSuccess().isPresent()
                ? "its last answer is kept"
                : "nothing is known of its instances" + (mirrors() ? ", and what the cluster holds of them stays" : "");
        return origin.origin() + ": " + origin.error() + ", " + kept;
    }

    /** Whether the cluster holds endpoints of ours, from before this run perhaps. */
    private boolean mirrors() {
        return view.slices().stream()
                .anyMatch(slice -> slice.mirror() && !slice.endpoints().isEmpty());
    }

    private Condition healthy(List<LegacyStatus.Instance> all) {
        if (merged.hostName().isPresent()) {
            return condition("Healthy", Holds.UNKNOWN, "NotProbed", "a host name is not probed");
        }
        if (all.isEmpty()) {
            return condition(
                    "Healthy",
                    Holds.UNKNOWN,
                    NO_INSTANCES,
                    view.complete() ? "its origins have no instances" : "no instance is known");
        }
        String count = count(all);
        if (merged.instances().stream()
                .anyMatch(i -> Judged.of(view, i).verdict().suspected())) {
            return condition(
                    "Healthy",
                    Holds.UNKNOWN,
                    "PathSuspected",
                    "so many fail at once that Bailey suspects its own path and keeps the last good verdicts; "
                            + count);
        }
        if (has(all, InstanceState.UNHEALTHY)) {
            boolean some = has(all, InstanceState.HEALTHY)
                    || has(all, InstanceState.DRAINING)
                    || has(all, InstanceState.UNKNOWN);
            return condition("Healthy", Holds.FALSE, some ? "SomeUnhealthy" : "AllUnhealthy", count);
        }
        if (has(all, InstanceState.UNKNOWN)) {
            return condition("Healthy", Holds.UNKNOWN, "NotProbedYet", count);
        }
        return has(all, InstanceState.HEALTHY)
                ? condition("Healthy", Holds.TRUE, "AllHealthy", count)
                : condition("Healthy", Holds.FALSE, "AllDraining", count);
    }

    private static boolean has(List<LegacyStatus.Instance> all, InstanceState state) {
        return all.stream().anyMatch(i -> i.state() == state);
    }

    private String count(List<LegacyStatus.Instance> all) {
        long draining =
                all.stream().filter(i -> i.state() == InstanceState.DRAINING).count();
        int leftOut = merged.refused().size();
        return ready() + " of " + all.size() + " instances are ready"
                + (draining == 0 ? "" : ", " + draining + " draining")
                + (leftOut == 0 ? "" : ", " + leftOut + " left out");
    }

    /** Whether pods that call the Service reach something. */
    private Condition ready(Condition synced, Condition available, Condition healthy, long ready) {
        if (synced.holds() == Holds.FALSE) {
            return condition("Ready", Holds.FALSE, synced.reason(), synced.message());
        }
        if (merged.hostName().isPresent()) {
            return condition(
                    "Ready",
                    Holds.TRUE,
                    "ExternalName",
                    "stands for " + merged.hostName().get());
        }
        if (healthy.reason().equals(NO_INSTANCES) && available.holds() == Holds.FALSE) {
            Holds holds = !view.complete() && mirrors() ? Holds.UNKNOWN : Holds.FALSE;
            return condition("Ready", holds, available.reason(), available.message());
        }
        if (ready == 0) {
            return condition("Ready", Holds.FALSE, healthy.reason(), healthy.message());
        }
        if (available.holds() == Holds.FALSE) {
            return condition("Ready", Holds.TRUE, available.reason(), available.message());
        }
        return healthy.holds() == Holds.TRUE
                ? condition("Ready", Holds.TRUE, "Ready", healthy.message())
                : condition("Ready", Holds.TRUE, degraded(healthy), healthy.message());
    }

    private static String degraded(Condition healthy) {
        return healthy.reason().equals("SomeUnhealthy") ? "Degraded" : healthy.reason();
    }
}
