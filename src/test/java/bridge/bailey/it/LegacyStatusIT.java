package bridge.bailey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bridge.bailey.crd.LegacyServiceStatus;
import bridge.bailey.model.InstanceState;
import bridge.bailey.model.LegacyStatus;
import bridge.bailey.model.LegacyStatus.Holds;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.target.LegacyStatusWriter;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.MockResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writing the status of LegacyServices. */
class LegacyStatusIT {

    private static final Instant LONG_AGO = Instant.parse("2026-11-23T08:00:00Z");
    private static final Instant LATER = LONG_AGO.plusSeconds(3600);
    private static final Duration APART = Duration.ofMillis(300);
    private static final Duration RETRY = Duration.ofMillis(300);
    private static final Duration SOON = Duration.ofSeconds(60);

    private int others;

    private Cluster cluster;
    private String shop;
    private ServiceKey billing;
    private String uid;
    private final Map<ServiceKey, GenericKubernetesResource> frozen = new ConcurrentHashMap<>();
    private LegacyStatusWriter writer;

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        LegacyKube.install(cluster);
        shop = cluster.namespace("shop");
        billing = new ServiceKey(shop, "billing");
        uid = create(billing);
        writer = new LegacyStatusWriter(
                cluster.client(),
                key -> Optional.ofNullable(frozen.get(key)).or(() -> current(key)),
                () -> true,
                new LegacyStatusWriter.Timing(APART, RETRY));
    }

    @AfterEach
    void stop() {
        writer.close();
        cluster.close();
    }

    private String create(ServiceKey resource) {
        cluster.apply(LegacyKube.legacyService(resource.namespace(), resource.name()));
        return current(resource).orElseThrow().getMetadata().getUid();
    }

    private Optional<GenericKubernetesResource> current(ServiceKey resource) {
        return Optional.ofNullable(LegacyKube.api(cluster.client(), resource.namespace(), resource.name())
                .get());
    }

    /** From now on the writer knows the resource as it is now, as an informer does that lags behind. */
    private void freeze() {
        frozen.put(billing, current(billing).orElseThrow());
    }

    private LegacyServiceStatus status() {
        return new ObjectMapper()
                .convertValue(
                        current(billing).orElseThrow().getAdditionalProperties().getOrDefault("status", Map.of()),
                        LegacyServiceStatus.class);
    }

    private String version() {
        return current(billing).orElseThrow().getMetadata().getResourceVersion();
    }

    private static LegacyStatus wanted(String ready, Holds holds, Instant at, String error) {
        return new LegacyStatus(
                1,
                "billing",
                ready,
                "static",
                List.of(new LegacyStatus.Instance(
                        "b1",
                        "10.20.0.11",
                        "static",
                        "",
                        InstanceState.UNHEALTHY,
                        Optional.of(LONG_AGO),
                        "HTTP 503 from /health")),
                List.of(new LegacyStatus.Origin("static", 1, Optional.of(at), error)),
                List.of(new LegacyStatus.Condition("Ready", holds, "EndpointUnhealthy", "1 of 4", at)));
    }

    private static LegacyStatus wanted(String ready) {
        return wanted(ready, Holds.FALSE, LONG_AGO, "");
    }

    private void awaitReady(String ready) {
        await().atMost(SOON).untilAsserted(() -> assertThat(status().ready()).isEqualTo(ready));
    }

    /** The writer has one thread: when it has written for another resource, it is through with what came before. */
    private void awaitDone() {
        ServiceKey other = new ServiceKey(shop, "other-" + ++others);
        writer.write(other, create(other), wanted("1/1"));
        await().atMost(SOON)
                .until(() ->
                        current(other).orElseThrow().getAdditionalProperties().get("status") != null);
    }

    @Test
    void everythingIsWritten() {
        writer.write(billing, uid, wanted("3/4"));

        awaitReady("3/4");
        assertThat(status())
                .isEqualTo(new LegacyServiceStatus(
                        1L,
                        "billing",
                        "3/4",
                        "static",
                        List.of(new LegacyServiceStatus.Instance(
                                "b1",
                                "10.20.0.11",
                                "static",
                                "",
                                "unhealthy",
                                "2026-11-23T08:00:00Z",
                                "HTTP 503 from /health")),
                        List.of(new LegacyServiceStatus.OriginStatus("static", 1, "2026-11-23T08:00:00Z", "")),
                        List.of(new LegacyServiceStatus.Condition(
                                "Ready",
                                LegacyServiceStatus.ConditionStatus.False,
                                "EndpointUnhealthy",
                                "1 of 4",
                                "2026-11-23T08:00:00Z",
                                1L))));
        assertThat(current(billing).orElseThrow().<Object>get("spec"))
                .as("what a team declared is not touched")
                .isNotNull();
    }

    @Test
    void whatIsThereIsNotWrittenAgain() {
        writer.write(billing, uid, wanted("3/4"));
        awaitReady("3/4");
        String before = version();

        writer.write(billing, uid, wanted("3/4", Holds.FALSE, LATER, ""));
        awaitDone();

        assertThat(version()).isEqualTo(before);
    }

    @Test
    void theLastSuccessOfAnOriginThatFailsIsWritten() {
        writer.write(billing, uid, wanted("3/4", Holds.FALSE, LONG_AGO, "timeout"));
        awaitReady("3/4");

        writer.write(billing, uid, wanted("3/4", Holds.FALSE, LATER, "timeout"));

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(status().origins().get(0).lastSuccess()).isEqualTo("2026-11-23T09:00:00Z"));
    }

    @Test
    void aConditionKeepsItsTimeUntilItChanges() {
        writer.write(billing, uid, wanted("3/4"));
        awaitReady("3/4");

        writer.write(billing, uid, wanted("2/4", Holds.FALSE, LATER, ""));
        awaitReady("2/4");
        assertThat(status().conditions().get(0).lastTransitionTime()).isEqualTo("2026-11-23T08:00:00Z");

        writer.write(billing, uid, wanted("4/4", Holds.TRUE, LATER, ""));
        awaitReady("4/4");
        assertThat(status().conditions().get(0).lastTransitionTime()).isEqualTo("2026-11-23T09:00:00Z");
    }

    @Test
    void aConflictIsReadAgainAndOvercome() {
        AtomicInteger conflicts = new AtomicInteger();
        freeze();
        GenericKubernetesResource edited = current(billing).orElseThrow();
        edited.getMetadata().setLabels(Map.of("edited", "yes"));
        cluster.client().resource(edited).update();
        if (cluster.isLocal()) {
            onStatus(n -> n == 1 ? Optional.of(refusal(409)) : Optional.empty(), conflicts);
        }

        writer.write(billing, uid, wanted("3/4"));

        awaitReady("3/4");
        assertThat(current(billing).orElseThrow().getMetadata().getLabels()).containsEntry("edited", "yes");
        assertThat(conflicts.get()).isEqualTo(cluster.isLocal() ? 2 : 0);
    }

    @Test
    void whatTheInformerHasNotHeardYetIsRemembered() {
        writer.write(billing, uid, wanted("3/4"));
        awaitReady("3/4");
        freeze();

        writer.write(billing, uid, wanted("2/4"));
        awaitReady("2/4");
        writer.write(billing, uid, wanted("3/4"));

        awaitReady("3/4");
    }

    @Test
    void aResourceThatIsGoneIsNoFailure() {
        freeze();
        cluster.delete(LegacyKube.legacyService(shop, "billing"));
        await().atMost(SOON).until(() -> current(billing).isEmpty());

        writer.write(billing, uid, wanted("3/4"));
        awaitDone();

        assertThat(current(billing)).isEmpty();
    }

    @Test
    void anotherResourceOfThatNameIsLeftAlone() {
        String before = version();

        writer.write(billing, "of-the-one-before", wanted("3/4"));
        awaitDone();

        assertThat(version()).isEqualTo(before);
    }

    @Test
    void ofManyTheLastIsWritten() {
        AtomicInteger requests = new AtomicInteger();
        if (cluster.isLocal()) {
            onStatus(n -> Optional.empty(), requests);
        }
        long begin = System.nanoTime();

        for (int i = 1; i <= 200; i++) {
            writer.write(billing, uid, wanted(i + "/200"));
        }

        awaitReady("200/200");
        long most = 2 + (System.nanoTime() - begin) / APART.toNanos();
        assertThat((long) requests.get()).isLessThanOrEqualTo(most).isLessThan(200);
    }

    @Test
    void whatFailsIsTriedAgain() {
        assumeTrue(cluster.isLocal(), "a real API can't be told to refuse");
        AtomicInteger refused = new AtomicInteger();
        onStatus(n -> n <= 3 ? Optional.of(refusal(403)) : Optional.empty(), refused);

        writer.write(billing, uid, wanted("3/4"));

        awaitReady("3/4");
        assertThat(refused.get()).isEqualTo(4);
    }

    @Test
    void whatANewerBaileyWroteStaysAndWhatCantBeReadIsReplaced() {
        assumeTrue(cluster.isLocal(), "a real API drops what the schema does not have");
        GenericKubernetesResource strange = current(billing).orElseThrow();
        strange.setAdditionalProperty("status", Map.of("future", "kept", "conditions", "none"));
        cluster.client().resource(strange).updateStatus();

        writer.write(billing, uid, wanted("3/4"));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(current(billing).orElseThrow().<Map<String, Object>>get("status"))
                        .containsEntry("future", "kept")
                        .containsEntry("ready", "3/4"));
    }

    /** Counts the writes of the status of billing, and answers the n-th as a test wants. */
    private void onStatus(IntFunction<Optional<MockResponse>> answer, AtomicInteger count) {
        cluster.local()
                .intercept(request ->
                        request.method() == HttpMethod.PUT && request.getPath().endsWith("/billing/status")
                                ? answer.apply(count.incrementAndGet())
                                : Optional.empty());
    }

    private static MockResponse refusal(int code) {
        return new MockResponse()
                .setResponseCode(code)
                .setBody("{\"kind\":\"Status\",\"code\":%d,\"message\":\"as the test wants\"}".formatted(code));
    }
}
