package bridge.bailey.check;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The catalog sync of consul-k8s in this cluster. While it runs it registers its entries anew every 30 s and, of the
 * services that it syncs, removes every entry with its tag that it does not know, on whichever node: ours too.
 */
public final class SyncCatalog {

    /** As its Helm chart labels it. */
    private static final String LABEL = "component";

    private static final String VALUE = "sync-catalog";

    /** In the command of its container. */
    private static final Pattern TAG = Pattern.compile("-consul-k8s-tag=([^\\s\"\\\\]+)");

    private static final String DEFAULT_TAG = "k8s";

    private final KubernetesClient client;

    public SyncCatalog(KubernetesClient client) {
        this.client = client;
    }

    /**
     * A Deployment of it that runs.
     *
     * @param tag of all its entries
     */
    public record Running(String namespace, String name, String tag) {
        /** Stops it, and leaves its entries; a Helm upgrade may remove them all at once. */
        public String stop() {
            return "kubectl -n " + namespace + " scale deployment/" + name + " --replicas=0";
        }
    }

    /** Those that run; empty if we may not look. */
    public Optional<List<Running>> look() {
        try {
            return Optional.of(
                    client.apps().deployments().inAnyNamespace().withLabel(LABEL, VALUE).list().getItems().stream()
                            .filter(SyncCatalog::runs)
                            .map(found -> new Running(
                                    found.getMetadata().getNamespace(),
                                    found.getMetadata().getName(),
                                    tag(found)))
                            .toList());
        } catch (KubernetesClientException e) {
            return Optional.empty();
        }
    }

    private static String tag(Deployment found) {
        Matcher matcher = TAG.matcher(Serialization.asJson(found.getSpec()));
        return matcher.find() ? matcher.group(1) : DEFAULT_TAG;
    }

    private static boolean runs(Deployment found) {
        return Optional.ofNullable(found.getSpec())
                .map(spec -> spec.getReplicas())
                .map(replicas -> replicas > 0)
                .orElse(true);
    }
}
