package bridge.bailey.desired;

import bridge.bailey.model.KubeService;
import bridge.bailey.model.Readiness;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;

/**
 * One place where a service can be reached, before its ports are chosen.
 *
 * @param kind what it is
 * @param why the readiness in words, for the check's output
 * @param pod the pod's name, or ""
 * @param node the node's name, or ""
 * @param zone the zone, or ""
 * @param ports which number a port of the Service has at this place
 */
record Instance(
        Kind kind,
        String address,
        Readiness readiness,
        String why,
        String pod,
        String node,
        String zone,
        PortNumbers ports) {

    /** What kind of place it is. */
    enum Kind {
        ENDPOINT,
        NODE,
        /** An address in front of all endpoints. */
        FRONT
    }

    /** That it is left out. */
    LeftOut leftOut(String reason) {
        return switch (kind) {
            case ENDPOINT ->
                pod.isEmpty()
                        ? new LeftOut(LeftOut.Scope.ENDPOINT, address, reason)
                        : new LeftOut(LeftOut.Scope.POD, pod, reason);
            case NODE -> new LeftOut(LeftOut.Scope.NODE, node, reason);
            case FRONT -> new LeftOut(LeftOut.Scope.SERVICE, "", reason);
        };
    }

    /** Why it has no number for a port. */
    String portless(KubeService.Port port) {
        String which = port.name().isEmpty()
                ? port.port() + " (" + port.protocol() + ")"
                : "\"" + port.name() + "\" (" + port.protocol() + ")";
        return switch (kind) {
            case ENDPOINT -> "its EndpointSlice has no number for port " + which;
            case NODE -> "no node port is allocated for port " + which + " yet";
            case FRONT -> "port " + which + " has no number";
        };
    }

    /** The number on which a port of the Service is reached at some place; absent where it is not. */
    @FunctionalInterface
    interface PortNumbers {
        OptionalInt numberOf(ExportedPort port);
    }

    /**
     * A port to register.
     *
     * @param port the Service's port; empty where an annotation gives a bare number, or the Service has no ports
     * @param number the number that the annotation gave, or 0
     */
    record ExportedPort(Optional<KubeService.Port> port, int number) {
        static ExportedPort of(KubeService.Port port) {
            return new ExportedPort(Optional.of(port), 0);
        }

        /** A bare number is the same everywhere. */
        static ExportedPort literal(int number) {
            return new ExportedPort(Optional.empty(), number);
        }

        /** The name and the number, as far as there are any. */
        String text() {
            return port.map(p -> p.name().isEmpty() ? Integer.toString(p.port()) : p.name() + " (" + p.port() + ")")
                    .orElse(Integer.toString(number));
        }

        OptionalInt numberBy(ToIntFunction<KubeService.Port> byPort) {
            if (port.isEmpty()) {
                return OptionalInt.of(number);
            }
            int found = byPort.applyAsInt(port.get());
            return found > 0 ? OptionalInt.of(found) : OptionalInt.empty();
        }
    }
}
