package bridge.bailey.check;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.AnyNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.util.List;

/**
 * Lists and watches once what Bailey lists and watches, since what is allowed by RBAC may still be refused by an aggregated
 * API, a webhook or a proxy. One object is asked for, and the watch is closed at once.
 */
final class Reads implements Check {

    private static final long ONE_SECOND = 1;

    private final KubernetesClient client;
    private final List<Needed> needed;

    Reads(KubernetesClient client, List<Needed> needed) {
        this.client = client;
        this.needed = needed.stream()
                .filter(one -> one.subresource().isEmpty() && one.verbs().contains("watch"))
                .toList();
    }

    @Override
    public String area() {
        return "Kubernetes reads";
    }

    @Override
    public void look(Report report) {
        for (Needed one : needed) {
            try {
                String version = list(one);
                watch(one, version);
                report.ok(one.text(), "listed and watched");
            } catch (KubernetesClientException e) {
                report.fail(one.text(), text(e), fix(one, e));
            }
        }
    }

    private String list(Needed one) {
        GenericKubernetesResourceList list =
                resources(one).list(new ListOptionsBuilder().withLimit(1L).build());
        return list.getMetadata() == null ? null : list.getMetadata().getResourceVersion();
    }

    private void watch(Needed one, String version) {
        resources(one)
                .watch(
                        new ListOptionsBuilder()
                                .withResourceVersion(version)
                                .withTimeoutSeconds(ONE_SECOND)
                                .build(),
                        new Silent())
                .close();
    }

    private AnyNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            resources(Needed one) {
        var all = client.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                .withGroup(one.group())
                .withVersion(one.version())
                .withPlural(one.resource())
                .withNamespaced(!one.resource().equals("nodes"))
                .build());
        return one.namespace().isEmpty() ? all.inAnyNamespace() : all.inNamespace(one.namespace());
    }

    private static String text(KubernetesClientException e) {
        return e.getStatus() != null && e.getStatus().getMessage() != null
                ? e.getStatus().getMessage()
                : String.valueOf(e.getMessage());
    }

    private static String fix(Needed one, KubernetesClientException e) {
        return switch (e.getCode()) {
            case HttpURLConnection.HTTP_FORBIDDEN -> one.rule();
            case HttpURLConnection.HTTP_NOT_FOUND ->
                "kubectl api-resources --api-group=" + one.group() + "  # this API server has no " + one.resource();
            default -> "kubectl get " + one.path() + " -A --limit=1  # with the same ServiceAccount";
        };
    }

    private static final class Silent implements Watcher<GenericKubernetesResource> {
        @Override
        public void eventReceived(Action action, GenericKubernetesResource resource) {}

        @Override
        public void onClose(WatcherException cause) {}
    }
}
