package bridge.bailey.source;

import bridge.bailey.model.IpFamily;
import bridge.bailey.model.KubeIngress;
import bridge.bailey.model.KubeNode;
import bridge.bailey.model.KubeService;
import bridge.bailey.model.KubeSlice;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.Readiness;
import bridge.bailey.model.ServiceKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.IngressTLS;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Turns the API's objects into Bailey's records. Every optional field may be absent, and none may crash a pass. */
final class KubernetesModel {

    private KubernetesModel() {}

    static ServiceKey keyOf(HasMetadata object) {
        return new ServiceKey(
                orEmpty(object.getMetadata().getNamespace()),
                object.getMetadata().getName());
    }

    /** The service key of a slice; absent if the slice belongs to no Service. */
    static Optional<ServiceKey> serviceOf(EndpointSlice slice) {
        return Optional.ofNullable(KubeMarks.labels(slice).get(KubeMarks.SLICE_SERVICE))
                .map(name -> new ServiceKey(orEmpty(slice.getMetadata().getNamespace()), name));
    }

    static KubeService service(Service service) {
        Optional<ServiceSpec> spec = Optional.ofNullable(service.getSpec());
        return new KubeService(
                keyOf(service),
                type(spec.map(ServiceSpec::getType).orElse(null)),
                withoutNulls(KubeMarks.labels(service)),
                withoutNulls(service.getMetadata().getAnnotations()),
                strings(spec.map(ServiceSpec::getIpFamilies))
                        .map(f -> f.equalsIgnoreCase("IPv6") ? IpFamily.IPV6 : IpFamily.IPV4)
                        .toList(),
                clusterIps(spec),
                strings(spec.map(ServiceSpec::getExternalIPs)).toList(),
                loadBalancers(service),
                stream(spec.map(ServiceSpec::getPorts))
                        .map(KubernetesModel::port)
                        .flatMap(Optional::stream)
                        .toList(),
                spec.map(ServiceSpec::getSelector).filter(s -> !s.isEmpty()).isPresent(),
                KubeMarks.ours(service));
    }

    /** A slice of a family that Bailey knows: FQDN slices are deprecated, and nothing routes to them. */
    static Optional<KubeSlice> slice(EndpointSlice slice) {
        String type = orEmpty(slice.getAddressType());
        if (!type.equals("IPv4") && !type.equals("IPv6")) {
            return Optional.empty();
        }
        return Optional.of(new KubeSlice(
                slice.getMetadata().getName(),
                type.equals("IPv6") ? IpFamily.IPV6 : IpFamily.IPV4,
                stream(Optional.ofNullable(slice.getPorts()))
                        .map(KubernetesModel::port)
                        .flatMap(Optional::stream)
                        .toList(),
                stream(Optional.ofNullable(slice.getEndpoints()))
                        .flatMap(KubernetesModel::endpoints)
                        .toList(),
                KubeMarks.ours(slice)));
    }

    /** The node names that a slice mentions. */
    static Stream<String> nodesOf(EndpointSlice slice) {
        return stream(Optional.ofNullable(slice.getEndpoints()))
                .map(Endpoint::getNodeName)
                .filter(Objects::nonNull);
    }

    static KubeNode node(Node node) {
        List<NodeAddress> addresses = Optional.ofNullable(node.getStatus())
                .map(status -> status.getAddresses())
                .orElse(List.of());
        Function<String, List<String>> ofType = type -> addresses.stream()
                .filter(a -> type.equals(a.getType()) && a.getAddress() != null)
                .map(NodeAddress::getAddress)
                .toList();
        return new KubeNode(node.getMetadata().getName(), ofType.apply("InternalIP"), ofType.apply("ExternalIP"));
    }

    static KubeIngress ingress(Ingress ingress) {
        List<KubeIngress.Rule> rules = new ArrayList<>();
        if (ingress.getSpec() != null) {
            for (IngressRule rule : orNone(ingress.getSpec().getRules())) {
                String host = orEmpty(rule.getHost());
                boolean tls = orNone(ingress.getSpec().getTls()).stream().anyMatch(t -> covers(t, host));
                servicesOf(rule).distinct().forEach(service -> rules.add(new KubeIngress.Rule(host, service, tls)));
            }
        }
        return new KubeIngress(
                orEmpty(ingress.getMetadata().getNamespace()),
                ingress.getMetadata().getName(),
                rules,
                ingress.getStatus() == null || ingress.getStatus().getLoadBalancer() == null
                        ? List.of()
                        : orNone(ingress.getStatus().getLoadBalancer().getIngress()).stream()
                                .flatMap(i -> address(i.getIp(), i.getHostname()))
                                .toList());
    }

    /** The Services at which an Ingress points. */
    static Stream<ServiceKey> servicesOf(Ingress ingress) {
        KubeIngress read = ingress(ingress);
        return read.rules().stream()
                .map(rule -> new ServiceKey(read.namespace(), rule.service()))
                .distinct();
    }

    /** A TLS entry without hosts covers every host of the Ingress; {@code *} stands for one label, as in certificates. */
    private static boolean covers(IngressTLS tls, String host) {
        List<String> hosts = orNone(tls.getHosts());
        return hosts.isEmpty() || hosts.contains(host) || hosts.contains(wildcardOf(host));
    }

    private static String wildcardOf(String host) {
        return "*" + host.substring(Math.max(0, host.indexOf('.')));
    }

    private static Stream<String> servicesOf(IngressRule rule) {
        return rule.getHttp() == null
                ? Stream.empty()
                : orNone(rule.getHttp().getPaths()).stream()
                        .map(HTTPIngressPath::getBackend)
                        .filter(backend -> backend != null && backend.getService() != null)
                        .map(backend -> backend.getService().getName())
                        .filter(Objects::nonNull);
    }

    private static List<String> clusterIps(Optional<ServiceSpec> spec) {
        List<String> all = strings(spec.map(ServiceSpec::getClusterIPs)).toList();
        if (all.isEmpty()) {
            all = spec.map(ServiceSpec::getClusterIP).stream().toList();
        }
        return all.stream().filter(ip -> !ip.isEmpty() && !ip.equals("None")).toList();
    }

    private static List<String> loadBalancers(Service service) {
        if (service.getStatus() == null || service.getStatus().getLoadBalancer() == null) {
            return List.of();
        }
        return orNone(service.getStatus().getLoadBalancer().getIngress()).stream()
                .flatMap(i -> address(i.getIp(), i.getHostname()))
                .toList();
    }

    /** Of a load balancer: its IP address, or else its host name; some controllers write an empty text for none. */
    private static Stream<String> address(String ip, String hostname) {
        return Stream.of(orEmpty(ip), orEmpty(hostname))
                .filter(text -> !text.isEmpty())
                .limit(1);
    }

    private static KubeService.Type type(String type) {
        return switch (orEmpty(type)) {
            case "NodePort" -> KubeService.Type.NODE_PORT;
            case "LoadBalancer" -> KubeService.Type.LOAD_BALANCER;
            case "ExternalName" -> KubeService.Type.EXTERNAL_NAME;
            default -> KubeService.Type.CLUSTER_IP;
        };
    }

    private static Optional<KubeService.Port> port(ServicePort port) {
        return Optional.ofNullable(port.getPort())
                .map(number -> new KubeService.Port(
                        orEmpty(port.getName()),
                        number,
                        port.getNodePort() == null ? 0 : port.getNodePort(),
                        protocol(port.getProtocol())));
    }

    /** A slice's port without a number means any port, and can't be registered. */
    private static Optional<KubeSlice.Port> port(EndpointPort port) {
        return Optional.ofNullable(port.getPort())
                .map(number -> new KubeSlice.Port(orEmpty(port.getName()), number, protocol(port.getProtocol())));
    }

    private static Stream<KubeSlice.Endpoint> endpoints(Endpoint endpoint) {
        EndpointConditions conditions =
                endpoint.getConditions() == null ? new EndpointConditions() : endpoint.getConditions();
        Readiness readiness = Readiness.of(conditions.getReady(), conditions.getServing(), conditions.getTerminating());
        boolean isPod = endpoint.getTargetRef() != null
                && "Pod".equals(endpoint.getTargetRef().getKind());
        return orNone(endpoint.getAddresses()).stream()
                .map(address -> new KubeSlice.Endpoint(
                        address,
                        readiness,
                        isPod ? orEmpty(endpoint.getTargetRef().getName()) : "",
                        orEmpty(endpoint.getNodeName()),
                        orEmpty(endpoint.getZone())));
    }

    private static Protocol protocol(String protocol) {
        return switch (orEmpty(protocol)) {
            case "UDP" -> Protocol.UDP;
            case "SCTP" -> Protocol.SCTP;
            default -> Protocol.TCP;
        };
    }

    private static Map<String, String> withoutNulls(Map<String, String> map) {
        if (map == null) {
            return Map.of();
        }
        Map<String, String> copy = new HashMap<>(map);
        copy.values().removeIf(Objects::isNull);
        return copy;
    }

    private static Stream<String> strings(Optional<List<String>> list) {
        return stream(list);
    }

    private static <V> Stream<V> stream(Optional<List<V>> list) {
        return list.stream().flatMap(List::stream).filter(Objects::nonNull);
    }

    private static <V> List<V> orNone(List<V> list) {
        return list == null ? List.of() : list;
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
