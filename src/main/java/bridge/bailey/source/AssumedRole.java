package bridge.bailey.source;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** The credentials of a role, renewed when needed. A failure tells that it is about the role, and not about EC2. */
final class AssumedRole implements AwsCredentialsProvider, SdkAutoCloseable {

    private final StsClient sts;
    private final StsAssumeRoleCredentialsProvider provider;

    /**
     * Makes the credentials.
     *
     * @param sts is closed with this
     */
    AssumedRole(StsClient sts, String role, String session) {
        this.sts = sts;
        this.provider = StsAssumeRoleCredentialsProvider.builder()
                .stsClient(sts)
                .refreshRequest(request -> request.roleArn(role).roleSessionName(session))
                .build();
    }

    /** The role could not be assumed; the cause says why. */
    static final class NotAssumedException extends RuntimeException {

        NotAssumedException(SdkException cause) {
            super(cause);
        }
    }

    @Override
    public AwsCredentials resolveCredentials() {
        try {
            return provider.resolveCredentials();
        } catch (SdkException e) {
            throw new NotAssumedException(e);
        }
    }

    @Override
    public void close() {
        provider.close();
        sts.close();
    }
}
