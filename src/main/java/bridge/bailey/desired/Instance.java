package bridge.bailey.desired;

import bridge.bailey.model.KubeService;
import bridge.bailey.model.Readiness;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;

/**
 * One place where a service can be reached, before its ports are chosen.
 *
 * @param why the readiness in words, for the check's output
 * @param pod the pod's name, or ""
 * @param node the node's name, or ""
 * @param zone the zone, or ""
 * @param ports which number a port of the Service has at this place
 */
record Instance(
        String address, Readiness readiness, String why, String pod, String node, String zone, PortNumbers ports) {

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

        OptionalInt numberBy(ToIntFunction<KubeService.Port> byPort) {
            if (port.isEmpty()) {
                return OptionalInt.of(number);
            }
            int found = byPort.applyAsInt(port.get());
            return found > 0 ? OptionalInt.of(found) : OptionalInt.empty();
        }
    }
}
