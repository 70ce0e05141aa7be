package bridge.bailey.web;

import bridge.bailey.flow.Flows;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Item;
import bridge.bailey.model.LegacyStatus;
import bridge.bailey.model.OpenConnections;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Plan;
import bridge.bailey.view.CutoverVerdict;
import bridge.bailey.view.CutoverVerdict.Step;
import bridge.bailey.view.Fate;
import bridge.bailey.view.InstanceView;
import bridge.bailey.view.Opinion;
import bridge.bailey.view.Outline;
import bridge.bailey.view.ServiceDetail;
import bridge.bailey.view.ServiceView;
import bridge.bailey.view.Tally;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The JSON of services; its field names are a contract. Times are in UTC, as ISO 8601 has them. */
public final class ServiceJson {

    private ServiceJson() {}

    /** All services. */
    public record Services(Instant takenAt, List<Summary> services) {}

    /** One service at a glance. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Summary(
            String namespace,
            String name,
            @Schema(description = "Its name in Consul; empty if it is not there") String consulName,
            @Schema(description = "UP, DEGRADED or DOWN") String status,
            @Schema(description = "Its instances in Kubernetes; absent where the cluster has no Service but a mirror")
                    Counts kubernetes,
            @Schema(description = "Its machines; absent where nothing declares any") Counts legacy,
            @Schema(description = "Instances about whose health Consul, Kubernetes and the probe disagree")
                    int disagreements,
            @Schema(description = "Whether a source that it is read from is away for too long") boolean stale,
            @Schema(description = "Changes that wait for a pass") int pending,
            @Schema(description = "Changes that are not made") int withheld,
            @Schema(description = "How much its users should mend") int findings,
            @Schema(description = "When Bailey first saw it since its start") Instant since,
            @Schema(description = "When an instance last came, went, or changed its state") Instant changed,
            Verdict verdict) {}

    /** How many instances of one side are what; absent where the service has no such side. */
    public record Counts(int healthy, int unhealthy, int draining, int unknown) {}

    /** Whether the steps of the cutover are safe, and why not. */
    public record Verdict(
            @Schema(description = "Whether it is safe to send all traffic to Kubernetes") boolean shift,
            @Schema(description = "Whether it is safe to stop the virtual machines") boolean stopVms,
            @Schema(description = "What speaks against either") List<String> reasons) {}

    /** One service in detail. */
    public record Detail(
            Instant takenAt,
            Summary service,
            @Schema(description = "All its names in Consul") List<String> consulNames,
            @Schema(description = "The sources that are away for too long") List<String> staleSources,
            @Schema(description = "The rules of the verdict that say no") List<Rule> rules,
            @Schema(description = "What Bailey does not see, and people should look at") List<String> notes,
            @Schema(description = "The rule that decided whether it is in Consul") String toConsul,
            @Schema(description = "The rule that decided whether it has a mirror") String toKubernetes,
            @Schema(description = "Which annotation, tag, field or rule decided what") List<OneDecision> decisions,
            @Schema(description = "The type of its Service in the cluster; empty if there is none but a mirror")
                    String serviceType,
            @Schema(
                            description =
                                    "The type of the mirror; joined where machines join the Service that is there; empty for none")
                    String mirrorType,
            @Schema(description = "What declares it as a legacy service; the one that counts first")
                    List<String> declaredBy,
            @Schema(description = "Where its machines come from") List<OneOrigin> origins,
            List<Port> ports,
            @Schema(description = "Those of Kubernetes first") List<Instance> instances,
            @Schema(description = "What waits for a pass") List<OneChange> changes,
            @Schema(description = "What is not made, and why") List<OneChange> withheld,
            @Schema(description = "What its users should mend") List<String> findings) {}

    /** A rule of the verdict that says no to some steps. */
    public record Rule(
            @Schema(description = "Its name in docs/cutover.md") String rule,
            @Schema(description = "The steps to which it says no: shift, stop-vms") List<String> blocks,
            String text) {}

    /** What was decided, and which annotation, tag, field or rule did. */
    public record OneDecision(
            @Schema(description = "What was decided, such as name or probe") String about,
            @Schema(description = "What it is now") String value,
            @Schema(description = "The annotation, tag, field or rule that decided") String by) {}

    /** Where machines come from. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record OneOrigin(String origin, int instances, Instant lastSuccess, String error) {}

    /** A port of the Service, and the numbers on which instances listen. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Port(
            String side, String name, int port, String protocol, Integer nodePort, List<Integer> targetPorts) {}

    /** One instance, why it is as it is, and what became of it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Instance(
            @Schema(description = "kubernetes or legacy") String side,
            @Schema(description = "The name of the pod, the id of the machine, or the address") String id,
            String address,
            String origin,
            String node,
            String zone,
            @Schema(description = "healthy, unhealthy, draining or unknown") String state,
            Instant since,
            String reason,
            boolean disagreement,
            @Schema(description = "One for each judge that has one") List<Opinions> opinions,
            @Schema(description = "What became of it in Consul and in the cluster") List<Became> became,
            @Schema(description = "How it is probed; absent if it is not") Probe probe,
            @Schema(description = "The connections that a machine has open; absent if it is not asked")
                    Connections connections) {}

    /** The connections that a machine has open. */
    public record Connections(
            @Schema(description = "Absent where that is not known") Double open,
            @Schema(description = "When the machine last said so") Instant at,
            @Schema(description = "Why it is not known, or empty") String error) {}

    /** How an instance is probed, and what its probes have come to. */
    public record Probe(
            String target,
            String check,
            double intervalSeconds,
            double timeoutSeconds,
            int rise,
            int fall,
            @Schema(description = "What the probes themselves say: healthy, unhealthy or unknown") String measured,
            @Schema(description = "Whether the last good verdict is kept, as too many fail at once") boolean suspected,
            @Schema(description = "The last failures, the newest first; at most ten") List<Failure> failures) {}

    /** A probe that failed. */
    public record Failure(Instant at, String reason) {}

    /** What one judge says. */
    public record Opinions(@Schema(description = "kubernetes, consul or probe") String by, String state, String why) {}

    /** What became of an instance in one place. */
    public record Became(
            @Schema(description = "consul or kubernetes") String in,
            @Schema(description = "held, pending, withheld or left-out") String how,
            @Schema(description = "What it is there; empty if it is not") String name,
            @Schema(description = "The rule that decided, or what is waited for") String why) {}

    /** A change that waits, or is withheld. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record OneChange(
            String flow,
            String action,
            String name,
            String place,
            String what,
            @Schema(description = "Why it is not made: foreign, source_incomplete or guard; absent if it only waits")
                    String withheld,
            @Schema(description = "The same in words") String why) {}

    /** A service at a glance, with its durations as of now. */
    public static Summary summary(ServiceView view, Instant now) {
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

    /** A service in detail, with its durations as of now. */
    public static Detail detail(ServiceDetail detail, Instant now) {
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
                detail.toConsul(),
                detail.toKubernetes(),
                detail.decisions().stream()
                        .map(decision -> new OneDecision(decision.about(), decision.value(), decision.by()))
                        .toList(),
                detail.outline().service(),
                detail.outline().mirror(),
                detail.outline().declaredBy(),
                detail.outline().origins().stream().map(ServiceJson::origin).toList(),
                detail.outline().ports().stream().map(ServiceJson::port).toList(),
                detail.instances().stream().map(ServiceJson::instance).toList(),
                Stream.concat(
                                changes(Flows.TO_CONSUL, detail.consulPlan()),
                                changes(Flows.TO_KUBERNETES, detail.mirrorPlan()))
                        .toList(),
                Stream.concat(
                                withheld(Flows.TO_CONSUL, detail.consulPlan()),
                                withheld(Flows.TO_KUBERNETES, detail.mirrorPlan()))
                        .toList(),
                detail.findings().stream().map(Finding::text).toList());
    }

    static OneOrigin origin(LegacyStatus.Origin origin) {
        return new OneOrigin(
                origin.origin(), origin.instances(), origin.lastSuccess().orElse(null), origin.error());
    }

    static Port port(Outline.ServicePort port) {
        return new Port(
                port.side().toString(),
                port.name(),
                port.port(),
                port.protocol(),
                port.nodePort() == 0 ? null : port.nodePort(),
                port.targets());
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
                instance.probing().map(ServiceJson::probe).orElse(null),
                instance.connections().map(ServiceJson::connections).orElse(null));
    }

    private static Connections connections(OpenConnections connections) {
        return new Connections(
                connections.open().isPresent() ? connections.open().getAsDouble() : null,
                connections.at().orElse(null),
                connections.error());
    }

    static Probe probe(InstanceView.Probing probing) {
        bridge.bailey.model.Probe probe = probing.probed().probe();
        bridge.bailey.model.Verdict verdict = probing.verdict();
        return new Probe(
                probing.probed().target().toString(),
                probe.check().text(),
                probe.interval().toMillis() / 1000.0,
                probe.timeout().toMillis() / 1000.0,
                probe.rise(),
                probe.fall(),
                verdict.measured().name().toLowerCase(Locale.ROOT),
                verdict.suspected(),
                verdict.failures().stream()
                        .map(failure -> new Failure(failure.at(), failure.reason()))
                        .toList());
    }

    private static Opinions opinion(Opinion opinion) {
        return new Opinions(opinion.judge().toString(), opinion.state().toString(), opinion.why());
    }

    private static Became became(Fate fate) {
        return new Became(fate.place().toString(), fate.kind().toString(), fate.name(), fate.why());
    }

    private static Stream<OneChange> changes(String flow, Plan<? extends Item> plan) {
        return plan.changes().stream().map(change -> change(flow, change, null, null));
    }

    private static Stream<OneChange> withheld(String flow, Plan<? extends Item> plan) {
        return plan.withheld().stream()
                .map(w -> change(flow, w.change(), w.reason().name().toLowerCase(Locale.ROOT), w.why()));
    }

    private static OneChange change(String flow, Change<? extends Item> change, String withheld, String why) {
        Item item = change.item();
        return new OneChange(flow, word(change.action()), item.name(), item.place(), change.what(), withheld, why);
    }
}
