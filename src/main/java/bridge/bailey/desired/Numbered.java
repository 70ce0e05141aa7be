package bridge.bailey.desired;

import bridge.bailey.model.EndpointPort;
import java.util.Optional;

/**
 * A port of an instance.
 *
 * @param declaredName the name under which the resource knows it
 * @param routed as it is in a slice; empty if the Service has no such port, which can be probed all the same
 */
record Numbered(String declaredName, int number, Optional<EndpointPort> routed) {}
