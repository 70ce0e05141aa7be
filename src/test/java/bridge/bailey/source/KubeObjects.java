package bridge.bailey.source;

import bridge.bailey.model.KubeService;
import bridge.bailey.model.KubeSlice;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Optional;

/** Objects of the API, read as the source reads them. */
public final class KubeObjects {

    private KubeObjects() {}

    public static KubeService read(Service service) {
        return KubernetesModel.service(service);
    }

    public static Optional<KubeSlice> read(EndpointSlice slice) {
        return KubernetesModel.slice(slice);
    }
}
