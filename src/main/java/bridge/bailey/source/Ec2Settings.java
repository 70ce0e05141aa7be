package bridge.bailey.source;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * How EC2 is called.
 *
 * @param session the name of sessions with assumed roles, which CloudTrail shows
 * @param ec2 the endpoint of EC2; without one, that of the region, or what {@code AWS_ENDPOINT_URL_EC2} says
 * @param sts the endpoint of STS, likewise ({@code AWS_ENDPOINT_URL_STS})
 * @param credentials Bailey's own
 * @param pageSize how many instances an answer may have; EC2 allows 5 to 1000
 * @param attempt how long one attempt of a call may take, and
 * @param call how long all of its attempts together
 * @param pause before the second attempt; it doubles before the third and last one
 */
record Ec2Settings(
        String session,
        Optional<URI> ec2,
        Optional<URI> sts,
        AwsCredentialsProvider credentials,
        int pageSize,
        Duration attempt,
        Duration call,
        Duration pause) {

    /** Of the 1,000 that EC2 allows: a page of so many comes well within the time-out of an attempt. */
    private static final int PAGE_SIZE = 500;

    private static final Duration ATTEMPT = Duration.ofSeconds(10);
    private static final Duration CALL = Duration.ofSeconds(30);

    /** The SDK's own pause after being throttled. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    static Ec2Settings of(String cluster) {
        return new Ec2Settings(
                "bailey-" + cluster,
                Optional.empty(),
                Optional.empty(),
                DefaultCredentialsProvider.builder().build(),
                PAGE_SIZE,
                ATTEMPT,
                CALL,
                PAUSE);
    }

    /** The same for a simulator of EC2 and STS, which takes any credentials. */
    Ec2Settings at(URI simulator) {
        return new Ec2Settings(
                session,
                Optional.of(simulator),
                Optional.of(simulator),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("simulator", "simulator")),
                pageSize,
                attempt,
                call,
                pause);
    }

    /** The same with pages of this size. */
    Ec2Settings withPageSize(int size) {
        return new Ec2Settings(session, ec2, sts, credentials, size, attempt, call, pause);
    }
}
