package bridge.bailey.desired;

import bridge.bailey.model.EndpointPort;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Finding.Subject;
import bridge.bailey.model.Health;
import bridge.bailey.model.KubeService;
import bridge.bailey.model.KubeSlice;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyInstance;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.MirrorService;
import bridge.bailey.model.Readiness;
import bridge.bailey.model.ScrapeAnnotations;
import bridge.bailey.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Legacy → cluster: what the cluster should hold for one legacy service. */
public final class Mirror implements Mapping<LegacyView, MirrorItem> {

    private static final int LONGEST_LABEL = 63;

    private final LegacyRules rules;

    public Mirror(LegacyRules rules) {
        this.rules = rules;
    }

    @Override
    public Desired<MirrorItem> desired(LegacyView view) {
        return desired(view, Notes.NONE);
    }

    Desired<MirrorItem> desired(LegacyView view, Notes notes) {
        Merged merged = Merging.merge(view, rules, notes);
        Desired<MirrorItem> desired = desired(view, merged, notes);
        notes.note("mirror", () -> desired.items().isEmpty() ? "no" : "yes", desired::reason);
        return desired;
    }

    private static Desired<MirrorItem> desired(LegacyView view, Merged merged, Notes notes) {
        List<Finding> findings = new ArrayList<>(merged.findings());
        Optional<KubeService> joined = Blending.joined(view);
        if (merged.declaration().isEmpty() && view.tagged().isEmpty()) {
            return none(findings, "nothing declares it", "nothing declares it");
        }
        if (joined.isEmpty() && view.service().filter(s -> !s.mirror()).isPresent()) {
            Finding foreign = foreign(view);
            findings.add(foreign);
            return none(findings, "a Service of that name is not ours", foreign.message());
        }
        boolean headless = merged.declaration().map(LegacyDeclaration::headless).orElse(false);
        if (merged.hostName().isEmpty() && merged.ports().isEmpty()) {
            return none(findings, "it has no port", "neither a LegacyService nor a tag names a port of the Service");
        }
        List<MirrorItem> items = new ArrayList<>();
        if (joined.isEmpty()) {
            MirrorService service = service(view, merged, headless);
            notes.note("Service", () -> service.type().text(), () -> typeBy(merged, headless));
            items.add(service);
            if (view.service().filter(KubeService::selector).isPresent()) {
                findings.add(edited(view));
            }
        } else {
            notes.note(
                    "Service",
                    () -> "that which is there",
                    () -> subject(merged) + " spec.blend, and a Service that Bailey did not make");
            if (annotating(merged).isPresent()) {
                merged.declaration().ifPresent(d -> findings.add(notAnnotated(view, d)));
            }
        }
        merged.instances().forEach(instance -> items.add(endpoint(view, merged, instance)));
        return new Desired<>(items, findings, reason(merged, joined.isPresent()));
    }

    private static String typeBy(Merged merged, boolean headless) {
        if (merged.hostName().isPresent()) {
            return subject(merged) + " has a host name as its origin";
        }
        return headless ? subject(merged) + " spec.headless" : "the default: spec.headless is not set";
    }

    private static String subject(Merged merged) {
        return merged.declaration().map(d -> "LegacyService " + d.resource()).orElse("EC2 tags");
    }

    @Override
    public Desired<MirrorItem> absent() {
        return Desired.unwanted(List.of(), "not mirrored: nothing declares it as a legacy service");
    }

    private static Desired<MirrorItem> none(List<Finding> findings, String reason, String why) {
        return new Desired<>(
                List.of(),
                findings,
                true,
                "not mirrored: " + reason,
                List.of(new LeftOut(LeftOut.Scope.MACHINES, "", why)));
    }

    private static String reason(Merged merged, boolean joins) {
        String by = merged.declaration()
                .map(d -> "LegacyService " + d.resource() + " declares it")
                .orElse("EC2 tags name it");
        return (joins ? "joined to the Service that is there: " : "mirrored: ") + by;
    }

    private static Finding foreign(LegacyView view) {
        return new Finding(
                Finding.Kind.FOREIGN_SERVICE,
                view.key(),
                view.declaration()
                        .map(d -> Subject.legacyService(d.resource()))
                        .orElseGet(() -> new Subject("Service", view.key().toString())),
                view.claims().isEmpty() ? "" : "spec.serviceName",
                view.key().name(),
                "there is a Service of this name that Bailey did not make; it is left as it is, and the legacy instances"
                        + " are not in the cluster meanwhile" + advice(view));
    }

    /** Whoever applies a manifest over a mirror wants to have the Service, and is not told by the API server that we undo it. */
    private static Finding edited(LegacyView view) {
        String blend = view.declaration().isPresent()
                ? "set spec.blend to true before"
                : "declare a LegacyService with spec.blend before";
        return new Finding(
                Finding.Kind.EDITED_SERVICE,
                view.key(),
                view.declaration()
                        .map(d -> Subject.legacyService(d.resource()))
                        .orElseGet(() -> new Subject("Service", view.key().toString())),
                view.declaration().isPresent() ? "spec.blend" : "",
                "false",
                "somebody gave this Service, which is Bailey's, a selector; it is taken off again. To let the Service's own"
                        + " manifest have it, " + blend + ": then it is handed over with its address, and pods and"
                        + " machines serve under it");
    }

    private static String advice(LegacyView view) {
        return view.declaration()
                .map(d -> d.blend()
                        ? "; it is an ExternalName, which instances can't join: rename one of the two"
                        : "; rename one of the two, or set spec.blend to true to serve both under it")
                .orElse("");
    }

    /** The value of a label: a resource's name may be longer than one. */
    private static String legacyService(LegacyView view, Merged merged) {
        String name = merged.declaration()
                .map(d -> d.resource().name())
                .orElse(view.key().name());
        return name.length() > LONGEST_LABEL ? name.substring(0, LONGEST_LABEL).replaceAll("[-.]+$", "") : name;
    }

    private static MirrorService service(LegacyView view, Merged merged, boolean headless) {
        MirrorService.Type type = merged.hostName().isPresent()
                ? MirrorService.Type.EXTERNAL_NAME
                : headless ? MirrorService.Type.HEADLESS : MirrorService.Type.CLUSTER_IP;
        return new MirrorService(
                view.key(),
                legacyService(view, merged),
                type,
                merged.hostName().orElse(""),
                merged.ports(),
                annotating(merged).map(ScrapeAnnotations::of).orElse(Map.of()),
                "");
    }

    /** Empty unless somebody asked for annotations. */
    private static Optional<LegacyDeclaration.Metrics> annotating(Merged merged) {
        return merged.declaration()
                .flatMap(LegacyDeclaration::metrics)
                .filter(LegacyDeclaration.Metrics::annotateService);
    }

    private static Finding notAnnotated(LegacyView view, LegacyDeclaration declaration) {
        return new Finding(
                Finding.Kind.INVALID_SPEC,
                view.key(),
                Subject.legacyService(declaration.resource()),
                "spec.metrics.annotateService",
                "true",
                "the instances join a Service that Bailey did not make, which is left as it is: its owner has to annotate"
                        + " it");
    }

    private static MirrorEndpoint endpoint(LegacyView view, Merged merged, LegacyInstance instance) {
        return new MirrorEndpoint(
                view.key(),
                legacyService(view, merged),
                instance.address(),
                instance.ports(),
                readiness(view, instance),
                instance.zone(),
                "");
    }

    /** How ready an instance is, by its probe, or else by what its origins say. */
    static Readiness readiness(LegacyView view, LegacyInstance instance) {
        if (!healthy(view, instance)) {
            return Readiness.NOT_READY;
        }
        return instance.draining() ? Readiness.DRAINING : Readiness.READY;
    }

    private static boolean healthy(LegacyView view, LegacyInstance instance) {
        if (instance.probed().isEmpty()) {
            return instance.health() != Health.UNHEALTHY;
        }
        LegacyInstance.Probed probed = instance.probed().get();
        Verdict verdict = view.verdicts().getOrDefault(probed.target(), Verdict.NONE);
        return switch (verdict.health()) {
            case HEALTHY -> true;
            case UNHEALTHY -> false;
            // What serves already is not new: a restart of the bridge must not take it away.
            case UNKNOWN ->
                before(view, instance)
                        .map(readiness -> readiness == Readiness.READY || readiness == Readiness.DRAINING)
                        .orElse(probed.probe().initially() == Health.HEALTHY);
        };
    }

    /** How ready an instance is by what our slices say now; empty if it is not in them. */
    private static Optional<Readiness> before(LegacyView view, LegacyInstance instance) {
        List<Integer> numbers =
                instance.ports().stream().map(EndpointPort::number).sorted().toList();
        return view.slices().stream()
                .filter(slice -> slice.mirror() && numbers(slice).equals(numbers))
                .flatMap(slice -> slice.endpoints().stream())
                .filter(e -> e.address().equals(instance.address()))
                .map(KubeSlice.Endpoint::readiness)
                .findFirst();
    }

    private static List<Integer> numbers(KubeSlice slice) {
        return slice.ports().stream().map(KubeSlice.Port::port).sorted().toList();
    }
}
