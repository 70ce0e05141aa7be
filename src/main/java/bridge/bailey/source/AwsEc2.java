package bridge.bailey.source;

import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * EC2 by the AWS SDK, with its default chains for credentials and region and its environment variables. There is one client
 * for each region and role, made by the first query that needs it.
 */
public final class AwsEc2 implements Ec2Api {

    private static final int ATTEMPTS = 3;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

    /** A region becomes part of a host name, so nothing else may get there. */
    private static final Pattern REGION = Pattern.compile("[a-z0-9][-a-z0-9]{0,62}");

    private final Ec2Settings settings;
    private final SdkHttpClient http;
    private final ScheduledExecutorService timeouts;
    private final Map<Account, Clients> clients = new ConcurrentHashMap<>();
    private volatile Optional<String> defaultRegion = Optional.empty();

    /**
     * Makes a client that has not called anything yet.
     *
     * @param cluster part of the session name of assumed roles, {@code bailey-<cluster>}
     */
    public AwsEc2(String cluster) {
        this(Ec2Settings.of(cluster));
    }

    /** A client of a simulator, which answers for EC2 and STS and takes any credentials. */
    public AwsEc2(String cluster, URI simulator) {
        this(Ec2Settings.of(cluster).at(simulator));
    }

    /** The same with pages of so many instances. */
    public AwsEc2(String cluster, URI simulator, int pageSize) {
        this(Ec2Settings.of(cluster).at(simulator).withPageSize(pageSize));
    }

    AwsEc2(Ec2Settings settings) {
        this.settings = settings;
        this.http = UrlConnectionHttpClient.builder()
                .connectionTimeout(settings.attempt())
                .socketTimeout(settings.attempt())
                .build();
        this.timeouts = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "ec2-timeouts");
            thread.setDaemon(true);
            return thread;
        });
    }

    private record Account(String region, String role) {}

    private record Clients(Ec2Client ec2, SdkAutoCloseable role) {
        void close() {
            ec2.close();
            role.close();
        }
    }

    /**
     * The region that the SDK finds: {@code AWS_REGION}, the profile, or the machine's own. Blocks, off EC2 for some seconds,
     * until there is one; later calls return the same.
     */
    public Optional<String> defaultRegion() {
        if (defaultRegion.isEmpty()) {
            try {
                defaultRegion = Optional.of(DefaultAwsRegionProviderChain.builder()
                        .build()
                        .getRegion()
                        .id());
            } catch (SdkClientException e) {
                return Optional.empty();
            }
        }
        return defaultRegion;
    }

    @Override
    public List<Ec2Instance> instances(Ec2Query query) throws Ec2Exception {
        String region = region(query);
        try {
            Ec2Client client = clients.computeIfAbsent(new Account(region, query.role()), this::clients)
                    .ec2();
            return new Ec2Pages(client, settings.pageSize()).read(query);
        } catch (RuntimeException e) {
            throw new Ec2Exception(Ec2ErrorText.of(e, region, query.role()), e);
        }
    }

    /**
     * Asks whether the query would be allowed, without reading anything.
     *
     * @throws Ec2Exception if it would not be, or that can't be told
     */
    public void dryRun(Ec2Query query) throws Ec2Exception {
        String region = region(query);
        try {
            clients.computeIfAbsent(new Account(region, query.role()), this::clients)
                    .ec2()
                    .describeInstances(request -> request.dryRun(true));
        } catch (RuntimeException e) {
            if (!Ec2ErrorText.saysDryRun(e)) {
                throw new Ec2Exception(Ec2ErrorText.of(e, region, query.role()), e);
            }
        }
    }

    private String region(Ec2Query query) throws Ec2Exception {
        if (query.region().isEmpty()) {
            return defaultRegion()
                    .orElseThrow(() -> new Ec2Exception("no region is known: name one in bailey.ec2.regions, the"
                            + " LegacyService, or AWS_REGION"));
        }
        if (!REGION.matcher(query.region()).matches()) {
            throw new Ec2Exception("the region must be one such as eu-central-1");
        }
        return query.region();
    }

    private Clients clients(Account account) {
        if (account.role().isEmpty()) {
            return new Clients(ec2(account, settings.credentials()), () -> {});
        }
        StsClient sts = configured(StsClient.builder(), account, settings.sts(), settings.credentials())
                .build();
        AssumedRole role = new AssumedRole(sts, account.role(), settings.session());
        return new Clients(ec2(account, role), role);
    }

    private Ec2Client ec2(Account account, AwsCredentialsProvider credentials) {
        return configured(Ec2Client.builder(), account, settings.ec2(), credentials)
                .build();
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B configured(
            B builder, Account account, Optional<URI> endpoint, AwsCredentialsProvider credentials) {
        endpoint.ifPresent(builder::endpointOverride);
        return builder.httpClient(http)
                .region(Region.of(account.region()))
                .credentialsProvider(credentials)
                .overrideConfiguration(overrides());
    }

    private ClientOverrideConfiguration overrides() {
        BackoffStrategy pauses = BackoffStrategy.exponentialDelay(settings.pause(), LONGEST_PAUSE);
        return ClientOverrideConfiguration.builder()
                .scheduledExecutorService(timeouts)
                .apiCallAttemptTimeout(settings.attempt())
                .apiCallTimeout(settings.call())
                .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(ATTEMPTS)
                        .backoffStrategy(pauses)
                        .throttlingBackoffStrategy(pauses)
                        .build())
                .build();
    }

    @Override
    public void close() {
        clients.values().forEach(Clients::close);
        http.close();
        timeouts.shutdownNow();
    }
}
