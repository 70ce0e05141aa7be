package bridge.bailey.source;

import bridge.bailey.model.Printable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/**
 * Says in a sentence why a service of AWS did not answer, and what is to be mended. Ids of requests are left out, since each
 * try has another and the sentence would change; so is what AWS says about credentials, since parts of them may be in it.
 *
 * @param service such as EC2
 * @param permission what the call needs
 */
record Ec2ErrorText(String service, String region, String permission) {

    private static final int UNAUTHORIZED = 401;
    private static final int SERVER_ERROR = 500;

    /** The codes of EC2 and STS, by the "common errors" of their API references. */
    private static final Set<String> EXPIRED = Set.of("ExpiredToken", "ExpiredTokenException", "RequestExpired");

    private static final Set<String> DENIED = Set.of("UnauthorizedOperation", "AccessDenied", "AccessDeniedException");

    private static final Set<String> NOT_ACCEPTED = Set.of(
            "AuthFailure",
            "Blocked",
            "IncompleteSignature",
            "InvalidClientTokenId",
            "MissingAuthenticationToken",
            "OptInRequired",
            "PendingVerification",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException");

    /**
     * The sentence for a failed query.
     *
     * @param role the ARN of the role that the query is sent with, or ""
     */
    static String of(RuntimeException failure, String region, String role) {
        return find(failure, AssumedRole.NotAssumedException.class)
                .map(notAssumed -> "the role " + Printable.of(role) + " can't be assumed: "
                        + new Ec2ErrorText(
                                        "STS",
                                        region,
                                        "sts:AssumeRole on it, and its trust policy must name whose they are")
                                .of(notAssumed.getCause()))
                .orElseGet(() -> new Ec2ErrorText("EC2", region, "ec2:DescribeInstances").of(failure));
    }

    /** By this error EC2 says that a call would have been allowed, had it not been a dry run. */
    static boolean saysDryRun(RuntimeException failure) {
        return failure instanceof AwsServiceException answered
                && answered.awsErrorDetails() != null
                && "DryRunOperation".equals(answered.awsErrorDetails().errorCode());
    }

    private String of(Throwable failure) {
        return find(failure, AwsServiceException.class)
                .map(this::answered)
                .or(() -> timedOut(failure))
                .or(() -> find(failure, IOException.class).map(this::notReached))
                .orElseGet(() -> other(failure));
    }

    private String answered(AwsServiceException failure) {
        String code = Optional.ofNullable(failure.awsErrorDetails())
                .flatMap(details -> Optional.ofNullable(details.errorCode()))
                .map(Printable::of)
                .orElse("");
        String what = (code.isEmpty() ? "" : code + ", ") + "HTTP " + failure.statusCode();
        if (failure.isThrottlingException()) {
            return "%s throttles this account (%s); it is asked less often meanwhile".formatted(here(), what);
        }
        if (EXPIRED.contains(code)) {
            return "the credentials have expired (%s), or this machine's clock is wrong".formatted(what);
        }
        if (DENIED.contains(code)) {
            return "the credentials need the permission %s (%s)".formatted(permission, what);
        }
        // The JDK keeps the body of a 401 to itself, and the code with it.
        if (NOT_ACCEPTED.contains(code) || failure.statusCode() == UNAUTHORIZED) {
            return "%s does not accept the credentials (%s): they are wrong, or the region is not enabled in their account"
                    .formatted(here(), what);
        }
        if (failure.statusCode() >= SERVER_ERROR) {
            return "%s is not available (%s)".formatted(here(), what);
        }
        return "%s refuses the request (%s)%s".formatted(here(), what, saying(failure));
    }

    private static String saying(AwsServiceException failure) {
        return Optional.ofNullable(failure.awsErrorDetails())
                .flatMap(details -> Optional.ofNullable(details.errorMessage()))
                .map(message -> ": " + Printable.of(message))
                .orElse("");
    }

    private Optional<String> timedOut(Throwable failure) {
        boolean timedOut = Stream.of(
                        ApiCallTimeoutException.class,
                        ApiCallAttemptTimeoutException.class,
                        SocketTimeoutException.class)
                .anyMatch(type -> find(failure, type).isPresent());
        return timedOut ? Optional.of(here() + " did not answer in time") : Optional.empty();
    }

    private String notReached(IOException failure) {
        if (failure instanceof UnknownHostException) {
            return "the host name of %s can't be resolved: is there such a region?".formatted(here());
        }
        String trouble = failure instanceof SSLException ? "can't be trusted" : "can't be reached";
        return "%s %s: %s".formatted(here(), trouble, Printable.of(String.valueOf(failure.getMessage())));
    }

    private String other(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.startsWith("Unable to load credentials")) {
            return "no AWS credentials were found, neither in the environment nor in a profile, a web identity, the container"
                    + " or the machine";
        }
        if (message.contains("unmarshall")) {
            return "the answer of %s was cut off or is not XML: is there a proxy between, or is the endpoint wrong?"
                    .formatted(here());
        }
        return "the request to %s failed: %s".formatted(here(), Printable.of(message));
    }

    private String here() {
        return service + " in " + region;
    }

    private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }
}
