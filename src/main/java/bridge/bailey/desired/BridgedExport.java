package bridge.bailey.desired;

import bridge.bailey.model.BridgedService;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Finding;
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
        Optional<Desired<CatalogEntry>> ofCluster = service.cluster().map(cluster::desired);
        Optional<Desired<CatalogEntry>> ofMachines = service.legacy().flatMap(machines::desired);
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
        // Where a machine and a pod share a place, the cluster's word counts.
        ofMachines.items().stream()
                .filter(entry -> items.stream().noneMatch(other -> other.id().equals(entry.id())))
                .forEach(items::add);
        findings.addAll(ofMachines.findings());
        return new Desired<>(
                items, findings, true, reason, ofCluster.map(Desired::leftOut).orElse(List.of()));
    }
}
