package bridge.bailey.lead;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What tells one cluster from all others, whatever their names: the uid of the namespace {@code kube-system}, which no
 * cluster is without and which stays what it is as long as the cluster lives.
 */
public final class ClusterId {

    private static final Logger LOG = Logger.getLogger("bridge.bailey.lead");
    private static final String NAMESPACE = "kube-system";

    private final KubernetesClient client;
    private Optional<String> known = Optional.empty();
    private boolean settled;
    private boolean told;

    public ClusterId(KubernetesClient client) {
        this.client = client;
    }

    /** Asks for it until there was an answer; empty if it can't be had. */
    public synchronized Optional<String> get() {
        if (known.isEmpty()) {
            try {
                known = Optional.ofNullable(
                                client.namespaces().withName(NAMESPACE).get())
                        .map(namespace -> namespace.getMetadata().getUid());
                settled = true;
            } catch (KubernetesClientException e) {
                settled = e.getCode() == HttpURLConnection.HTTP_FORBIDDEN;
                tell(e);
            }
        }
        return known;
    }

    /** Asks for it, and returns whether that was answered, be it by a refusal: asking again would not tell more. */
    public synchronized boolean isSettled() {
        var unused = get();
        return settled;
    }

    private void tell(KubernetesClientException e) {
        if (!told) {
            told = true;
            LOG.warnf(
                    "Namespace %s can't be read, so two clusters of one name can't be told apart: %s",
                    NAMESPACE, e.getMessage());
        }
    }
}
