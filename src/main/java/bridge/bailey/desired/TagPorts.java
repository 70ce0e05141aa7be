package bridge.bailey.desired;

import bridge.bailey.model.Finding;
import bridge.bailey.model.Finding.Subject;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.MirrorService;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.TaggedService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The ports that EC2 tags name. */
final class TagPorts {

    static final String FIELD = "tags[\"bailey:service\"]";

    private TagPorts() {}

    /** All ports that any tag names, in ascending order; their names do not depend on how many there are. */
    static List<MirrorService.Port> ports(List<LegacyView.Tagged> tagged) {
        Map<Integer, Integer> targets = new TreeMap<>();
        tagged.forEach(t -> t.service().ports().forEach(p -> targets.merge(p.port(), p.targetPort(), Math::min)));
        return targets.entrySet().stream()
                .map(e -> new MirrorService.Port("tcp-" + e.getKey(), e.getKey(), e.getValue(), Protocol.TCP, ""))
                .toList();
    }

    /**
     * On which numbers a tagged machine serves the ports of the Service. With a LegacyService its ports count: the tag can
     * only say on which number this machine serves one of them. Without, a machine serves the ports that its own tag names.
     */
    static List<Numbered> numbers(
            TaggedService service,
            List<MirrorService.Port> ports,
            PortNames names,
            Optional<LegacyDeclaration> declaration,
            Consumer<Finding> findings) {
        Map<Integer, Integer> own = new TreeMap<>();
        service.ports().forEach(p -> own.putIfAbsent(p.port(), p.targetPort()));
        boolean declared = declaration.isPresent() && !declaration.get().ports().isEmpty();
        if (declared) {
            own.keySet().stream()
                    .filter(number -> ports.stream().noneMatch(p -> p.port() == number))
                    .forEach(number -> findings.accept(conflict(service, number, declaration.get())));
        }
        boolean all = declared || own.isEmpty();
        return names.numbered(port -> own.getOrDefault(port.port(), all ? port.targetPort() : 0));
    }

    private static Finding conflict(TaggedService service, int port, LegacyDeclaration declaration) {
        return new Finding(
                Finding.Kind.PORT_CONFLICT,
                service.key(),
                Subject.ec2Instance(service.instance().id()),
                FIELD,
                Integer.toString(port),
                "LegacyService " + declaration.resource() + " has no such port, and its ports count; ignored");
    }

    static Finding noPort(TaggedService service) {
        return new Finding(
                Finding.Kind.INVALID_TAG,
                service.key(),
                Subject.ec2Instance(service.instance().id()),
                FIELD,
                service.key().toString(),
                "names no port, and neither a LegacyService nor another machine's tag does; this machine is left out."
                        + " Write " + service.key() + ":80=8080");
    }
}
