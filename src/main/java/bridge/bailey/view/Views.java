package bridge.bailey.view;

import bridge.bailey.desired.LegacyRules;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Finding;
import bridge.bailey.model.InstanceState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Makes the view of one service from all that is known of it. */
public final class Views {

    private final LegacyRules legacyRules;
    private final CutoverRules cutoverRules;

    public Views(LegacyRules legacyRules, CutoverRules cutoverRules) {
        this.legacyRules = legacyRules;
        this.cutoverRules = cutoverRules;
    }

    /** Findings that keep the service, or instances of it, out of where they should be. */
    private static final Set<Finding.Kind> KEPT_OUT = Set.of(
            Finding.Kind.INVALID_NAME, Finding.Kind.FOREIGN_ENTRY, Finding.Kind.FOREIGN_SERVICE, Finding.Kind.REFUSED);

    /** Machines are asked for their connections as often. */
    private static final Duration CONNECTIONS_LAST = Duration.ofSeconds(15);

    /**
     * A view, and what is to be remembered for the next one.
     *
     * @param reviewAt when time alone may have changed it; empty if only an event can
     */
    public record Viewed(ServiceDetail detail, History history, Optional<Instant> reviewAt) {}

    /** Of a service that was not seen before. */
    public static History first(Instant now) {
        return History.none(now);
    }

    /**
     * The view of one service.
     *
     * @param before what is remembered of it
     * @param away the sources that are away for too long
     */
    public Viewed of(Seen seen, History before, Set<String> away, Instant now) {
        List<InstanceView> found = Instances.of(seen, legacyRules);
        History history = before.next(seen, found, now);
        List<InstanceView> instances = history.dated(found);
        List<String> stale = seen.sources().stream().filter(away::contains).toList();
        List<Finding> findings = Stream.concat(
                        seen.toConsul().findings().stream(), seen.toKubernetes().findings().stream())
                .distinct()
                .toList();
        int disagreements =
                (int) instances.stream().filter(InstanceView::disagreement).count();
        int withheld = seen.toConsul().plan().withheld().size()
                + seen.toKubernetes().plan().withheld().size();
        ServiceView.Sides sides = new ServiceView.Sides(
                seen.cluster().isPresent(),
                Tally.of(instances, Side.KUBERNETES),
                seen.legacy().isPresent() || history.hadMachines(),
                Tally.of(instances, Side.LEGACY));
        ServiceView view = new ServiceView(
                seen.key(),
                names(seen),
                status(
                        sides,
                        disagreements + withheld + stale.size() > 0
                                || someNotJudged(instances)
                                || someCanNotBeServed(findings)),
                sides,
                disagreements,
                stale,
                seen.toConsul().plan().changes().size()
                        + seen.toKubernetes().plan().changes().size(),
                withheld,
                findings.size(),
                Cutover.of(seen, instances, history, stale, cutoverRules, now),
                history.since(),
                history.changed());
        return new Viewed(
                new ServiceDetail(
                        view,
                        instances,
                        seen.toConsul().desired().reason(),
                        seen.toKubernetes().desired().reason(),
                        seen.toConsul().plan(),
                        seen.toKubernetes().plan(),
                        findings),
                history,
                reviewAt(seen, view.verdict(), instances, now));
    }

    /** No event tells that connections were opened or closed. */
    private static Optional<Instant> reviewAt(
            Seen seen, CutoverVerdict verdict, List<InstanceView> instances, Instant now) {
        boolean asked = !seen.connections().isEmpty()
                || instances.stream().anyMatch(i -> i.connections().isPresent());
        Stream<Instant> connections = asked ? Stream.of(now.plus(CONNECTIONS_LAST)) : Stream.empty();
        return Stream.concat(verdict.reviewAt().stream(), connections).min(Comparator.naturalOrder());
    }

    /** Those of our entries, and those under which the machines' own agents registered them. */
    private static List<String> names(Seen seen) {
        List<CatalogEntry> entries = seen.toConsul().desired().items().isEmpty()
                ? seen.toConsul().held()
                : seen.toConsul().desired().items();
        Stream<String> byAgents = seen.legacy().stream()
                .flatMap(view -> view.consul().keySet().stream())
                .map(ConsulQuery::service);
        return Stream.concat(entries.stream().map(CatalogEntry::name), byAgents)
                .distinct()
                .sorted()
                .toList();
    }

    private static boolean someCanNotBeServed(List<Finding> findings) {
        return findings.stream().anyMatch(finding -> KEPT_OUT.contains(finding.kind()));
    }

    /** A host name can't be judged, and is none of them. */
    private static boolean someNotJudged(List<InstanceView> instances) {
        return instances.stream()
                .anyMatch(instance -> instance.state() == InstanceState.UNKNOWN
                        && !instance.origin().equals(InstanceView.HOST_NAME));
    }

    /** What nobody has judged yet may serve. */
    private static Status status(ServiceView.Sides sides, boolean trouble) {
        Tally pods = sides.kubernetes();
        Tally machines = sides.legacy();
        if (pods.total() - pods.unhealthy() + machines.total() - machines.unhealthy() == 0) {
            return Status.DOWN;
        }
        return trouble || pods.unhealthy() + machines.unhealthy() > 0 ? Status.DEGRADED : Status.UP;
    }
}
