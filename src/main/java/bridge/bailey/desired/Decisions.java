package bridge.bailey.desired;

import bridge.bailey.model.BridgedService;
import bridge.bailey.model.LegacyView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells which annotation, tag, field or rule decided what about one service, by deciding it again and taking notes. */
public final class Decisions {

    /** A service may have thousands of tagged machines. */
    private static final int MOST = 200;

    private final BridgedExport export;
    private final Mirror mirror;

    public Decisions(ExportRules exportRules, LegacyRules legacyRules) {
        this.export = new BridgedExport(exportRules, legacyRules);
        this.mirror = new Mirror(legacyRules);
    }

    /**
     * What was decided, in the order of the decisions.
     *
     * @param toConsul what decides about Consul; empty if nothing is exported at all
     * @param toKubernetes what decides about the mirror; empty if nothing is mirrored
     */
    public List<Decision> of(Optional<BridgedService> toConsul, Optional<LegacyView> toKubernetes) {
        List<Decision> all = new ArrayList<>();
        Notes notes = (about, value, by) -> {
            if (all.size() < MOST) {
                all.add(new Decision(about, value.get(), by.get()));
            }
        };
        toConsul.ifPresent(service -> export.desired(service, notes));
        toKubernetes.ifPresent(view -> mirror.desired(view, notes));
        return List.copyOf(all);
    }
}
