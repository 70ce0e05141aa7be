package bridge.bailey.target;

import bridge.bailey.model.Printable;
import bridge.bailey.target.Outcome.Kind;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** What a failure of the Kubernetes API means. */
final class ApiFailures {

    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int LONGEST = 1000;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int INVALID = 422;

    private ApiFailures() {}

    static Kind kindOf(KubernetesClientException e) {
        return switch (e.getCode()) {
            case FORBIDDEN -> Kind.FORBIDDEN;
            case CONFLICT -> Kind.CONFLICT;
            case NOT_FOUND -> isNamespace(e) ? Kind.REFUSED : Kind.CONFLICT;
            case BAD_REQUEST, INVALID -> Kind.REFUSED;
            case UNAUTHORIZED -> Kind.UNAVAILABLE;
            default -> Kind.UNAVAILABLE;
        };
    }

    private static boolean isNamespace(KubernetesClientException e) {
        return e.getStatus() != null
                && e.getStatus().getDetails() != null
                && "namespaces".equals(e.getStatus().getDetails().getKind());
    }

    /** The API server's own words. */
    static String messageOf(KubernetesClientException e) {
        return Printable.of(wordsOf(e), LONGEST);
    }

    private static String wordsOf(KubernetesClientException e) {
        if (e.getStatus() != null && e.getStatus().getMessage() != null) {
            return e.getStatus().getMessage();
        }
        Throwable cause = e.getCause();
        String message = String.valueOf(e.getMessage());
        return cause == null || cause.getMessage() == null || message.contains(cause.getMessage())
                ? message
                : message + ": " + cause.getMessage();
    }
}
