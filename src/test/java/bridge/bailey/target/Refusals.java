package bridge.bailey.target;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;

/** Failures as an API server words them. */
final class Refusals {

    private Refusals() {}

    static KubernetesClientException of(int code, String message) {
        return of(new StatusBuilder().withCode(code).withMessage(message).build());
    }

    /** About an object of this kind. */
    static KubernetesClientException about(int code, String kind) {
        return of(new StatusBuilder()
                .withCode(code)
                .withMessage(kind + " \"shop\" not found")
                .withNewDetails()
                .withKind(kind)
                .endDetails()
                .build());
    }

    /** For the fields of an object. */
    static KubernetesClientException invalid(String message, List<String> fields) {
        StatusBuilder status =
                new StatusBuilder().withCode(422).withReason("Invalid").withMessage(message);
        status.withNewDetails().endDetails();
        fields.forEach(field -> status.editDetails()
                .addNewCause()
                .withReason("FieldValueInvalid")
                .withField(field)
                .endCause()
                .endDetails());
        return of(status.build());
    }

    private static KubernetesClientException of(Status status) {
        return new KubernetesClientException(
                "Failure executing: PUT at: https://10.96.0.1/apis. Message: " + status.getMessage(),
                status.getCode(),
                status);
    }
}
