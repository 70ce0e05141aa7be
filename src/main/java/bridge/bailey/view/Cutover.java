package bridge.bailey.view;

import bridge.bailey.model.Finding;
import bridge.bailey.model.InstanceState;
import bridge.bailey.model.OpenConnections;
import bridge.bailey.view.CutoverVerdict.Reason;
import bridge.bailey.view.CutoverVerdict.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Judges whether it is safe to move on with the cutover of one service. The rules are few, and each says no for itself;
 * docs/cutover.md tells them, and what they can't see.
 */
final class Cutover {

    /** Findings that mean that the target is not what it should be. */
    private static final Set<Finding.Kind> FAILED =
            Set.of(Finding.Kind.REFUSED, Finding.Kind.FOREIGN_ENTRY, Finding.Kind.FOREIGN_SERVICE);

    private final Seen seen;
    private final List<InstanceView> instances;
    private final History history;
    private final CutoverRules rules;
    private final Instant now;
    private final Tally pods;
    private final Tally machines;
    private final List<Reason> reasons = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Instant> reviews = new ArrayList<>();

    private Cutover(Seen seen, List<InstanceView> instances, History history, CutoverRules rules, Instant now) {
        this.seen = seen;
        this.instances = instances;
        this.history = history;
        this.rules = rules;
        this.now = now;
        this.pods = Tally.of(instances, Side.KUBERNETES);
        this.machines = Tally.of(instances, Side.LEGACY);
    }

    /**
     * The verdict.
     *
     * @param instances of both sides, each with the time since which it is what it is
     * @param stale the sources that are away for too long
     */
    static CutoverVerdict of(
            Seen seen,
            List<InstanceView> instances,
            History history,
            List<String> stale,
            CutoverRules rules,
            Instant now) {
        return new Cutover(seen, instances, history, rules, now).judge(stale);
    }

    private CutoverVerdict judge(List<String> stale) {
        if (!stale.isEmpty()) {
            no(Rule.STALE, "what is known is stale: " + String.join(", ", stale) + " can't be read");
        }
        judgePods();
        judgeBoth();
        judgeMachines();
        return new CutoverVerdict(reasons, notes, reviews.stream().min(Comparator.naturalOrder()));
    }

    private void no(Rule rule, String text) {
        reasons.add(new Reason(rule, text));
    }

    private void judgePods() {
        if (pods.healthy() == 0) {
            no(Rule.NO_PODS, pods.total() == 0 ? "no instance in Kubernetes" : "no healthy instance in Kubernetes");
        } else if (pods.unhealthy() > 0) {
            unhealthy(
                    Rule.PODS_UNHEALTHY,
                    pods.unhealthy() + " of " + pods.total() + " instances in Kubernetes unhealthy",
                    Side.KUBERNETES);
        } else {
            history.podsHealthySince()
                    .ifPresent(since -> await(
                            Rule.PODS_UNPROVEN,
                            since,
                            rules.window(),
                            "the instances in Kubernetes have been healthy for "));
        }
        if (pods.healthy() == 1) {
            notes.add("only one instance in Kubernetes: its node's end would be the service's");
        }
    }

    /** Says no until the time has passed. */
    private void await(Rule rule, Instant since, Duration needed, String what) {
        Instant end = since.plus(needed);
        if (now.isBefore(end)) {
            reasons.add(new Reason(rule, what, Optional.of(since), " of the " + Durations.text(needed) + " needed"));
            reviews.add(end);
        }
    }

    private void judgeBoth() {
        long disagreements =
                instances.stream().filter(InstanceView::disagreement).count();
        if (disagreements > 0) {
            no(
                    Rule.DISAGREEMENT,
                    "Consul, Kubernetes and the probe disagree about " + disagreements + " of " + instances.size()
                            + " instances");
        }
        int withheld = seen.toConsul().plan().withheld().size()
                + seen.toKubernetes().plan().withheld().size();
        int waiting = seen.toConsul().plan().changes().size()
                + seen.toKubernetes().plan().changes().size();
        if (withheld + waiting > 0) {
            no(Rule.CHANGES_OUTSTANDING, outstanding(withheld, waiting));
        } else {
            failed().ifPresent(finding -> no(Rule.CHANGES_OUTSTANDING, finding.text()));
        }
        judgeConsul();
    }

    private static String outstanding(int withheld, int waiting) {
        String changes = withheld + waiting == 1 ? " change" : " changes";
        if (withheld == 0) {
            return waiting + changes + " not made yet";
        }
        return waiting == 0
                ? withheld + changes + " withheld"
                : withheld + " of " + (withheld + waiting) + changes + " withheld";
    }

    private Optional<Finding> failed() {
        return Stream.concat(seen.toConsul().findings().stream(), seen.toKubernetes().findings().stream())
                .filter(finding -> FAILED.contains(finding.kind()))
                .findFirst();
    }

    private void judgeConsul() {
        if (pods.total() == 0) {
            return;
        }
        if (!seen.toConsul().desired().wanted()) {
            notes.add("legacy hosts do not find it in Consul: "
                    + seen.toConsul().desired().reason());
        } else if (seen.toConsul().held().stream()
                .allMatch(entry -> entry.node().isPresent())) {
            no(Rule.NOT_IN_CONSUL, "Consul holds no entry for its instances in Kubernetes");
        }
    }

    private void judgeMachines() {
        if (machines.total() == 0 && history.found().none()) {
            notes.add("no machine is declared for it: Bailey knows of none to stop");
        }
        int unsure = machines.unhealthy() + machines.unknown();
        if (unsure > 0) {
            unhealthy(Rule.VMS_UNHEALTHY, unsure(), Side.LEGACY);
        }
        if (!history.found().none()) {
            no(Rule.VMS_IN_ROTATION, "callers still find VMs: " + text(history.found()));
        } else {
            history.machinesGoneSince().ifPresent(this::judgeSince);
        }
        judgeConnections();
    }

    private String unsure() {
        String of = " of " + machines.total() + " VMs ";
        if (machines.unhealthy() == 0) {
            return machines.unknown() + of + "not judged";
        }
        return (machines.unknown() == 0 ? "" : machines.unknown() + " not judged, ") + machines.unhealthy() + of
                + "unhealthy";
    }

    private static String text(History.Found found) {
        return Stream.of(
                        counted(found.endpoints(), "endpoint", "endpoints", "in the cluster"),
                        counted(found.entries(), "entry", "entries", "in Consul"))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String counted(int count, String one, String several, String where) {
        return count == 0 ? "" : count + " " + (count == 1 ? one : several) + " " + where;
    }

    private void judgeConnections() {
        Set<String> declared = instances.stream()
                .filter(instance -> instance.side() == Side.LEGACY)
                .map(InstanceView::host)
                .collect(Collectors.toSet());
        List<OpenConnections> asked = Stream.concat(
                        instances.stream().flatMap(instance -> instance.connections().stream()),
                        seen.connections().entrySet().stream()
                                .filter(reading -> !declared.contains(reading.getKey()))
                                .map(Map.Entry::getValue))
                .toList();
        double open = asked.stream()
                .flatMapToDouble(connections -> connections.open().stream())
                .sum();
        Optional<String> unknown = asked.stream()
                .filter(connections -> connections.open().isEmpty())
                .map(OpenConnections::error)
                .findFirst();
        if (open > 0) {
            // As it stands: a number that changes all the time would be a change all the time.
            no(Rule.CONNECTIONS, "VMs still have open connections");
        } else if (unknown.isPresent()) {
            no(Rule.CONNECTIONS, "the open connections of VMs are not known: " + unknown.get());
        }
        if (machines.total() > 0 || history.hadMachines()) {
            String unseen = "callers that know their addresses, and cron jobs on them, are not seen";
            notes.add(asked.isEmpty() ? "open connections to the VMs, " + unseen : unseen);
        }
    }

    private void judgeSince(Instant gone) {
        if (history.hadMachines()) {
            await(Rule.DNS_TTL, gone, rules.dnsTtl(), "callers may hold an old DNS answer: VMs are out of it for ");
            Instant alone = history.podsHealthySince()
                    .filter(since -> since.isAfter(gone))
                    .orElse(gone);
            if (pods.healthy() > 0) {
                await(Rule.SERVED_ALONE, alone, rules.window(), "the instances in Kubernetes have served alone for ");
            }
        }
    }

    /** Tells for how long the one that has been unhealthy for longest is so. */
    private void unhealthy(Rule rule, String text, Side side) {
        Optional<Instant> since = instances.stream()
                .filter(instance -> instance.side() == side && instance.state() == InstanceState.UNHEALTHY)
                .flatMap(instance -> instance.since().stream())
                .min(Comparator.naturalOrder());
        long count = instances.stream()
                .filter(instance -> instance.side() == side && instance.state() == InstanceState.UNHEALTHY)
                .count();
        String lasting = since.isEmpty() ? "" : count > 1 ? ", the first for " : " for ";
        reasons.add(new Reason(rule, text + lasting, since, ""));
    }
}
