package bridge.bailey.source;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Map;
import java.util.Optional;

/** The labels by which Bailey knows what it made in the cluster. */
public final class KubeMarks {

    /** The label by which an EndpointSlice belongs to a Service. */
    public static final String SLICE_SERVICE = "kubernetes.io/service-name";

    /** Who looks after a slice; the controllers of Kubernetes leave those of others alone. */
    public static final String SLICE_MANAGER = "endpointslice.kubernetes.io/managed-by";

    /** The value of {@link #SLICE_MANAGER}. */
    public static final String SLICE_MANAGER_BAILEY = "bailey.bridge";

    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    /** The value of {@link #MANAGED_BY}. */
    public static final String BAILEY = "bailey";

    /** The LegacyService for which a mirror stands. */
    public static final String LEGACY_SERVICE = "bailey.bridge/legacy-service";

    private KubeMarks() {}

    /** The labels of an object; none if it has none. */
    public static Map<String, String> labels(HasMetadata object) {
        return Optional.ofNullable(object.getMetadata().getLabels()).orElse(Map.of());
    }

    /** The annotations of an object; none if it has none. */
    public static Map<String, String> annotations(HasMetadata object) {
        return Optional.ofNullable(object.getMetadata().getAnnotations()).orElse(Map.of());
    }

    /** Whether Bailey made it. */
    public static boolean ours(HasMetadata object) {
        return (object instanceof Service service && ours(service))
                || (object instanceof EndpointSlice slice && ours(slice));
    }

    /** A Service needs both marks: the first alone may be that of an object that was deployed together with Bailey. */
    public static boolean ours(Service service) {
        return hasBothMarks(labels(service));
    }

    /** One of the marks may have been taken off by others. */
    public static boolean ours(EndpointSlice slice) {
        Map<String, String> labels = labels(slice);
        String manager = labels.getOrDefault(SLICE_MANAGER, "");
        return manager.equals(SLICE_MANAGER_BAILEY) || (manager.isEmpty() && hasBothMarks(labels));
    }

    private static boolean hasBothMarks(Map<String, String> labels) {
        return BAILEY.equals(labels.get(MANAGED_BY)) && labels.containsKey(LEGACY_SERVICE);
    }
}
