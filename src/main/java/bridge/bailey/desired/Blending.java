package bridge.bailey.desired;

import bridge.bailey.model.KubeService;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyView;
import java.util.Optional;

/** Whether legacy instances join a Service that others made. */
final class Blending {

    private Blending() {}

    /**
     * The Service that the instances join: the resource says so, and there is one that is not ours, or that was ours and got
     * a selector. An ExternalName has no endpoints to join.
     */
    static Optional<KubeService> joined(LegacyView view) {
        boolean wanted = view.declaration()
                .filter(LegacyDeclaration::blend)
                .filter(d -> !isHostName(d))
                .isPresent();
        return view.service()
                .filter(s -> wanted && s.type() != KubeService.Type.EXTERNAL_NAME && (!s.mirror() || s.selector()));
    }

    private static boolean isHostName(LegacyDeclaration declaration) {
        return declaration.origins().stream().anyMatch(LegacyDeclaration.Origin.HostName.class::isInstance);
    }
}
