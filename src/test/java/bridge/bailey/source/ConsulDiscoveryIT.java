package bridge.bailey.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.consul.Backoff;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.ConsulSettings;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.model.Answer;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Health;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Legacy services in a real Consul. */
class ConsulDiscoveryIT {

    /** As in real life, but for the pauses. */
    private static final ConsulDiscovery.Timing TIMING =
            new ConsulDiscovery.Timing(Duration.ofSeconds(60), Duration.ofMillis(200), Duration.ofMillis(10));

    private static final ConsulDiscovery.Timing SHORT =
            new ConsulDiscovery.Timing(Duration.ofSeconds(2), Duration.ofMillis(200), Duration.ofMillis(10));

    /** Far less than a query may be held, so that what is in time was told by Consul. */
    private static final Duration SOON = Duration.ofSeconds(40);

    private static LocalConsul consul;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<ConsulQuery> told = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void startConsul() {
        consul = LocalConsul.start();
    }

    @AfterAll
    static void stopConsul() {
        consul.close();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private ConsulDiscovery ask(ConsulQuery... queries) {
        return ask(consul, "", queries);
    }

    private ConsulDiscovery ask(LocalConsul at, String token, ConsulQuery... queries) {
        return ask(at, token, TIMING, queries);
    }

    private ConsulDiscovery ask(LocalConsul at, String token, ConsulDiscovery.Timing timing, ConsulQuery... queries) {
        ConsulHttp http = new ConsulHttp(settings(at, token), (kind, status, seconds) -> {});
        Backoff backoff = new Backoff(100_000_000, 1_000_000_000, new Random(1));
        ConsulDiscovery discovery = new ConsulDiscovery(http, timing, backoff, InstantSource.system(), told::add);
        open.add(discovery);
        open.add(http);
        discovery.ask(Set.of(queries));
        return discovery;
    }

    private static ConsulSettings settings(LocalConsul at, String token) {
        return new ConsulSettings(
                at.uri(),
                Optional.empty(),
                Optional.of(token),
                Optional.empty(),
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(10),
                OptionalInt.empty());
    }

    private static ConsulQuery query(String service, String... tags) {
        return new ConsulQuery(service, "", List.of(tags));
    }

    /** As a legacy host registers its service at its own agent. */
    private static void register(LocalConsul at, String id, String name, String more) {
        at.put(
                "agent/service/register",
                """
                {"ID": "%s", "Name": "%s", "Address": "10.3.0.1", "Port": 8080 %s}"""
                        .formatted(id, name, more));
    }

    private static void ttl(String id, String status, String output) {
        consul.put(
                "agent/check/update/service:" + id,
                """
                {"Status": "%s", "Output": "%s"}""".formatted(status, output));
    }

    private static void awaitIds(ConsulDiscovery discovery, ConsulQuery query, String... ids) {
        await().atMost(SOON).untilAsserted(() -> assertThat(
                        discovery.answer(query).instances().stream().map(ConsulInstance::id))
                .containsExactlyInAnyOrder(ids));
    }

    private static void awaitHealth(ConsulDiscovery discovery, ConsulQuery query, Health health, String why) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(discovery.answer(query).instances())
                        .singleElement()
                        .satisfies(instance -> {
                            assertThat(instance.health()).isEqualTo(health);
                            assertThat(instance.why()).isEqualTo(why);
                        }));
    }

    @Test
    void aCheckThatFailsAndRecoversIsSeenAtOnce() {
        ConsulQuery query = query("billing");
        register(consul, "b1", "billing", ", \"Meta\": {\"zone\": \"z1\"}, \"Check\": {\"TTL\": \"10m\"}");
        ttl("b1", "passing", "fine");
        await("the agent has told the servers")
                .until(() -> consul.get("health/service/billing?passing").size() == 1);

        ConsulDiscovery discovery = ask(query);
        awaitHealth(discovery, query, Health.HEALTHY, "");
        assertThat(discovery.answer(query).instances())
                .containsExactly(new ConsulInstance("local/b1", "10.3.0.1", 8080, "z1", Health.HEALTHY, ""));

        ttl("b1", "critical", "disk full");
        awaitHealth(discovery, query, Health.UNHEALTHY, "disk full");

        ttl("b1", "warning", "disk nearly full");
        awaitHealth(discovery, query, Health.HEALTHY, "disk nearly full");

        ttl("b1", "passing", "fine");
        awaitHealth(discovery, query, Health.HEALTHY, "");

        consul.put("agent/service/maintenance/b1?enable=true&reason=upgrade", "");
        awaitHealth(discovery, query, Health.UNHEALTHY, "maintenance: upgrade");
        await().untilAsserted(() -> assertThat(told).hasSize(5).containsOnly(query));
    }

    @Test
    void allTagsMustBeThere() {
        register(consul, "t1", "tagged", ", \"Tags\": [\"v1\", \"eu\"]");
        register(consul, "t2", "tagged", ", \"Tags\": [\"v1\"]");
        register(consul, "t3", "tagged", ", \"Tags\": [\"eu\", \"v2\"]");
        ConsulQuery all = query("tagged");
        ConsulQuery v1 = query("tagged", "v1");
        ConsulQuery both = query("tagged", "v1", "eu");
        ConsulQuery none = query("tagged", "v1", "v2");

        ConsulDiscovery discovery = ask(all, v1, both, none);

        awaitIds(discovery, all, "local/t1", "local/t2", "local/t3");
        awaitIds(discovery, v1, "local/t1", "local/t2");
        awaitIds(discovery, both, "local/t1");
        await().until(() -> discovery.answer(none).known());
        assertThat(discovery.answer(none).instances()).isEmpty();
    }

    @Test
    void whatCameFromAClusterNeverComesBackAlsoUnderTheNameOfALegacyService() {
        register(consul, "u1", "users", "");
        entry("k8s-prod", "p/shop/users/10.1.0.1:80", "\"managed-by\": \"bailey\", \"bailey-cluster\": \"prod\"");
        entry("k8s-sync", "users-1", "\"external-source\": \"kubernetes\"");
        register(
                consul,
                "u1-proxy",
                "users",
                ", \"Kind\": \"connect-proxy\"," + " \"Proxy\": {\"DestinationServiceName\": \"users\"}");
        ConsulQuery query = query("users");

        ConsulDiscovery discovery = ask(query);
        awaitIds(discovery, query, "local/u1");

        entry("k8s-prod", "p/shop/users/10.1.0.2:80", "\"managed-by\": \"bailey\", \"bailey-cluster\": \"prod\"");
        register(consul, "u2", "users", "");
        awaitIds(discovery, query, "local/u1", "local/u2");
    }

    private static void entry(String node, String id, String meta) {
        consul.put(
                "catalog/register",
                """
                {"Node": "%s", "Address": "127.0.0.1", "NodeMeta": {%s},
                 "Service": {"ID": "%s", "Service": "users", "Address": "10.1.0.1", "Port": 80, "Meta": {%s}}}"""
                        .formatted(node, meta, id, meta));
    }

    @Test
    void aServiceThatAppearsLaterIsFound() {
        ConsulQuery query = query("later");
        ConsulDiscovery discovery = ask(query);
        await().until(() -> discovery.answer(query).known());
        assertThat(discovery.answer(query).instances()).isEmpty();

        register(consul, "l1", "later", "");
        awaitIds(discovery, query, "local/l1");

        consul.put("agent/service/deregister/l1", "");
        awaitIds(discovery, query);
        register(consul, "l2", "later", "");
        awaitIds(discovery, query, "local/l2");
    }

    @Test
    void aDatacenterThatDoesNotExistIsToldAndTheOthersAreServed() {
        register(consul, "d1", "somewhere", "");
        ConsulQuery own = new ConsulQuery("somewhere", "dc1", List.of());
        ConsulQuery unknown = new ConsulQuery("somewhere", "dc9", List.of());

        ConsulDiscovery discovery = ask(own, unknown);

        awaitIds(discovery, own, "local/d1");
        await().untilAsserted(
                        () -> assertThat(discovery.answer(unknown).error()).contains("No path to datacenter"));
        assertThat(discovery.answer(unknown).known()).isFalse();
        assertThat(discovery.answer(unknown).origin()).isEqualTo("consul/dc9");
    }

    @Test
    void whileConsulRestartsNothingIsLost() {
        try (LocalConsul own = LocalConsul.start()) {
            ConsulQuery query = query("billing");
            for (int i = 0; i < 20; i++) {
                register(own, "b" + i, "billing", "");
            }
            List<Integer> seen = new CopyOnWriteArrayList<>();
            ConsulDiscovery discovery = ask(own, "", query);
            await().until(() -> discovery.answer(query).instances().size() == 20);

            own.stop();
            await().atMost(SOON).until(() -> !discovery.answer(query).error().isEmpty());
            seen.add(discovery.answer(query).instances().size());
            own.startAgain();
            await().atMost(SOON).until(() -> {
                seen.add(discovery.answer(query).instances().size());
                return discovery.answer(query).error().isEmpty();
            });
            seen.add(discovery.answer(query).instances().size());

            assertThat(seen).containsOnly(20);
            register(own, "new", "billing", "");
            await().atMost(SOON).until(() -> discovery.answer(query).instances().size() == 21);
        }
    }

    @Test
    void aConsulThatWasWipedIsAskedAnew() {
        try (LocalConsul own = LocalConsul.start()) {
            ConsulQuery query = query("billing");
            for (int i = 0; i < 30; i++) {
                own.put("kv/makes-the-index-grow", Integer.toString(i));
            }
            catalogEntry(own, "b1");
            ConsulDiscovery discovery = ask(own, "", query);
            awaitIds(discovery, query, "vm1/b1");

            own.stop();
            own.wipe();
            own.startAgain();
            awaitIds(discovery, query);

            catalogEntry(own, "b2");
            awaitIds(discovery, query, "vm1/b2");
            catalogEntry(own, "b3");
            awaitIds(discovery, query, "vm1/b2", "vm1/b3");
        }
    }

    @Test
    void aConsulThatWasRestoredToAnOlderStateIsAskedAnew() {
        try (LocalConsul own = LocalConsul.start()) {
            ConsulQuery query = query("billing");
            catalogEntry(own, "b1");
            byte[] snapshot = own.snapshot();
            catalogEntry(own, "b2");
            // Newer versions of Consul tell of the restored state only when the query is over.
            ConsulDiscovery discovery = ask(own, "", SHORT, query);
            awaitIds(discovery, query, "vm1/b1", "vm1/b2");

            own.restore(snapshot);

            awaitIds(discovery, query, "vm1/b1");
            catalogEntry(own, "b3");
            awaitIds(discovery, query, "vm1/b1", "vm1/b3");
        }
    }

    private static void catalogEntry(LocalConsul at, String id) {
        at.put(
                "catalog/register",
                """
                {"Node": "vm1", "Address": "10.0.0.1", "Service": {"ID": "%s", "Service": "billing"}}"""
                        .formatted(id));
    }

    @Test
    void aTokenThatMayNotReadIsToldWhatItLacksAndLosesNothing() {
        try (LocalConsul own = LocalConsul.startWithAcl()) {
            ConsulQuery query = query("billing");
            catalogEntry(own, "b1");
            String nodes = "node_prefix \"\" { policy = \"read\" }";
            String service = "service \"billing\" { policy = \"read\" }";
            own.put("acl/policy", json(Map.of("Name", "p", "Rules", service + nodes)));
            JsonNode token = own.put("acl/token", "{\"Policies\": [{\"Name\": \"p\"}]}");
            String policy = token.at("/Policies/0/ID").asText();
            ConsulDiscovery discovery = ask(own, token.get("SecretID").asText(), query);
            awaitIds(discovery, query, "vm1/b1");

            own.put("acl/policy/" + policy, json(Map.of("ID", policy, "Name", "p", "Rules", nodes)));
            catalogEntry(own, "b2");
            awaitError(discovery, query, "lacks the permission service:read for \"billing\"");

            own.put("acl/policy/" + policy, json(Map.of("ID", policy, "Name", "p", "Rules", service)));
            awaitError(discovery, query, "lacks the permission node:read");
            assertThat(discovery.answer(query).instances()).hasSize(1);

            own.put("acl/policy/" + policy, json(Map.of("ID", policy, "Name", "p", "Rules", service + nodes)));
            awaitIds(discovery, query, "vm1/b1", "vm1/b2");
            assertThat(discovery.answer(query).error()).isEmpty();
        }
    }

    private static void awaitError(ConsulDiscovery discovery, ConsulQuery query, String text) {
        // Consul's servers and agents keep what they know of a token for half a minute.
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Answer<ConsulInstance> answer = discovery.answer(query);
            assertThat(answer.error()).contains(text);
        });
    }

    private static String json(Object value) {
        try {
            return new ObjectMapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
