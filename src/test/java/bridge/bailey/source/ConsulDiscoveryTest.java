package bridge.bailey.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.consul.Backoff;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.ConsulSettings;
import bridge.bailey.model.Answer;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How queries follow each other, by a Consul that answers what the test says. */
class ConsulDiscoveryTest {

    private static final ConsulQuery BILLING = new ConsulQuery("billing", "", List.of());
    private static final ConsulDiscovery.Timing QUICK = timing(Duration.ofMillis(1), Duration.ofMillis(1));
    private static final String EMPTY = "[]";

    private final ScriptedConsul consul = new ScriptedConsul();
    private final AtomicInteger told = new AtomicInteger();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final List<String> observed = new CopyOnWriteArrayList<>();
    private final ConsulHttp http =
            new ConsulHttp(settings(), (kind, status, seconds) -> observed.add(kind + " " + status));
    private ConsulDiscovery discovery;

    private ConsulSettings settings() {
        return new ConsulSettings(
                consul.uri(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(10),
                OptionalInt.empty());
    }

    private static ConsulDiscovery.Timing timing(Duration pause, Duration atLeast) {
        return new ConsulDiscovery.Timing(Duration.ofSeconds(60), pause, atLeast);
    }

    private void ask(ConsulDiscovery.Timing timing, int mostBlocking, ConsulQuery... queries) {
        InstantSource clock = now::get;
        Backoff backoff = new Backoff(1_000_000, 10_000_000, new Random(1));
        discovery = new ConsulDiscovery(http, timing, backoff, clock, query -> told.incrementAndGet(), mostBlocking);
        discovery.ask(Set.of(queries));
    }

    @AfterEach
    void stop() {
        discovery.close();
        http.close();
        consul.close();
    }

    private static String instance(String address) {
        return """
                [{"Node": {"Node": "vm1", "Address": "10.0.0.1"}, "Checks": [],
                  "Service": {"ID": "b1", "Service": "billing", "Address": "%s", "Port": 80}}]"""
                .formatted(address);
    }

    private Answer<ConsulInstance> answer() {
        return discovery.answer(BILLING);
    }

    private void awaitAddress(String... expected) {
        await().untilAsserted(() -> assertThat(answer().instances().stream().map(ConsulInstance::address))
                .containsExactly(expected));
    }

    private void awaitAsked(int times) {
        await().until(() -> consul.asked().size() >= times);
    }

    private static boolean isRunning(String service) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("consul-query-" + service));
    }

    @Test
    void aConsulWithoutAclsIsNotCountedAsOneThatFails() {
        consul.withoutAcls().always(200, "7", EMPTY);

        ask(QUICK, 1, BILLING);

        await().until(() -> answer().known());
        assertThat(observed).contains("authorize 200").allMatch(request -> request.endsWith(" 200"));
    }

    @Test
    void theFirstQueryComesBackAtOnceAndTheNextWaitsForAChange() {
        consul.then(200, "7", instance("10.1.0.1")).then(200, "8", instance("10.1.0.2"));

        ask(QUICK, 1, BILLING);

        awaitAddress("10.1.0.2");
        awaitAsked(3);
        assertThat(consul.query(0)).isEqualTo("consistent=");
        assertThat(consul.query(1)).isEqualTo("index=7&wait=60000ms&consistent=");
        assertThat(consul.query(2)).isEqualTo("index=8&wait=60000ms&consistent=");
    }

    @Test
    void datacenterAndTagsAreAskedFor() {
        ask(QUICK, 1, new ConsulQuery("billing", "dc 2", List.of("v1", "a&b")));

        awaitAsked(1);
        assertThat(consul.asked().get(0).uri().getPath()).isEqualTo("/v1/health/service/billing");
        assertThat(consul.query(0)).isEqualTo("dc=dc%202&tag=v1&tag=a%26b&consistent=");
    }

    @Test
    void anUnchangedIndexIsNoNewsButASuccess() {
        consul.then(200, "7", instance("10.1.0.1"));
        ask(QUICK, 1, BILLING);
        awaitAsked(2);
        now.set(Instant.EPOCH.plusSeconds(60));

        String unread = "no JSON, since nobody reads it";
        consul.then(200, "7", unread).then(200, "7", unread);

        awaitAsked(4);
        assertThat(consul.query(3)).contains("index=7&");
        assertThat(told).hasValue(1);
        assertThat(answer().lastSuccess()).contains(Instant.EPOCH.plusSeconds(60));
        assertThat(answer().error()).isEmpty();
    }

    @Test
    void aQueryThatBroughtNothingNewIsFollowedByOneThatDoesNotBlockSinceARestoredConsulMayPretend() {
        consul.then(200, "7", instance("10.1.0.1"))
                .then(200, "7", instance("10.1.0.2"))
                .then(200, "6", instance("10.1.0.2"));

        ask(QUICK, 1, BILLING);

        awaitAsked(4);
        assertThat(consul.query(2)).isEqualTo("consistent=");
        assertThat(consul.query(3)).contains("index=6&");
        awaitAddress("10.1.0.2");
    }

    @Test
    void anIndexThatWentBackIsTheOneToGoOnFrom() {
        consul.then(200, "7", instance("10.1.0.1")).then(200, "6", instance("10.1.0.2"));

        ask(QUICK, 1, BILLING);

        awaitAsked(3);
        awaitAddress("10.1.0.2");
        assertThat(consul.query(2)).contains("index=6&");
    }

    @ParameterizedTest(name = "index \"{0}\"")
    @ValueSource(strings = {"0", ""})
    void withoutAnIndexThereIsNothingToWaitFor(String index) {
        consul.then(200, "7", instance("10.1.0.1")).then(200, index, instance("10.1.0.2"));

        ask(QUICK, 1, BILLING);

        awaitAsked(3);
        awaitAddress("10.1.0.2");
        assertThat(consul.query(2)).isEqualTo("consistent=");
    }

    @Test
    void whileConsulFailsTheLastGoodAnswerStandsAndAfterwardsItStartsAnew() {
        consul.then(200, "7", instance("10.1.0.1")).then(500, "", "No cluster leader");
        ask(QUICK, 1, BILLING);

        await().until(() -> answer().error().contains("No cluster leader"));
        assertThat(answer().known()).isTrue();
        assertThat(answer().instances()).hasSize(1);
        await().untilAsserted(() -> assertThat(told).hasValue(2));

        consul.then(200, "3", instance("10.1.0.1"));
        await().until(() -> answer().error().isEmpty());
        await().untilAsserted(() -> assertThat(told).hasValue(3));
        assertThat(consul.query(2)).isEqualTo("consistent=");
    }

    @Test
    void withoutAnyGoodAnswerNothingIsKnown() {
        consul.always(200, "7", "<html>a login page</html>");
        ask(QUICK, 1, BILLING);

        await().until(() -> answer().tried());
        assertThat(answer().known()).isFalse();
        assertThat(answer().error()).contains("Consul at").doesNotContain("\n");
        awaitAsked(3);
        assertThat(told).hasValue(1);
    }

    @Test
    void aServiceWithoutInstancesIsAskedForAfterAPauseAndNeverBlockedOn() {
        Duration pause = Duration.ofMillis(200);
        consul.always(200, "7", EMPTY);
        ask(timing(pause, Duration.ofMillis(1)), 1, BILLING);

        awaitAsked(4);
        assertThat(answer().known()).isTrue();
        assertThat(consul.asked())
                .allSatisfy(asked -> assertThat(asked.uri().getRawQuery()).isEqualTo("consistent="));
        assertApart(3, pause);
        assertThat(told).hasValue(1);
    }

    @Test
    void aServiceThatChangesAllTheTimeIsAskedForAtALimitedRate() {
        Duration atLeast = Duration.ofMillis(100);
        ask(timing(Duration.ofMinutes(1), atLeast), 1, BILLING);
        for (int i = 0; i < 5; i++) {
            consul.then(200, Integer.toString(7 + i), instance("10.1.0." + i));
        }

        awaitAsked(6);
        assertApart(5, atLeast);
    }

    private void assertApart(int pauses, Duration each) {
        long nanos = consul.asked().get(pauses).nanos() - consul.asked().get(0).nanos();
        assertThat(nanos).isGreaterThanOrEqualTo(each.multipliedBy(pauses).toNanos());
    }

    @ParameterizedTest(name = "service {0}, nodes {1}")
    @CsvSource({
        "false, false, 'lacks the permission service:read for \"billing\"'",
        "false, true, 'service \"billing\" { policy = \"read\" }'",
        "true, false, 'node_prefix \"\" { policy = \"read\" }'"
    })
    void anEmptyAnswerProvesNothingToATokenThatMayNotReadEverything(boolean service, boolean nodes, String expected) {
        consul.then(200, "7", instance("10.1.0.1")).then(200, "8", EMPTY).rights(service, nodes);
        ask(QUICK, 1, BILLING);

        await().until(() -> answer().error().contains(expected));
        assertThat(answer().instances()).hasSize(1);
    }

    @Test
    void closingEndsALongPollAtOnce() {
        ConsulQuery query = new ConsulQuery("closing", "", List.of());
        consul.then(200, "7", instance("10.1.0.1"));
        ask(QUICK, 1, query);
        awaitAsked(2);

        discovery.close();

        await().until(() -> !isRunning("closing"));
        assertThat(discovery.answer(query)).isEqualTo(Answer.none("consul"));
        discovery.ask(Set.of(query));
        assertThat(isRunning("closing")).isFalse();
    }

    @Test
    void aQueryThatIsNoLongerAskedEndsAndTheOthersKeepTheirAnswers() {
        ConsulQuery dropped = new ConsulQuery("dropped", "", List.of());
        consul.then(200, "7", instance("10.1.0.1")).then(200, "7", instance("10.1.0.1"));
        ask(QUICK, 2, BILLING, dropped);
        awaitAsked(4);

        discovery.ask(Set.of(BILLING));

        await().until(() -> !isRunning("dropped"));
        assertThat(isRunning("billing")).isTrue();
        assertThat(discovery.answer(dropped).tried()).isFalse();
        assertThat(answer().instances()).hasSize(1);
        assertThat(consul.asked()).hasSize(4);
    }

    @Test
    void queriesBeyondTheBoundAreAskedWithoutBlocking() {
        ConsulQuery second = new ConsulQuery("second", "", List.of());
        consul.then(200, "7", instance("10.1.0.1"));
        ask(timing(Duration.ofMillis(50), Duration.ofMillis(1)), 1, BILLING);
        awaitAsked(2);
        assertThat(consul.query(1)).contains("index=7");

        consul.always(200, "9", instance("10.1.0.9"));
        discovery.ask(Set.of(BILLING, second));

        await().until(() -> consul.asked().stream()
                        .filter(asked -> asked.uri().getPath().endsWith("/second"))
                        .count()
                >= 3);
        assertThat(consul.asked().stream()
                        .filter(asked -> asked.uri().getPath().endsWith("/second"))
                        .map(asked -> asked.uri().getRawQuery()))
                .containsOnly("consistent=");
    }
}
