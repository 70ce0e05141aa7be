package bridge.bailey.target;

import static bridge.bailey.source.KubeMarks.BAILEY;
import static bridge.bailey.source.KubeMarks.LEGACY_SERVICE;
import static bridge.bailey.source.KubeMarks.MANAGED_BY;
import static bridge.bailey.source.KubeMarks.SLICE_MANAGER;
import static bridge.bailey.source.KubeMarks.SLICE_MANAGER_BAILEY;
import static bridge.bailey.source.KubeMarks.SLICE_SERVICE;

import bridge.bailey.model.IpFamily;
import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.model.MirrorService;
import bridge.bailey.model.Readiness;
import bridge.bailey.model.ScrapeAnnotations;
import bridge.bailey.source.KubeMarks;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes a mirror as the API's objects; {@link MirrorReader} reads them back. */
final class MirrorObjects {

    /** kube-proxy ignores slices with this label, so only those of headless Services have it. */
    static final String HEADLESS = "service.kubernetes.io/headless";

    private MirrorObjects() {}

    /** A new Service. */
    static Service service(MirrorService mirror) {
        Service service = new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(mirror.key().namespace())
                .withName(mirror.key().name())
                .endMetadata()
                .withSpec(new ServiceSpec())
                .build();
        return put(service, mirror);
    }

    /** The Service with what Bailey decides; the rest stays as it is. */
    static Service put(Service service, MirrorService mirror) {
        Map<String, String> labels = new HashMap<>(KubeMarks.labels(service));
        labels.put(MANAGED_BY, BAILEY);
        labels.put(LEGACY_SERVICE, mirror.legacyService());
        service.getMetadata().setLabels(labels);
        annotate(service, mirror.annotations());
        ServiceSpec spec = service.getSpec();
        spec.setSelector(null);
        spec.setPorts(mirror.ports().stream().map(MirrorObjects::port).toList());
        spec.setInternalTrafficPolicy(null);
        boolean external = mirror.type() == MirrorService.Type.EXTERNAL_NAME;
        boolean wasExternal = "ExternalName".equals(spec.getType());
        spec.setType(external ? "ExternalName" : "ClusterIP");
        spec.setExternalName(external ? mirror.externalName() : null);
        if (external) {
            spec.setClusterIP(null);
            spec.setClusterIPs(null);
            spec.setIpFamilies(null);
            spec.setIpFamilyPolicy(null);
        } else {
            // Both families where the cluster has both: an instance's address may be of either.
            spec.setIpFamilyPolicy(Optional.ofNullable(spec.getIpFamilyPolicy()).orElse("PreferDualStack"));
            if (mirror.type() == MirrorService.Type.HEADLESS && (spec.getClusterIP() == null || wasExternal)) {
                spec.setClusterIP("None");
            }
        }
        return service;
    }

    /** What is ours and no longer wanted goes; what is somebody else's stays. */
    private static void annotate(Service service, Map<String, String> wanted) {
        Map<String, String> annotations = new TreeMap<>(KubeMarks.annotations(service));
        annotations.keySet().removeAll(ScrapeAnnotations.among(annotations).keySet());
        annotations.putAll(wanted);
        service.getMetadata().setAnnotations(annotations.isEmpty() ? null : annotations);
    }

    private static ServicePort port(MirrorService.Port port) {
        return new ServicePortBuilder()
                .withName(orNull(port.name()))
                .withPort(port.port())
                .withTargetPort(new IntOrString(port.targetPort()))
                .withProtocol(port.protocol().name())
                .withAppProtocol(orNull(port.appProtocol()))
                .build();
    }

    /** The Service without our marks: no longer ours. */
    static Service release(Service service) {
        Map<String, String> labels = new HashMap<>(KubeMarks.labels(service));
        labels.keySet().removeAll(List.of(MANAGED_BY, LEGACY_SERVICE));
        service.getMetadata().setLabels(labels);
        annotate(service, Map.of());
        return service;
    }

    /**
     * A slice.
     *
     * @param meta of the slice that is there, or with the name of a new one
     * @param owner the Service with which it is to be collected
     */
    static EndpointSlice slice(ObjectMeta meta, Service owner, Slicing.Group group, List<MirrorEndpoint> endpoints) {
        return new EndpointSliceBuilder()
                .withMetadata(new ObjectMetaBuilder(meta)
                        .withLabels(labels(meta, owner, group.legacyService()))
                        .withOwnerReferences(ownerOf(owner))
                        .build())
                .withAddressType(group.family() == IpFamily.IPV6 ? "IPv6" : "IPv4")
                .withPorts(group.ports().stream().map(MirrorObjects::port).toList())
                .withEndpoints(endpoints.stream().map(MirrorObjects::endpoint).toList())
                .build();
    }

    /** The labels of a slice: ours, and those that others put there. */
    static Map<String, String> labels(ObjectMeta meta, Service owner, String legacyService) {
        Map<String, String> labels =
                new HashMap<>(Optional.ofNullable(meta.getLabels()).orElse(Map.of()));
        labels.put(SLICE_SERVICE, owner.getMetadata().getName());
        labels.put(SLICE_MANAGER, SLICE_MANAGER_BAILEY);
        labels.put(MANAGED_BY, BAILEY);
        labels.put(LEGACY_SERVICE, legacyService);
        labels.remove(HEADLESS);
        if (MirrorReader.isHeadless(owner)) {
            labels.put(HEADLESS, "");
        }
        return labels;
    }

    /** Without {@code blockOwnerDeletion}, which would need a permission on the Service's finalizers. */
    static OwnerReference ownerOf(Service service) {
        return new OwnerReferenceBuilder()
                .withApiVersion("v1")
                .withKind("Service")
                .withName(service.getMetadata().getName())
                .withUid(service.getMetadata().getUid())
                .build();
    }

    private static EndpointPort port(bridge.bailey.model.EndpointPort port) {
        return new EndpointPortBuilder()
                .withName(port.name())
                .withPort(port.number())
                .withProtocol(port.protocol().name())
                .withAppProtocol(orNull(port.appProtocol()))
                .build();
    }

    /** All three conditions are always written: an absent one means ready. */
    private static Endpoint endpoint(MirrorEndpoint endpoint) {
        boolean serves = endpoint.readiness() == Readiness.READY || endpoint.readiness() == Readiness.DRAINING;
        boolean drains = endpoint.readiness() == Readiness.DRAINING;
        return new EndpointBuilder()
                .withAddresses(endpoint.address())
                .withNewConditions(serves && !drains, serves, drains)
                .withZone(orNull(endpoint.zone()))
                .build();
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
