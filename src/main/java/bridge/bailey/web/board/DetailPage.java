package bridge.bailey.web.board;

import bridge.bailey.desired.Decision;
import bridge.bailey.flow.Flows;
import bridge.bailey.model.Finding;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.view.CutoverVerdict.Step;
import bridge.bailey.view.Durations;
import bridge.bailey.view.InstanceView;
import bridge.bailey.view.Opinion;
import bridge.bailey.view.ServiceDetail;
import bridge.bailey.view.Side;
import bridge.bailey.web.ServiceJson;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One service with everything that Bailey knows of it. */
public record DetailPage(
        Header header,
        Row row,
        List<String> consulNames,
        List<String> stale,
        List<StepText> steps,
        List<String> notes,
        List<SideText> sides,
        String toConsul,
        String toKubernetes,
        List<Decision> decisions,
        PlanRow.Some changes,
        PlanRow.Some withheld,
        List<String> findings) {

    /** A step of the cutover, and all that speaks against it. */
    public record StepText(String name, boolean safe, List<String> reasons) {}

    /** The instances of one side. */
    public record SideText(String name, List<InstanceText> instances) {}

    /**
     * One instance.
     *
     * @param opinions in the order of the judges, empty where one has none
     */
    public record InstanceText(InstanceView of, String lasting, List<Said> opinions) {

        /** How it is probed, in a few words; "" if it is not. */
        public String probe() {
            return of.probing()
                    .map(probing -> probing.probed().probe().check().text() + " at "
                            + probing.probed().target() + " every "
                            + seconds(probing.probed().probe().interval()))
                    .orElse("");
        }

        private static String seconds(Duration duration) {
            return BigDecimal.valueOf(duration.toMillis(), 3)
                            .stripTrailingZeros()
                            .toPlainString() + " s";
        }

        /** The connections that it has open, in words; "" if it is not asked. */
        public String connections() {
            return of.connections()
                    .map(connections -> connections.open().isPresent()
                            ? "open connections: "
                                    + Math.round(connections.open().getAsDouble())
                            : "open connections are not known: " + connections.error())
                    .orElse("");
        }

        public String state() {
            return of.state().toString();
        }
    }

    /** What a judge says; its state is "" if it says nothing. */
    public record Said(String judge, String state, String why) {}

    static DetailPage of(Header header, ServiceDetail detail, Instant now) {
        ServiceKey key = detail.view().key();
        return new DetailPage(
                header,
                new Row(ServiceJson.summary(detail.view(), now), false, now),
                detail.view().consulNames(),
                detail.view().stale(),
                Stream.of(Step.values()).map(step -> step(step, detail, now)).toList(),
                detail.view().verdict().notes(),
                Stream.of(Side.values()).map(side -> side(side, detail, now)).toList(),
                detail.toConsul(),
                detail.toKubernetes(),
                detail.decisions(),
                PlanRow.Some.of(Stream.concat(
                                PlanRow.changes(Flows.TO_CONSUL, detail.consulPlan(), Map.of(key, detail.toConsul())),
                                PlanRow.changes(
                                        Flows.TO_KUBERNETES, detail.mirrorPlan(), Map.of(key, detail.toKubernetes())))
                        .toList()),
                PlanRow.Some.of(Stream.concat(
                                PlanRow.withheld(Flows.TO_CONSUL, detail.consulPlan()),
                                PlanRow.withheld(Flows.TO_KUBERNETES, detail.mirrorPlan()))
                        .toList()),
                detail.findings().stream().map(Finding::text).toList());
    }

    private static StepText step(Step step, ServiceDetail detail, Instant now) {
        return new StepText(
                step == Step.SHIFT ? "Shift all traffic to Kubernetes" : "Stop the VMs",
                detail.view().verdict().safe(step),
                detail.view()
                        .verdict()
                        .against(step)
                        .map(reason -> reason.text(now))
                        .toList());
    }

    private static SideText side(Side side, ServiceDetail detail, Instant now) {
        return new SideText(
                side == Side.KUBERNETES ? "Kubernetes" : "Legacy",
                detail.instances().stream()
                        .filter(instance -> instance.side() == side)
                        .map(instance -> instance(instance, now))
                        .toList());
    }

    private static InstanceText instance(InstanceView instance, Instant now) {
        List<Said> said = new ArrayList<>();
        for (Opinion.Judge judge : Opinion.Judge.values()) {
            Optional<Opinion> opinion =
                    instance.opinions().stream().filter(o -> o.judge() == judge).findFirst();
            said.add(new Said(
                    judge.toString(),
                    opinion.map(o -> o.state().toString()).orElse(""),
                    opinion.map(Opinion::why).orElse("")));
        }
        return new InstanceText(
                instance,
                instance.since()
                        .map(at -> Durations.text(Duration.between(at, now)))
                        .orElse(""),
                said);
    }

    public int disagreements() {
        return row.service().disagreements();
    }

    public String sinceTime() {
        return Words.time(row.service().since());
    }

    public String changedTime() {
        return Words.time(row.service().changed());
    }
}
