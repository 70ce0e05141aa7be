package bridge.bailey.desired;

import bridge.bailey.desired.Merging.Numbered;
import bridge.bailey.model.EndpointPort;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Finding.Subject;
import bridge.bailey.model.KubeService;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.MirrorService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * Under which names the ports are routed: those of the Service that the slices belong to. That is the mirror, with the
 * declared names, or the Service that the instances join, with its own.
 */
final class PortNames {

    /** A declared port and its name in the Service. */
    private record Named(MirrorService.Port port, String name) {}

    private final List<Named> all;

    private PortNames(List<Named> all) {
        this.all = all;
    }

    static PortNames of(LegacyView view, List<MirrorService.Port> ports, Consumer<Finding> findings) {
        Optional<KubeService> joined = Blending.joined(view);
        List<Named> all = new ArrayList<>();
        for (MirrorService.Port port : ports) {
            Optional<String> name = joined.isEmpty() ? Optional.of(port.name()) : nameIn(joined.get(), port);
            if (name.isPresent()) {
                all.add(new Named(port, name.get()));
            } else {
                findings.accept(new Finding(
                        Finding.Kind.PORT_CONFLICT,
                        view.key(),
                        view.declaration()
                                .map(d -> Subject.legacyService(d.resource()))
                                .orElseGet(
                                        () -> new Subject("Service", view.key().toString())),
                        "spec.ports",
                        port.name().isEmpty() ? Integer.toString(port.port()) : port.name(),
                        "Service " + view.key()
                                + " has no port of this name or number, so nothing would be routed to it;"
                                + " the port is left out"));
            }
        }
        return new PortNames(all);
    }

    private static Optional<String> nameIn(KubeService service, MirrorService.Port port) {
        List<KubeService.Port> candidates = service.ports().stream()
                .filter(p -> p.protocol() == port.protocol())
                .toList();
        Optional<KubeService.Port> byName = candidates.stream()
                .filter(p -> !port.name().isEmpty() && p.name().equals(port.name()))
                .findFirst();
        return byName.or(() ->
                        candidates.stream().filter(p -> p.port() == port.port()).findFirst())
                .map(KubeService.Port::name);
    }

    /** The ports of an endpoint, by the number on which it listens for each; 0 where it does not. */
    List<Numbered> numbered(ToIntFunction<MirrorService.Port> number) {
        return all.stream()
                .filter(named -> number.applyAsInt(named.port()) > 0)
                .map(named -> new Numbered(
                        named.port().name(),
                        new EndpointPort(
                                named.name(),
                                number.applyAsInt(named.port()),
                                named.port().protocol(),
                                named.port().appProtocol())))
                .toList();
    }
}
