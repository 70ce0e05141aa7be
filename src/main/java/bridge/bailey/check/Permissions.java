package bridge.bailey.check;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the API server says that we may do what Bailey does, verb by verb. */
final class Permissions implements Check {

    private final KubernetesClient client;
    private final List<Needed> needed;

    Permissions(KubernetesClient client, List<Needed> needed) {
        this.client = client;
        this.needed = List.copyOf(needed);
    }

    @Override
    public String area() {
        return "Kubernetes permissions";
    }

    @Override
    public void look(Report report) {
        for (Needed one : needed) {
            List<String> denied = new ArrayList<>();
            List<String> unknown = new ArrayList<>();
            for (String verb : one.verbs()) {
                Optional<Boolean> allowed = allowed(one, verb);
                if (allowed.isEmpty()) {
                    unknown.add(verb);
                } else if (!allowed.get()) {
                    denied.add(verb);
                }
            }
            String all = String.join(", ", one.verbs());
            if (!denied.isEmpty() && !one.lacking().isEmpty()) {
                report.warn(one.text(), "may not " + String.join(", ", denied) + ": " + one.lacking(), one.rule());
            } else if (!denied.isEmpty()) {
                report.fail(one.text(), "may not " + String.join(", ", denied), one.rule());
            } else if (unknown.isEmpty()) {
                report.ok(one.text(), "may " + all);
            } else {
                report.warn(
                        one.text(),
                        "the API server does not tell whether we may " + String.join(", ", unknown),
                        one.rule());
            }
        }
    }

    /** Empty if the API server does not tell. */
    private Optional<Boolean> allowed(Needed one, String verb) {
        try {
            return Optional.ofNullable(ask(one, verb).getStatus())
                    .map(status -> Boolean.TRUE.equals(status.getAllowed()));
        } catch (KubernetesClientException e) {
            return Optional.empty();
        }
    }

    private SelfSubjectAccessReview ask(Needed one, String verb) {
        return client.authorization()
                .v1()
                .selfSubjectAccessReview()
                .create(new SelfSubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withNewResourceAttributes()
                        .withGroup(one.group())
                        .withResource(one.resource())
                        .withSubresource(one.subresource())
                        .withNamespace(one.namespace())
                        .withName(one.name())
                        .withVerb(verb)
                        .endResourceAttributes()
                        .endSpec()
                        .build());
    }
}
