package bridge.bailey.check;

import bridge.bailey.check.ClusterObjects.Found;
import bridge.bailey.check.ClusterObjects.Machines;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.source.KubeMarks;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * Endpoints that somebody once wrote by hand for machines. Kubernetes copies those of a Service without a selector into an
 * EndpointSlice of its own, beside Bailey's: machines are then there twice, and one that is dead stays.
 */
final class LeftoverEndpoints implements Check {

    private static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
    private static final String MIRRORING = "endpointslicemirroring-controller.k8s.io";

    private final KubernetesClient client;
    private final ClusterObjects cluster;
    private final Declared declared;

    LeftoverEndpoints(KubernetesClient client, ClusterObjects cluster, Declared declared) {
        this.client = client;
        this.cluster = cluster;
        this.declared = declared;
    }

    @Override
    public String area() {
        return "Leftover Endpoints";
    }

    @Override
    public void look(Report report) throws InterruptedException, ExecutionException {
        List<Found> all = cluster.get();
        Set<ServiceKey> withSelector = all.stream()
                .filter(LeftoverEndpoints::hasSelector)
                .map(Found::key)
                .collect(Collectors.toSet());
        Set<ServiceKey> mirrors = new TreeSet<>();
        all.stream()
                .filter(found -> found.machines() == Machines.MIRROR)
                .map(Found::key)
                .forEach(mirrors::add);
        declared.get().stream().map(LegacyDeclaration::key).forEach(mirrors::add);
        mirrors.removeAll(withSelector);
        Set<ServiceKey> copied = all.stream()
                .filter(found -> found.slices().stream()
                        .anyMatch(slice ->
                                MIRRORING.equals(KubeMarks.labels(slice).get(KubeMarks.SLICE_MANAGER))))
                .map(Found::key)
                .collect(Collectors.toSet());
        for (ServiceKey key : mirrors) {
            if (copied.contains(key) || written(key)) {
                report.warn(
                        "Endpoints " + key,
                        "Kubernetes copies them into an EndpointSlice beside Bailey's: machines are there twice, and are"
                                + " not probed",
                        "kubectl -n " + key.namespace() + " label endpoints " + key.name() + " " + SKIP
                                + "=true  # or delete them: kubectl -n " + key.namespace() + " delete endpoints "
                                + key.name());
            }
        }
        if (report.results().isEmpty()) {
            report.ok("Services of machines", mirrors.size() + " looked at, none has Endpoints of its own");
        }
    }

    private static boolean hasSelector(Found found) {
        return found.service().getSpec() != null
                && found.service().getSpec().getSelector() != null
                && !found.service().getSpec().getSelector().isEmpty();
    }

    /** As far as we may look: Bailey itself needs no permission for Endpoints. */
    private boolean written(ServiceKey key) {
        try {
            Optional<Endpoints> found = Optional.ofNullable(client.endpoints()
                    .inNamespace(key.namespace())
                    .withName(key.name())
                    .get());
            return found.filter(e -> e.getSubsets() != null && !e.getSubsets().isEmpty())
                    .filter(e -> !"true".equals(KubeMarks.labels(e).get(SKIP)))
                    .isPresent();
        } catch (KubernetesClientException e) {
            return false;
        }
    }
}
