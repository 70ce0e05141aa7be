package bridge.bailey.desired;

import bridge.bailey.model.EndpointPort;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Finding.Subject;
import bridge.bailey.model.KubeService;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.MirrorService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * Under which names the ports are routed: those of the Service that the slices belong to. That is the mirror, with the
 * declared names, or the Service that the instances join, with its own.
 */
final class PortNames {

    /** A declared port and its name in the Service; none if the Service has no such port. */
    private record Named(MirrorService.Port port, Optional<String> name) {}

    private final List<Named> all;

    private PortNames(List<Named> all) {
        this.all = all;
    }

    static PortNames of(LegacyView view, List<MirrorService.Port> ports, Consumer<Finding> findings) {
        Optional<KubeService> joined = Blending.joined(view);
        if (joined.isEmpty()) {
            return new PortNames(ports.stream()
                    .map(port -> new Named(port, Optional.of(port.name())))
                    .toList());
        }
        Map<MirrorService.Port, String> names = namesIn(joined.get(), ports);
        ports.stream().filter(port -> !names.containsKey(port)).forEach(port -> findings.accept(conflict(view, port)));
        return new PortNames(ports.stream()
                .map(port -> new Named(port, Optional.ofNullable(names.get(port))))
                .toList());
    }

    /** The ports of one name, and then those of one number; no port of the Service is taken twice. */
    private static Map<MirrorService.Port, String> namesIn(KubeService service, List<MirrorService.Port> ports) {
        List<KubeService.Port> free = new ArrayList<>(service.ports());
        Map<MirrorService.Port, String> names = new HashMap<>();
        BiPredicate<MirrorService.Port, KubeService.Port> byName =
                (port, its) -> !port.name().isEmpty() && its.name().equals(port.name());
        BiPredicate<MirrorService.Port, KubeService.Port> byNumber = (port, its) -> its.port() == port.port();
        for (BiPredicate<MirrorService.Port, KubeService.Port> matches : List.of(byName, byNumber)) {
            for (MirrorService.Port port : ports) {
                Optional<KubeService.Port> found = free.stream()
                        .filter(its -> !names.containsKey(port))
                        .filter(its -> its.protocol() == port.protocol() && matches.test(port, its))
                        .findFirst();
                found.ifPresent(its -> {
                    free.remove(its);
                    names.put(port, its.name());
                });
            }
        }
        return names;
    }

    private static Finding conflict(LegacyView view, MirrorService.Port port) {
        return new Finding(
                Finding.Kind.PORT_CONFLICT,
                view.key(),
                view.declaration()
                        .map(d -> Subject.legacyService(d.resource()))
                        .orElseGet(() -> new Subject("Service", view.key().toString())),
                "spec.ports",
                port.name().isEmpty() ? Integer.toString(port.port()) : port.name(),
                "Service " + view.key() + " has no port of this name or number, or another of spec.ports is that one;"
                        + " nothing would be routed to it, and it is left out");
    }

    /** The ports of an instance, by the number on which it listens for each; 0 where it does not. */
    List<Numbered> numbered(ToIntFunction<MirrorService.Port> number) {
        return all.stream()
                .filter(named -> number.applyAsInt(named.port()) > 0)
                .map(named -> numbered(named, number.applyAsInt(named.port())))
                .toList();
    }

    private static Numbered numbered(Named named, int number) {
        MirrorService.Port port = named.port();
        return new Numbered(
                port.name(),
                number,
                named.name().map(name -> new EndpointPort(name, number, port.protocol(), port.appProtocol())));
    }
}
