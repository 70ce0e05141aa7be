package bridge.bailey.desired;

import bridge.bailey.model.Finding.Subject;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.MirrorService;
import bridge.bailey.model.Probe;
import bridge.bailey.model.TaggedService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the merging of one legacy service decides, in words. */
final class MergingNotes {

    private final Notes notes;
    private final LegacyView view;
    private final Subject subject;

    /** @param subject the resource that counts, or the Service where there is none */
    MergingNotes(Notes notes, LegacyView view, Subject subject) {
        this.notes = notes;
        this.view = view;
        this.subject = subject;
    }

    void declaredBy() {
        notes.note(
                "declared by",
                () -> view.declaration()
                        .map(d -> "LegacyService " + d.resource())
                        .orElse("EC2 tags"),
                () -> view.declaration().isEmpty()
                        ? "no LegacyService claims the Service"
                        : view.claims().size() == 1
                                ? "no other LegacyService claims the Service"
                                : "the oldest of " + view.claims().size() + " that claim the Service");
    }

    void ignored(LegacyDeclaration winner, LegacyDeclaration loser) {
        notes.note(
                "ignored",
                () -> "LegacyService " + loser.resource(),
                () -> "LegacyService " + winner.resource() + " claims the Service too and "
                        + Merging.precedence(winner, loser));
    }

    void failOpenBelow(double share, double byDefault) {
        notes.note("failOpenBelow", () -> percent(share), () -> failOpenBy(share, byDefault));
    }

    private static String percent(double share) {
        return share == 0 ? "never" : Math.round(share * 100) + "%";
    }

    private String failOpenBy(double share, double byDefault) {
        boolean own = view.declaration().isPresent() && share != byDefault;
        return own ? of("spec.failOpenBelow") : "bailey.probe.fail-open-below";
    }

    void ports(List<MirrorService.Port> ports, boolean declared) {
        notes.note(
                "ports",
                () -> ports.isEmpty()
                        ? "none"
                        : ports.stream().map(MirrorService.Port::toString).collect(Collectors.joining(", ")),
                () -> declared ? of("spec.ports") : TagPorts.FIELD + " of its machines");
    }

    /** The probe of all instances, as the resource says. */
    void probe(Optional<Probe> probe) {
        notes.note(
                "probe",
                () -> probe.map(MergingNotes::text).orElse("none: an instance is as healthy as its origin says"),
                () -> probe.isPresent()
                        ? of("spec.probe")
                        : subject.kind() + " " + subject.name() + " has no spec.probe");
    }

    void machine(TaggedService service, List<Numbered> ports) {
        String id = service.instance().id();
        notes.note(
                "machine " + id,
                () -> "listens on "
                        + ports.stream()
                                .map(port -> Integer.toString(port.number()))
                                .collect(Collectors.joining(", ")),
                () -> "EC2 instance " + id + " " + TagPorts.FIELD + " \""
                        + service.instance().tags().get(Ec2Tags.SERVICE) + "\"");
    }

    /** The probe of one machine, as its tag says. */
    void probe(TaggedService service, Optional<Probe> probe) {
        notes.note(
                "probe of " + service.instance().id(),
                () -> probe.map(MergingNotes::text).orElse("none"),
                () -> Ec2Tags.probedBy(service));
    }

    private static String text(Probe probe) {
        return probe.check().text() + ", every " + seconds(probe.interval()) + " within " + seconds(probe.timeout())
                + ", rise " + probe.rise() + ", fall " + probe.fall();
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    /** A field of the resource that counts. */
    private String of(String field) {
        return subject.kind() + " " + subject.name() + " " + field;
    }
}
