package bridge.bailey.view;

import bridge.bailey.desired.Statuses;
import bridge.bailey.model.ClusterService;
import bridge.bailey.model.KubeService;
import bridge.bailey.model.KubeSlice;
import bridge.bailey.model.LegacyStatus;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.model.MirrorService;
import java.util.ArrayList;
import java.util.List;

/**
 * What a service is made of.
 *
 * @param service the type of its Service in the cluster, such as {@code ClusterIP}; "" if there is none but a mirror
 * @param mirror the type of its mirror; {@code joined} where machines join the Service that is there; "" if there is none
 * @param ports of both sides
 * @param declaredBy what declares it as a legacy service: the LegacyServices that claim it, the one that counts first, and EC2
 *     tags
 * @param origins where its machines come from
 */
public record Outline(
        String service,
        String mirror,
        List<ServicePort> ports,
        List<String> declaredBy,
        List<LegacyStatus.Origin> origins) {

    static final Outline NONE = new Outline("", "", List.of(), List.of(), List.of());

    public Outline {
        ports = List.copyOf(ports);
        declaredBy = List.copyOf(declaredBy);
        origins = List.copyOf(origins);
    }

    /**
     * A port of the Service.
     *
     * @param name or ""
     * @param nodePort 0 for none
     * @param targets the numbers on which its instances listen
     */
    public record ServicePort(Side side, String name, int port, String protocol, int nodePort, List<Integer> targets) {
        public ServicePort {
            targets = List.copyOf(targets);
        }
    }

    /** Of a service of which all this is known. */
    public static Outline of(Seen seen) {
        List<ServicePort> ports = new ArrayList<>();
        seen.cluster().ifPresent(cluster -> cluster.service().ports().forEach(port -> ports.add(port(cluster, port))));
        mirror(seen).forEach(mirror -> mirror.ports().forEach(port -> ports.add(port(seen, port))));
        return new Outline(
                seen.cluster().map(cluster -> type(cluster.service())).orElse(""),
                mirrorType(seen),
                ports,
                seen.legacy().map(Outline::declaredBy).orElse(List.of()),
                seen.legacy().map(Statuses::origins).orElse(List.of()));
    }

    private static List<MirrorService> mirror(Seen seen) {
        return seen.toKubernetes().desired().items().stream()
                .filter(MirrorService.class::isInstance)
                .map(MirrorService.class::cast)
                .toList();
    }

    private static String mirrorType(Seen seen) {
        return mirror(seen).stream()
                .findFirst()
                .map(mirror -> mirror.type().text())
                .orElse(seen.toKubernetes().desired().items().isEmpty() ? "" : "joined");
    }

    private static String type(KubeService service) {
        return switch (service.type()) {
            case CLUSTER_IP -> service.clusterIps().isEmpty() ? "headless" : "ClusterIP";
            case NODE_PORT -> "NodePort";
            case LOAD_BALANCER -> "LoadBalancer";
            case EXTERNAL_NAME -> "ExternalName";
        };
    }

    private static ServicePort port(ClusterService cluster, KubeService.Port port) {
        List<Integer> targets = Seen.podSlices(cluster).stream()
                .flatMap(slice -> slice.ports().stream())
                .filter(its -> its.name().equals(port.name()) && its.protocol() == port.protocol())
                .map(KubeSlice.Port::port)
                .distinct()
                .sorted()
                .toList();
        return new ServicePort(
                Side.KUBERNETES, port.name(), port.port(), port.protocol().name(), port.nodePort(), targets);
    }

    /** Of machines each may listen on a number of its own. */
    private static ServicePort port(Seen seen, MirrorService.Port port) {
        List<Integer> targets = seen.toKubernetes().desired().items().stream()
                .filter(MirrorEndpoint.class::isInstance)
                .flatMap(item -> ((MirrorEndpoint) item).ports().stream())
                .filter(its -> its.name().equals(port.name()))
                .map(its -> its.number())
                .distinct()
                .sorted()
                .toList();
        return new ServicePort(
                Side.LEGACY,
                port.name(),
                port.port(),
                port.protocol().name(),
                0,
                targets.isEmpty() ? List.of(port.targetPort()) : targets);
    }

    private static List<String> declaredBy(LegacyView view) {
        List<String> all = new ArrayList<>();
        view.claims().forEach(claim -> all.add("LegacyService " + claim.resource()));
        if (!view.tagged().isEmpty()) {
            all.add("EC2 tags");
        }
        return all;
    }
}
