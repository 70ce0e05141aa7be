package bridge.bailey.desired;

import bridge.bailey.model.BridgedService;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Finding;
import bridge.bailey.model.LegacyView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What Consul should hold for one service key: what the cluster serves, and the machines that are to be registered. */
public final class BridgedExport implements Mapping<BridgedService, CatalogEntry> {

    private final Export cluster;
    private final MachineExport machines;

    public BridgedExport(ExportRules rules, LegacyRules legacyRules) {
        this.cluster = new Export(rules);
        this.machines = new MachineExport(rules, legacyRules);
    }

    @Override
    public Desired<CatalogEntry> desired(BridgedService service) {
        return desired(service, Notes.NONE);
    }

    Desired<CatalogEntry> desired(BridgedService service, Notes notes) {
        Optional<Desired<CatalogEntry>> ofCluster =
                service.cluster().map(inCluster -> cluster.desired(inCluster, notes));
        service.legacy()
                .flatMap(LegacyView::declaration)
                .ifPresent(declaration -> notes.note(
                        "registerInConsul",
                        () -> declaration.registerInConsul() ? "yes" : "no",
                        () -> "LegacyService " + declaration.resource() + " spec.registerInConsul"));
        Optional<Desired<CatalogEntry>> ofMachines =
                service.legacy().flatMap(view -> machines.desired(view, notes.of("machine")));
        if (ofMachines.isEmpty()) {
            return ofCluster.orElseGet(() -> Desired.unwanted(List.of(), "not exported: nothing asks for it"));
        }
        if (ofCluster.isEmpty() || ofCluster.get().items().isEmpty()) {
            return joined(ofMachines.get(), ofCluster, ofMachines.get().reason());
        }
        return joined(
                ofMachines.get(),
                ofCluster,
                ofCluster.get().reason() + "; " + ofMachines.get().reason());
    }

    private static Desired<CatalogEntry> joined(
            Desired<CatalogEntry> ofMachines, Optional<Desired<CatalogEntry>> ofCluster, String reason) {
        List<CatalogEntry> items = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        ofCluster.ifPresent(desired -> {
            items.addAll(desired.items());
            findings.addAll(desired.findings());
        });
        List<LeftOut> leftOut = new ArrayList<>(ofMachines.leftOut());
        ofCluster.ifPresent(desired -> leftOut.addAll(desired.leftOut()));
        // Where a machine and a pod share a place, the cluster's word counts.
        for (CatalogEntry entry : ofMachines.items()) {
            if (items.stream().noneMatch(other -> other.id().equals(entry.id()))) {
                items.add(entry);
            } else {
                leftOut.add(new LeftOut(
                        LeftOut.Scope.MACHINE,
                        entry.address(),
                        entry.place() + " is registered for an instance in Kubernetes, and one place is one entry"));
            }
        }
        findings.addAll(ofMachines.findings());
        return new Desired<>(items, findings, true, reason, leftOut);
    }
}
