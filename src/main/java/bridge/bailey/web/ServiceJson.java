package bridge.bailey.web;

import bridge.bailey.model.Finding;
import bridge.bailey.model.Item;
import bridge.bailey.model.OpenConnections;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Plan;
import bridge.bailey.view.CutoverVerdict;
import bridge.bailey.view.CutoverVerdict.Step;
import bridge.bailey.view.Fate;
import bridge.bailey.view.InstanceView;
import bridge.bailey.view.Opinion;
import bridge.bailey.view.ServiceDetail;
import bridge.bailey.view.ServiceView;
import bridge.bailey.view.Tally;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The JSON of services; its field names are a contract. Times are in UTC, as ISO 8601 has them. */
public final class ServiceJson {

    private ServiceJson() {}

    /** All services. */
    public record Services(Instant takenAt, List<Summary> services) {}

    /** One service at a glance. */
    public record Summary(
            String namespace,
            String name,
            String consulName,
            String status,
            Counts kubernetes,
            Counts legacy,
            int disagreements,
            boolean stale,
            int pending,
            int withheld,
            int findings,
            Instant since,
            Instant changed,
            Verdict verdict) {}

    /** How many instances of one side are what; absent where the service has no such side. */
    public record Counts(int healthy, int unhealthy, int draining, int unknown) {}

    /** Whether the steps of the cutover are safe, and why not. */
    public record Verdict(boolean shift, boolean stopVms, List<String> reasons) {}

    /** One service in detail. */
    public record Detail(
            Instant takenAt,
            Summary service,
            List<String> consulNames,
            List<String> staleSources,
            List<Rule> rules,
            List<String> notes,
            Decisions decisions,
            List<Instance> instances,
            List<OneChange> changes,
            List<OneChange> withheld,
            List<String> findings) {}

    /** A rule of the verdict that says no to some steps. */
    public record Rule(String rule, List<String> blocks, String text) {}

    /** The rules that decided whether the service is in Consul, and whether it has a mirror. */
    public record Decisions(String toConsul, String toKubernetes) {}

    /** One instance, why it is as it is, and what became of it. */
    public record Instance(
            String side,
            String id,
            String address,
            String origin,
            String node,
            String zone,
            String state,
            Instant since,
            String reason,
            boolean disagreement,
            List<Opinions> opinions,
            List<Became> became,
            Connections connections) {}

    /** The connections that a machine has open; {@code open} is absent, with an error, where that is not known. */
    public record Connections(Double open, Instant at, String error) {}

    /** What one judge says. */
    public record Opinions(String by, String state, String why) {}

    /** What became of an instance in one place. */
    public record Became(String in, String how, String name, String why) {}

    /** A change that waits, or is withheld. */
    public record OneChange(String flow, String action, String name, String place, String what, String withheld) {}

    static Summary summary(ServiceView view, Instant now) {
        return new Summary(
                view.key().namespace(),
                view.key().name(),
                view.consulNames().stream().findFirst().orElse(""),
                view.status().name(),
                counts(view.sides().inKubernetes(), view.sides().kubernetes()),
                counts(view.sides().inLegacy(), view.sides().legacy()),
                view.disagreements(),
                !view.stale().isEmpty(),
                view.pending(),
                view.withheld(),
                view.findings(),
                view.since(),
                view.changed(),
                verdict(view.verdict(), now));
    }

    private static Counts counts(boolean there, Tally tally) {
        return there ? new Counts(tally.healthy(), tally.unhealthy(), tally.draining(), tally.unknown()) : null;
    }

    private static Verdict verdict(CutoverVerdict verdict, Instant now) {
        return new Verdict(
                verdict.safe(Step.SHIFT),
                verdict.safe(Step.STOP_VMS),
                verdict.reasons().stream().map(reason -> reason.text(now)).toList());
    }

    static Detail detail(ServiceDetail detail, Instant now) {
        ServiceView view = detail.view();
        return new Detail(
                now,
                summary(view, now),
                view.consulNames(),
                view.stale(),
                view.verdict().reasons().stream()
                        .map(reason -> rule(reason, now))
                        .toList(),
                view.verdict().notes(),
                new Decisions(detail.toConsul(), detail.toKubernetes()),
                detail.instances().stream().map(ServiceJson::instance).toList(),
                Stream.concat(changes("to-consul", detail.consulPlan()), changes("to-kubernetes", detail.mirrorPlan()))
                        .toList(),
                Stream.concat(
                                withheld("to-consul", detail.consulPlan()),
                                withheld("to-kubernetes", detail.mirrorPlan()))
                        .toList(),
                detail.findings().stream().map(Finding::text).toList());
    }

    private static Rule rule(CutoverVerdict.Reason reason, Instant now) {
        return new Rule(
                word(reason.rule()),
                Arrays.stream(Step.values())
                        .filter(step -> reason.rule().blocks(step))
                        .map(ServiceJson::word)
                        .toList(),
                reason.text(now));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Instance instance(InstanceView instance) {
        return new Instance(
                instance.side().toString(),
                instance.id(),
                instance.address(),
                instance.origin(),
                instance.node(),
                instance.zone(),
                instance.state().toString(),
                instance.since().orElse(null),
                instance.reason(),
                instance.disagreement(),
                instance.opinions().stream().map(ServiceJson::opinion).toList(),
                instance.fates().stream().map(ServiceJson::became).toList(),
                instance.connections().map(ServiceJson::connections).orElse(null));
    }

    private static Connections connections(OpenConnections connections) {
        return new Connections(
                connections.open().isPresent() ? connections.open().getAsDouble() : null,
                connections.at().orElse(null),
                connections.error());
    }

    private static Opinions opinion(Opinion opinion) {
        return new Opinions(opinion.judge().toString(), opinion.state().toString(), opinion.why());
    }

    private static Became became(Fate fate) {
        return new Became(fate.place().toString(), fate.kind().toString(), fate.name(), fate.why());
    }

    private static Stream<OneChange> changes(String flow, Plan<? extends Item> plan) {
        return plan.changes().stream().map(change -> change(flow, change, null));
    }

    private static Stream<OneChange> withheld(String flow, Plan<? extends Item> plan) {
        return plan.withheld().stream().map(w -> change(flow, w.change(), word(w.reason())));
    }

    private static OneChange change(String flow, Change<? extends Item> change, String withheld) {
        Item item = change.item();
        String what = change instanceof Change.Update<? extends Item> update
                ? String.join(", ", update.before().differences(update.after()))
                : item.state();
        return new OneChange(flow, word(change.action()), item.name(), item.place(), what, withheld);
    }
}
