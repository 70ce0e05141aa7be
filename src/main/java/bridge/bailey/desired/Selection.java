package bridge.bailey.desired;

import bridge.bailey.model.KubeService;
import java.util.List;
import java.util.Optional;

/** Decides which services are exported, by the first rule that applies. */
record Selection(boolean exported, String reason) {

    static Selection of(KubeService service, Annotations annotations, ExportRules rules) {
        String namespace = service.key().namespace();
        if (service.mirror()) {
            return no("is the mirror of a legacy service");
        }
        if (service.type() == KubeService.Type.EXTERNAL_NAME) {
            return no("is an ExternalName and has no instances");
        }
        Optional<Glob> denied = first(rules.denyNamespaces(), namespace);
        if (denied.isPresent()) {
            return no("bailey.export.deny-namespaces has \"" + denied.get() + "\"");
        }
        if (first(rules.namespaces(), namespace).isEmpty()) {
            return no("bailey.export.namespaces has no match for \"" + namespace + "\"");
        }
        if (!rules.selector().matches(service.labels())) {
            return no("bailey.export.selector \"" + rules.selector() + "\" does not match its labels");
        }
        return annotations
                .sync()
                .map(sync -> new Selection(sync.wanted(), "annotation " + sync.key() + " says " + sync.wanted()))
                .orElseGet(() -> new Selection(rules.byDefault(), "bailey.export.default is " + rules.byDefault()));
    }

    private static Selection no(String reason) {
        return new Selection(false, reason);
    }

    private static Optional<Glob> first(List<Glob> globs, String namespace) {
        return globs.stream().filter(g -> g.matches(namespace)).findFirst();
    }
}
