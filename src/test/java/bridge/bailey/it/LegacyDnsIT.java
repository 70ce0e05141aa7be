package bridge.bailey.it;

import static bridge.bailey.it.Kube.notReady;
import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.it.HostLookup.Answer;
import bridge.bailey.it.HostResolver.Program;
import bridge.bailey.local.LocalConsul;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a legacy host sees of the cluster through its own resolver, with the configuration that examples/dns offers. The figures
 * of docs/dns.md for dnsmasq and unbound are these.
 */
class LegacyDnsIT {

    private static final int MANY = 50;
    private static final Duration TTL = Duration.ofSeconds(3);
    private static final AtomicInteger SERVICES = new AtomicInteger();

    private static final LocalConsul PLAIN = SharedConsul.get();
    private static final Map<Program, HostResolver> OF_PLAIN = new EnumMap<>(Program.class);
    private static final Map<Program, HostResolver> OF_TUNED = new EnumMap<>(Program.class);

    /** Says when an answer is cut, as examples/dns/consul.hcl has it, and lets resolvers keep answers. */
    private static LocalConsul tuned;

    private static Cluster cluster;
    private static String shop;
    private static Bailey bailey;
    private static Bailey baileyOfTuned;

    @BeforeAll
    static void start() {
        tuned = LocalConsul.startWithDns(Map.of(
                "enable_truncate",
                true,
                "service_ttl",
                Map.of("*", TTL.toSeconds() + "s"),
                "soa",
                Map.of("min_ttl", TTL.toSeconds())));
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        bailey = Bailey.of(cluster, PLAIN.httpPort(), Map.of()).started();
        baileyOfTuned = Bailey.of(cluster, tuned.httpPort(), Map.of()).started();
        for (Program program : Program.values()) {
            OF_PLAIN.put(program, HostResolver.start(program, PLAIN.dnsPort()));
            OF_TUNED.put(program, HostResolver.start(program, tuned.dnsPort()));
        }
    }

    @AfterAll
    static void stop() {
        OF_PLAIN.values().forEach(HostResolver::close);
        OF_TUNED.values().forEach(HostResolver::close);
        for (AutoCloseable one : new AutoCloseable[] {bailey, baileyOfTuned, cluster, tuned}) {
            if (one != null) {
                try {
                    one.close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** A service of the cluster that no other test uses, when both Consuls answer for it. */
    private static String exported(Endpoint... endpoints) {
        String name = unused();
        export(name, endpoints);
        return name;
    }

    private static String unused() {
        return cluster.prefix() + "-s" + SERVICES.incrementAndGet();
    }

    private static void export(String name, Endpoint... endpoints) {
        cluster.apply(service(shop, name, Map.of("bailey.bridge/weight", "7")));
        cluster.apply(slice(shop, name, name, endpoints));
        awaitInConsul(name, endpoints.length);
    }

    private static void awaitInConsul(String name, int instances) {
        for (LocalConsul consul : List.of(PLAIN, tuned)) {
            await().until(() -> new Dns(consul.dnsPort()).a(name).size() == instances);
        }
    }

    private static Endpoint[] many() {
        return IntStream.rangeClosed(1, MANY)
                .mapToObj(i -> ready("10.1.9." + i))
                .toArray(Endpoint[]::new);
    }

    private static HostLookup throughPlain(Program program) {
        return new HostLookup(OF_PLAIN.get(program).port());
    }

    private static HostLookup throughTuned(Program program) {
        return new HostLookup(OF_TUNED.get(program).port());
    }

    @ParameterizedTest
    @EnumSource
    void aHostFindsAddressesPortsAndWeights(Program program) {
        String users = exported(ready("10.1.0.1"), ready("10.1.0.2"));

        assertThat(throughPlain(program).a(users))
                .isEqualTo(new Answer("NOERROR", false, 0, List.of("10.1.0.1", "10.1.0.2")));
        assertThat(throughPlain(program).srv(users).records()).containsExactly("7:8080", "7:8080");
        assertThat(throughTuned(program).a(users).records()).containsExactly("10.1.0.1", "10.1.0.2");
    }

    @ParameterizedTest
    @EnumSource
    void aPodThatIsNotReadyIsGoneFromTheNextAnswer(Program program) {
        String users = exported(ready("10.1.0.1"), ready("10.1.0.2"));
        assertThat(throughPlain(program).a(users).records()).hasSize(2);

        cluster.apply(slice(shop, users, users, ready("10.1.0.1"), notReady("10.1.0.2")));
        awaitInConsul(users, 1);

        assertThat(throughPlain(program).a(users).records()).containsExactly("10.1.0.1");
    }

    @ParameterizedTest
    @EnumSource
    void aServiceThatWasAskedForTooEarlyIsFoundAsSoonAsItIsThere(Program program) {
        String users = unused();
        assertThat(throughPlain(program).a(users).status()).isEqualTo("NXDOMAIN");

        export(users, ready("10.1.0.1"));

        assertThat(throughPlain(program).a(users).records()).containsExactly("10.1.0.1");
    }

    @ParameterizedTest
    @EnumSource
    void whatConsulLetsResolversKeepIsStaleForSoLong(Program program) {
        String users = exported(ready("10.1.0.1"), ready("10.1.0.2"));
        String later = unused();
        long asked = System.nanoTime();
        assertThat(throughTuned(program).a(users).ttl()).isEqualTo(TTL.toSeconds());
        assertThat(throughTuned(program).a(later).status()).isEqualTo("NXDOMAIN");

        cluster.apply(slice(shop, users, users, ready("10.1.0.1")));
        export(later, ready("10.1.0.3"));
        awaitInConsul(users, 1);

        List<String> kept = throughTuned(program).a(users).records();
        String keptStatus = throughTuned(program).a(later).status();
        // Resolvers count whole seconds, so an answer may be kept for almost one less.
        if (System.nanoTime() - asked < TTL.minusSeconds(1).toNanos()) {
            assertThat(kept).as("a kept answer").containsExactly("10.1.0.1", "10.1.0.2");
            assertThat(keptStatus).as("a kept answer").isEqualTo("NXDOMAIN");
        }
        await().untilAsserted(() -> {
            assertThat(throughTuned(program).a(users).records()).containsExactly("10.1.0.1");
            assertThat(throughTuned(program).a(later).records()).containsExactly("10.1.0.3");
        });
    }

    @ParameterizedTest
    @CsvSource({"DNSMASQ,no-negcache", "UNBOUND,cache-max-negative-ttl: 0"})
    void aResolverCanBeToldToKeepNoAbsence(Program program, String setting) {
        try (HostResolver resolver = HostResolver.start(program, tuned.dnsPort(), text -> text, setting)) {
            HostLookup host = new HostLookup(resolver.port());
            String users = unused();
            assertThat(host.a(users).status()).isEqualTo("NXDOMAIN");

            export(users, ready("10.1.0.1"));

            assertThat(host.a(users).records()).containsExactly("10.1.0.1");
        }
    }

    @Test
    void ofManyInstancesAHostSeesThreeUnlessConsulSaysThatTheAnswerIsCut() {
        String users = exported(many());

        Answer fromConsul = new HostLookup(PLAIN.dnsPort()).a(users);
        assertThat(fromConsul.records()).as("straight from Consul").hasSize(3);
        assertThat(fromConsul.cut()).as("Consul says that there are more").isFalse();
        assertThat(throughPlain(Program.DNSMASQ).a(users).records()).hasSize(3);
        assertThat(new HostLookup(OF_PLAIN.get(Program.DNSMASQ).port(), 1232)
                        .a(users)
                        .records())
                .as("options edns0")
                .hasSize(MANY);

        assertThat(new HostLookup(tuned.dnsPort()).a(users).records()).hasSize(MANY);
        assertThat(throughTuned(Program.DNSMASQ).a(users).records()).hasSize(MANY);
        assertThat(throughTuned(Program.DNSMASQ).byUdpOnly(users).cut()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void ofManyInstancesAHostSeesAllByTcp(Program program) {
        String users = exported(many());

        assertThat(throughTuned(program).byUdpOnly(users).cut()).isTrue();
        assertThat(throughTuned(program).a(users).records()).hasSize(MANY);
        assertThat(throughTuned(program).srv(users).records()).hasSize(MANY);
    }

    @Test
    void unboundAsksWithEdnsAndSoSeesAllAddressesButNotAllPortsOfAConsulThatDoesNotSayThatAnAnswerIsCut() {
        String users = exported(many());

        assertThat(throughPlain(Program.UNBOUND).a(users).records()).hasSize(MANY);
        assertThat(throughPlain(Program.UNBOUND).srv(users).records()).hasSizeBetween(10, MANY - 1);
        assertThat(throughTuned(Program.UNBOUND).srv(users).records()).hasSize(MANY);
    }

    /** Each line of what is shipped is there for a reason: without it, on a host as they often are, nothing is found. */
    @ParameterizedTest
    @CsvSource({
        "DNSMASQ, rebind-domain-ok=/consul/, stop-dns-rebind, NOERROR",
        "UNBOUND, do-not-query-localhost: no, '', SERVFAIL",
        "UNBOUND, domain-insecure: \"consul.\", '', SERVFAIL",
        "UNBOUND, private-domain: \"consul.\", private-address: 10.0.0.0/8, NOERROR"
    })
    void withoutTheLineNothingIsFound(Program program, String line, String own, String status) {
        String users = exported(ready("10.1.0.1"));

        try (HostResolver with = HostResolver.start(program, PLAIN.dnsPort(), text -> text, own);
                HostResolver without =
                        HostResolver.start(program, PLAIN.dnsPort(), text -> text.replace(line, ""), own)) {
            assertThat(new HostLookup(with.port()).a(users).records()).containsExactly("10.1.0.1");
            Answer answer = new HostLookup(without.port()).a(users);
            assertThat(answer.records()).isEmpty();
            assertThat(answer.status()).isEqualTo(status);
        }
    }

    /** A setting that hosts have to keep more of the internet, and that keeps dead instances too. */
    @Test
    void aLeastTimeInTheCacheOfDnsmasqOverrulesConsul() {
        String users = exported(ready("10.1.0.1"), ready("10.1.0.2"));
        try (HostResolver resolver =
                HostResolver.start(Program.DNSMASQ, PLAIN.dnsPort(), text -> text, "min-cache-ttl=60")) {
            HostLookup host = new HostLookup(resolver.port());
            assertThat(host.a(users).records()).hasSize(2);

            cluster.apply(slice(shop, users, users, ready("10.1.0.1")));
            awaitInConsul(users, 1);

            assertThat(host.a(users).records()).containsExactly("10.1.0.1", "10.1.0.2");
        }
    }
}
