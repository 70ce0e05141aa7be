package bridge.bailey.model;

import java.util.List;

/**
 * What Bailey reads of an EndpointSlice: one part of a Service's endpoints.
 *
 * @param mirror whether Bailey wrote it, to stand for legacy instances
 */
public record KubeSlice(String name, IpFamily family, List<Port> ports, List<Endpoint> endpoints, boolean mirror) {

    public KubeSlice {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }

    /**
     * A port of the slice: the number on which the endpoints really listen.
     *
     * @param name the name, or "" where there is none; equal to the name of the Service's port
     */
    public record Port(String name, int port, Protocol protocol) {}

    /**
     * One endpoint.
     *
     * @param pod the pod's name, or "" where the endpoint is no pod
     * @param node the node's name, or ""
     * @param zone the zone, or ""
     */
    public record Endpoint(String address, Readiness readiness, String pod, String node, String zone) {}
}
