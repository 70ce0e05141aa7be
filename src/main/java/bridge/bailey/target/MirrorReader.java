package bridge.bailey.target;

import bridge.bailey.model.EndpointPort;
import bridge.bailey.model.IpFamily;
import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.model.MirrorService;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.Readiness;
import bridge.bailey.model.ScrapeAnnotations;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.source.KubeMarks;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a mirror from the API's objects, with what others made of it. */
final class MirrorReader {

    private static final String NONE = "None";

    private MirrorReader() {}

    static boolean isHeadless(Service service) {
        return service.getSpec() != null && NONE.equals(service.getSpec().getClusterIP());
    }

    /** Reads a Service that is ours. */
    static MirrorService service(ServiceKey key, Service service) {
        ServiceSpec spec = Optional.ofNullable(service.getSpec()).orElseGet(ServiceSpec::new);
        boolean external = "ExternalName".equals(spec.getType());
        MirrorService.Type type = external
                ? MirrorService.Type.EXTERNAL_NAME
                : isHeadless(service) ? MirrorService.Type.HEADLESS : MirrorService.Type.CLUSTER_IP;
        return new MirrorService(
                key,
                KubeMarks.labels(service).getOrDefault(KubeMarks.LEGACY_SERVICE, ""),
                type,
                external ? orEmpty(spec.getExternalName()) : "",
                orNone(spec.getPorts()).stream().map(MirrorReader::port).toList(),
                ScrapeAnnotations.among(KubeMarks.annotations(service)),
                flaws(spec));
    }

    private static String flaws(ServiceSpec spec) {
        List<String> flaws = new ArrayList<>();
        if (spec.getSelector() != null && !spec.getSelector().isEmpty()) {
            flaws.add("selector");
        }
        if (List.of("NodePort", "LoadBalancer").contains(orEmpty(spec.getType()))) {
            flaws.add("type " + spec.getType());
        }
        // Legacy endpoints are on no node of the cluster, so nothing would be routed.
        if ("Local".equals(spec.getInternalTrafficPolicy())) {
            flaws.add("internalTrafficPolicy");
        }
        return String.join(", ", flaws);
    }

    private static MirrorService.Port port(ServicePort port) {
        int number = orZero(port.getPort());
        Integer target =
                port.getTargetPort() == null ? null : port.getTargetPort().getIntVal();
        return new MirrorService.Port(
                orEmpty(port.getName()),
                number,
                target == null ? number : target,
                protocol(port.getProtocol()),
                orEmpty(port.getAppProtocol()));
    }

    /**
     * Reads a slice that is ours.
     *
     * @param owner the Service that it belongs to, if there is one
     */
    static Slicing.Slice slice(ServiceKey key, EndpointSlice slice, Optional<Service> owner) {
        String legacyService = KubeMarks.labels(slice).getOrDefault(KubeMarks.LEGACY_SERVICE, "");
        List<EndpointPort> ports =
                orNone(slice.getPorts()).stream().map(MirrorReader::port).toList();
        String flaws = flaws(slice, owner, legacyService);
        List<MirrorEndpoint> endpoints = orNone(slice.getEndpoints()).stream()
                .map(e -> endpoint(key, legacyService, ports, e, flaws))
                .toList();
        return new Slicing.Slice(
                slice.getMetadata().getName(),
                "IPv6".equals(slice.getAddressType()) ? IpFamily.IPV6 : IpFamily.IPV4,
                endpoints.isEmpty() ? List.of(standIn(key, legacyService, ports)) : endpoints);
    }

    /** A slice that others emptied has an endpoint that nobody wants, or it would be forgotten. */
    private static MirrorEndpoint standIn(ServiceKey key, String legacyService, List<EndpointPort> ports) {
        return new MirrorEndpoint(key, legacyService, "", ports, Readiness.NOT_READY, "", "");
    }

    private static String flaws(EndpointSlice slice, Optional<Service> owner, String legacyService) {
        if (owner.isEmpty()) {
            return "";
        }
        List<String> flaws = new ArrayList<>();
        Map<String, String> labels = KubeMarks.labels(slice);
        if (!labels.equals(MirrorObjects.labels(slice.getMetadata(), owner.get(), legacyService))) {
            flaws.add("labels");
        }
        if (!orNone(slice.getMetadata().getOwnerReferences()).equals(List.of(MirrorObjects.ownerOf(owner.get())))) {
            flaws.add("owner reference");
        }
        return String.join(", ", flaws);
    }

    private static MirrorEndpoint endpoint(
            ServiceKey key, String legacyService, List<EndpointPort> ports, Endpoint endpoint, String flaws) {
        EndpointConditions c = Optional.ofNullable(endpoint.getConditions()).orElseGet(EndpointConditions::new);
        List<String> addresses = orNone(endpoint.getAddresses());
        boolean edited = addresses.size() != 1
                || c.getReady() == null
                || c.getServing() == null
                || c.getTerminating() == null
                || endpoint.getNodeName() != null;
        return new MirrorEndpoint(
                key,
                legacyService,
                addresses.isEmpty() ? "" : addresses.get(0),
                ports,
                Readiness.of(c.getReady(), c.getServing(), c.getTerminating()),
                orEmpty(endpoint.getZone()),
                edited ? (flaws.isEmpty() ? "endpoint" : flaws + ", endpoint") : flaws);
    }

    private static EndpointPort port(io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort port) {
        return new EndpointPort(
                orEmpty(port.getName()),
                orZero(port.getPort()),
                protocol(port.getProtocol()),
                orEmpty(port.getAppProtocol()));
    }

    private static Protocol protocol(String text) {
        return switch (orEmpty(text)) {
            case "UDP" -> Protocol.UDP;
            case "SCTP" -> Protocol.SCTP;
            default -> Protocol.TCP;
        };
    }

    private static <V> List<V> orNone(List<V> list) {
        return list == null ? List.of() : list;
    }

    private static int orZero(Integer number) {
        return number == null ? 0 : number;
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
