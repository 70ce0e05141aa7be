package bridge.bailey.source;

import bridge.bailey.model.ClusterService;
import bridge.bailey.model.KubeIngress;
import bridge.bailey.model.KubeNode;
import bridge.bailey.model.KubeSlice;
import bridge.bailey.model.ServiceKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Kubernetes objects in YAML, read as the source reads those of a cluster, without a cluster. */
public final class Manifests {

    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private final List<HasMetadata> objects;

    private Manifests(List<HasMetadata> objects) {
        this.objects = objects;
    }

    /** Reads one object from each document. */
    public static Manifests of(List<String> documents) {
        return new Manifests(documents.stream().map(Manifests::object).toList());
    }

    private static HasMetadata object(String document) {
        return (HasMetadata) Objects.requireNonNull(SERIALIZATION.unmarshal(document), document);
    }

    /** Each Service with all that decides about it. */
    public Map<ServiceKey, ClusterService> services(boolean withIngresses) {
        Map<ServiceKey, ClusterService> all = new TreeMap<>();
        of(Service.class).forEach(s -> all.put(KubernetesModel.keyOf(s), read(s, withIngresses)));
        return all;
    }

    private ClusterService read(Service service, boolean withIngresses) {
        ServiceKey key = KubernetesModel.keyOf(service);
        List<EndpointSlice> own = of(EndpointSlice.class)
                .filter(slice -> KubernetesModel.serviceOf(slice).equals(Optional.of(key)))
                .toList();
        List<KubeSlice> slices = own.stream()
                .map(KubernetesModel::slice)
                .flatMap(Optional::stream)
                .toList();
        List<String> names = own.stream().flatMap(KubernetesModel::nodesOf).toList();
        Map<String, KubeNode> nodes = of(Node.class)
                .map(KubernetesModel::node)
                .filter(node -> names.contains(node.name()))
                .collect(Collectors.toMap(KubeNode::name, Function.identity()));
        List<KubeIngress> ingresses = of(Ingress.class)
                .filter(ingress -> withIngresses)
                .map(KubernetesModel::ingress)
                .filter(ingress -> ingress.namespace().equals(key.namespace())
                        && ingress.rules().stream().anyMatch(r -> r.service().equals(key.name())))
                .toList();
        return new ClusterService(KubernetesModel.service(service), slices, nodes, ingresses);
    }

    private <T extends HasMetadata> Stream<T> of(Class<T> kind) {
        return objects.stream().filter(kind::isInstance).map(kind::cast);
    }
}
