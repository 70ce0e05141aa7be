package bridge.bailey.it;

import static bridge.bailey.it.Kube.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.cli.LegacySystems;
import bridge.bailey.config.Settings;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.flow.LegacySide;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.local.LocalEc2;
import bridge.bailey.metrics.Metrics;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.probe.ProbeLog;
import bridge.bailey.probe.Probes;
import bridge.bailey.source.AwsEc2;
import bridge.bailey.source.Discovery;
import bridge.bailey.source.Ec2Discovery;
import bridge.bailey.source.LegacyDeclarations;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** EC2 throttles, or answers with a part only: what it answered last stands, and what is not concerned goes on. */
class Ec2FaultsIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String REGION = "eu-central-1";
    private static final String OTHER_REGION = "eu-west-1";

    /** The least that EC2 allows. */
    private static final int PAGE = 5;

    private static final Vertx VERTX = Vertx.vertx();

    @RegisterExtension
    final Measured measured = new Measured();

    private final LocalConsul consul = SharedConsul.get();
    private final LocalEc2 ec2 = LocalEc2.start();
    private Cluster cluster;
    private String shop;
    private Bailey bailey;
    private ForeignObjects foreign;

    /** The real ones, but for EC2, which is in this process and answers in small pages. */
    private final class Systems implements LegacySide.Systems {
        private final LegacySystems real;
        private final Settings settings;

        Systems(Settings settings, KubernetesClient client, ConsulHttp http) {
            this.settings = settings;
            this.real =
                    new LegacySystems(settings, client, http, VERTX, new ProbeLog(new Metrics(List.of(), "test", "")));
        }

        @Override
        public LegacyDeclarations declarations() {
            return real.declarations();
        }

        @Override
        public Discovery<Ec2Query, Ec2Instance> ec2(Discovery.Listener<Ec2Query> listener) {
            AwsEc2 api = new AwsEc2(settings.config().cluster(), ec2.url(), PAGE);
            Duration refresh = settings.config().ec2().refresh();
            return new Ec2Discovery(api, refresh, InstantSource.system(), new Random(), listener);
        }

        @Override
        public Discovery<ConsulQuery, ConsulInstance> consul(Discovery.Listener<ConsulQuery> listener) {
            return real.consul(listener);
        }

        @Override
        public Probes probes(Probes.Listener listener) {
            return real.probes(listener);
        }
    }

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        cluster.apply(service(shop, "other"));
        LegacyKube.install(cluster);
        foreign = ForeignObjects.in(cluster, shop);
        ec2.byRegion();
        for (int i = 1; i <= 12; i++) {
            put(i, REGION, "users");
        }
        for (int i = 21; i <= 23; i++) {
            put(i, OTHER_REGION, "orders");
        }
        Map<String, String> options = new HashMap<>(Map.of(
                "cluster", cluster.prefix(),
                "export.enabled", "false",
                "legacy.enabled", "true",
                "legacy.namespaces", cluster.prefix() + "-*",
                "resync", "1s",
                "ec2.enabled", "true",
                "ec2.regions", REGION + "," + OTHER_REGION,
                "ec2.refresh", "1s"));
        bailey = new Bailey(
                        cluster.newClient(),
                        Map.of("CONSUL_HTTP_ADDR", "127.0.0.1:" + consul.httpPort()),
                        options,
                        Systems::new)
                .started();
        awaitMachines("users", 12);
        awaitMachines("orders", 3);
    }

    @AfterEach
    void stop() {
        bailey.close();
        ec2.close();
        foreign.assertUntouched();
        cluster.close();
    }

    private void put(int number, String region, String service) {
        ec2.put(new Ec2Instance(
                id(number),
                "10.20.0." + number,
                "",
                "",
                region + "a",
                false,
                Map.of("bailey:service", shop + "/" + service + ":80=8080", "bailey:probe", "none")));
    }

    private static String id(int number) {
        return "i-%02d".formatted(number);
    }

    /** What the API says that the cluster sees. */
    private int machines(String service) {
        List<EndpointSlice> slices = cluster.client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(shop)
                .withLabel("kubernetes.io/service-name", service)
                .list()
                .getItems();
        return slices.stream().mapToInt(slice -> slice.getEndpoints().size()).sum();
    }

    private void awaitMachines(String service, int count) {
        await().atMost(SOON).untilAsserted(() -> assertThat(machines(service)).isEqualTo(count));
    }

    /** Long enough for what was asked before to be of no account. */
    private void awaitMoreRequests(int count) {
        int now = ec2.requests();
        await().atMost(SOON).until(() -> ec2.requests() >= now + count);
        bailey.awaitFullPass();
    }

    @Test
    void whileEc2ThrottlesWhatItAnsweredLastStands() {
        ec2.fail(503, "RequestLimitExceeded");
        for (int i = 1; i <= 6; i++) {
            ec2.remove(id(i));
        }
        put(13, REGION, "users");
        awaitMoreRequests(4);
        assertThat(machines("users")).isEqualTo(12);
        assertThat(machines("orders")).isEqualTo(3);

        ec2.recover();
        measured.begin();

        awaitMachines("users", 7);
        measured.seconds("what changed meanwhile is there");
    }

    @Test
    void anEmptyAnswerTakesNothingAwayUntilItIsReleased() {
        for (int i = 31; i <= 50; i++) {
            put(i, REGION, "service-" + i);
        }
        await().atMost(SOON).until(() -> IntStream.rangeClosed(31, 50).allMatch(i -> machines("service-" + i) == 1));
        // All at once: a reading of several pages must not see a part of them go.
        ec2.fail(503, "RequestLimitExceeded");
        awaitMoreRequests(4);
        IntStream.rangeClosed(1, 50).forEach(i -> ec2.remove(id(i)));
        ec2.recover();
        measured.begin();
        await("the guard withholds something")
                .atMost(SOON)
                .until(() -> bailey.flows().toKubernetes().hold().isPresent());
        measured.seconds("it is withheld");
        awaitMoreRequests(4);
        assertThat(machines("users")).isEqualTo(12);
        assertThat(IntStream.rangeClosed(31, 50)).allMatch(i -> machines("service-" + i) == 1);

        bailey.flows().toKubernetes().release();
        measured.begin();

        awaitMachines("users", 0);
        awaitMachines("service-50", 0);
        measured.seconds("after the release, it is gone");
    }

    @Test
    void anAnswerOfWhichOnePageIsMissingIsNoAnswer() {
        ec2.fail(503, "Unavailable", (region, request) -> !request.nextToken().isEmpty());
        ec2.remove(id(1));
        awaitMoreRequests(6);
        assertThat(machines("users"))
                .as("the first page alone takes nothing away")
                .isEqualTo(12);

        ec2.recover();
        measured.begin();

        awaitMachines("users", 11);
        measured.seconds("what changed meanwhile is there");
    }

    @Test
    void aRegionThatIsAwayKeepsItsMachinesAndHoldsUpNoOther() {
        ec2.fail(503, "Unavailable", (region, request) -> region.equals(OTHER_REGION));
        ec2.remove(id(21));
        ec2.remove(id(12));
        measured.begin();
        awaitMachines("users", 11);
        measured.seconds("a change in the other region is there");
        awaitMoreRequests(4);
        assertThat(machines("orders")).isEqualTo(3);

        ec2.recover();
        measured.begin();

        awaitMachines("orders", 2);
        measured.seconds("what changed in the region that was away is there");
    }
}
