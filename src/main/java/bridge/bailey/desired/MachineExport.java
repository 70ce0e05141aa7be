package bridge.bailey.desired;

import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.EndpointPort;
import bridge.bailey.model.ExternalNode;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Finding.Subject;
import bridge.bailey.model.Health;
import bridge.bailey.model.KubeService;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyInstance;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.Readiness;
import bridge.bailey.model.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Legacy → Consul: the machines of a LegacyService that asks for it, as external nodes with the verdicts of their probes.
 * Its annotations, and the naming of the cluster's services, hold for them as for a Service, so that a service keeps its
 * name in Consul when it moves. What is in Consul already is not registered again.
 */
final class MachineExport {

    private final ExportRules rules;

    private final LegacyRules legacyRules;

    MachineExport(ExportRules rules, LegacyRules legacyRules) {
        this.rules = rules;
        this.legacyRules = legacyRules;
    }

    /** Empty if no resource asks for it. */
    Optional<Desired<CatalogEntry>> desired(LegacyView view, Notes notes) {
        return view.declaration()
                .filter(LegacyDeclaration::registerInConsul)
                .map(declaration -> desired(view, declaration, notes));
    }

    private Desired<CatalogEntry> desired(LegacyView view, LegacyDeclaration declaration, Notes notes) {
        List<Finding> findings = new ArrayList<>();
        KubeService likeOne = likeService(declaration);
        Annotations annotations = new Annotations(
                likeOne,
                finding -> findings.add(ofResource(finding, declaration)),
                notes,
                "LegacyService " + declaration.resource() + " ");
        Optional<String> name = Naming.nameOf(likeOne, annotations, rules);
        if (name.isEmpty()) {
            return new Desired<>(
                    List.of(),
                    findings,
                    true,
                    "machines not registered: the name can't be used",
                    List.of(new LeftOut(
                            LeftOut.Scope.MACHINES,
                            "",
                            findings.get(findings.size() - 1).text())));
        }
        Merged merged = Merging.merge(view, legacyRules);
        Map<String, String> meta = ServiceMeta.of(likeOne, annotations, rules);
        int weight = annotations.weight();
        List<String> tags = annotations.tags();
        Predicate<EndpointPort> registered = registered(declaration, annotations);
        annotations
                .taggedBy()
                .ifPresent(found -> notes.note("tags", () -> String.join(", ", tags), () -> annotations.by(found)));
        Map<String, CatalogEntry> byId = new LinkedHashMap<>();
        List<LeftOut> leftOut = new ArrayList<>();
        for (LegacyInstance instance : merged.instances()) {
            Readiness readiness = Mirror.readiness(view, instance);
            boolean wanted = rules.checks() == ExportRules.Checks.READINESS || readiness == Readiness.READY;
            if (isFromConsul(instance)) {
                leftOut.add(new LeftOut(
                        LeftOut.Scope.MACHINE, instance.address(), "is in Consul already, by its own agent"));
            } else if (!wanted) {
                leftOut.add(new LeftOut(
                        LeftOut.Scope.MACHINE,
                        instance.address(),
                        why(view, instance, readiness)
                                + "; with bailey.export.checks none only what is ready is registered"));
            } else {
                Optional<EndpointPort> port = instance.ports().stream()
                        .filter(registered)
                        .findFirst()
                        .or(() -> instance.ports().stream().findFirst());
                CatalogEntry entry = new CatalogEntry(
                        view.key(),
                        CatalogEntry.id(
                                rules.cluster(),
                                view.key(),
                                instance.address(),
                                numberOf(port),
                                port.map(EndpointPort::protocol).orElse(Protocol.TCP)),
                        name.get(),
                        instance.address(),
                        numberOf(port),
                        tags,
                        withZone(meta, instance),
                        weight,
                        rules.checks() == ExportRules.Checks.NONE
                                ? Optional.empty()
                                : Optional.of(check(view, instance, readiness)),
                        Optional.of(ExternalNode.of(rules.cluster(), instance.address(), instance.address())));
                byId.putIfAbsent(entry.id(), entry);
            }
        }
        return new Desired<>(
                List.copyOf(byId.values()),
                findings,
                true,
                "machines registered: LegacyService " + declaration.resource() + " says registerInConsul",
                leftOut);
    }

    /** A Service with the resource's annotations and ports, for the rules that hold for Services. */
    private static KubeService likeService(LegacyDeclaration declaration) {
        return new KubeService(
                declaration.key(),
                KubeService.Type.CLUSTER_IP,
                Map.of(),
                declaration.annotations(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                declaration.ports().stream()
                        .map(p -> new KubeService.Port(p.name(), p.port(), 0, p.protocol()))
                        .toList(),
                false,
                true);
    }

    private static Finding ofResource(Finding finding, LegacyDeclaration declaration) {
        return new Finding(
                finding.kind(),
                finding.key(),
                Subject.legacyService(declaration.resource()),
                finding.field(),
                finding.value(),
                finding.message());
    }

    private static boolean isFromConsul(LegacyInstance instance) {
        return instance.origins().stream().anyMatch(LegacyInstance::isConsul);
    }

    /** The port that the annotation names, or else the first that the resource declares. */
    private static Predicate<EndpointPort> registered(LegacyDeclaration declaration, Annotations annotations) {
        Optional<Annotations.Found> wanted = annotations.port();
        Optional<LegacyDeclaration.Port> found = declaration.ports().stream()
                .filter(p -> wanted.map(Annotations.Found::value)
                        .map(value -> p.name().equals(value)
                                || Integer.toString(p.port()).equals(value))
                        .orElse(true))
                .findFirst();
        if (found.isEmpty() && wanted.isPresent()) {
            annotations.invalid(
                    wanted.get(), "must be the name or the number of a port of the resource; the first is registered");
        }
        Optional<LegacyDeclaration.Port> chosen =
                found.or(() -> declaration.ports().stream().findFirst());
        annotations
                .notes()
                .note(
                        "port",
                        () -> chosen.map(p -> p.name().isEmpty() ? Integer.toString(p.port()) : p.name())
                                .orElse("the first of the instance's"),
                        () -> found.flatMap(p -> wanted).map(annotations::by).orElse("the first of spec.ports"));
        return port -> chosen.map(p -> p.name().equals(port.name()) || port.number() == listensOn(p))
                .orElse(true);
    }

    private static int listensOn(LegacyDeclaration.Port port) {
        return port.targetPort() == 0 ? port.port() : port.targetPort();
    }

    private static int numberOf(Optional<EndpointPort> port) {
        return port.map(EndpointPort::number).orElse(0);
    }

    private static Map<String, String> withZone(Map<String, String> shared, LegacyInstance instance) {
        Map<String, String> meta = new LinkedHashMap<>(shared);
        if (!instance.zone().isEmpty()) {
            meta.put(ServiceMeta.ZONE, instance.zone());
        }
        return meta;
    }

    private static CatalogEntry.Check check(LegacyView view, LegacyInstance instance, Readiness readiness) {
        return new CatalogEntry.Check(CatalogEntry.Status.of(readiness), why(view, instance, readiness));
    }

    /** Without what changes with each probe, since each change is a write. */
    private static String why(LegacyView view, LegacyInstance instance, Readiness readiness) {
        if (readiness == Readiness.DRAINING) {
            return "The machine is about to stop";
        }
        if (instance.probed().isEmpty()) {
            return readiness == Readiness.READY ? "Declared, and not probed" : "Its origin says: " + instance.why();
        }
        Verdict verdict = view.verdicts().getOrDefault(instance.probed().get().target(), Verdict.NONE);
        // A restart of the bridge must not change what is there and stays true.
        if (verdict.health() == Health.UNKNOWN && readiness != Readiness.READY) {
            return "The probe has no verdict yet";
        }
        if (verdict.suspected()) {
            return "The probe's last good verdict is kept: too many fail at once";
        }
        return readiness == Readiness.READY
                ? "The probe of " + instance.probed().get().target() + " passes"
                : "The probe of " + instance.probed().get().target() + " fails: " + verdict.reason();
    }
}
