package bridge.bailey.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.model.Health;
import bridge.bailey.model.Probe;
import bridge.bailey.model.Probe.Check;
import bridge.bailey.model.Probe.Encryption;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.Verdict;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The prober with everything that is real, and machines that die and return. */
class ProberOnSocketsTest {

    private static final ServiceKey BILLING = new ServiceKey("shop", "billing");
    private static final Probe HTTP = new Probe(
            new Check.Http("", "/health", "", 200, 299, new Encryption.None()),
            Duration.ofMillis(100),
            Duration.ofSeconds(20),
            2,
            3,
            Health.UNHEALTHY);

    private final Vertx vertx = Vertx.vertx();
    private final Queue<ServiceKey> told = new ConcurrentLinkedQueue<>();
    private final Prober prober = new Prober(
            vertx,
            512,
            0,
            new SplittableRandom(42),
            InstantSource.system(),
            System::nanoTime,
            told::add,
            new VerdictsPropertyTest.Deaf());

    @AfterEach
    void stop() {
        prober.close();
        Checking.await(vertx.close());
    }

    private HttpServer serve(int port) {
        return Checking.await(vertx.createHttpServer()
                .requestHandler(request -> request.response().end())
                .listen(port, Checking.HOST));
    }

    private void awaitHealth(ProbeTarget target, Health health) {
        await().untilAsserted(() -> assertThat(prober.verdicts(BILLING)
                        .getOrDefault(target, Verdict.NONE)
                        .health())
                .isEqualTo(health));
    }

    @Test
    void aMachineThatDiesDropsOutAndComesBackWithItsReasonAndItsPast() {
        HttpServer other = serve(0);
        HttpServer server = serve(0);
        ProbeTarget target = new ProbeTarget(Checking.HOST, server.actualPort());
        ProbeTarget healthy = new ProbeTarget(Checking.HOST, other.actualPort());
        prober.watch(BILLING, new ProbeSet(Map.of(target, HTTP, healthy, HTTP), 0.3));
        awaitHealth(target, Health.HEALTHY);
        awaitHealth(healthy, Health.HEALTHY);

        Checking.await(server.close());
        awaitHealth(target, Health.UNHEALTHY);
        Verdict down = prober.verdicts(BILLING).get(target);
        assertThat(down.reason()).isEqualTo("connection refused");
        assertThat(down.failures()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(prober.verdicts(BILLING).get(healthy).health()).isEqualTo(Health.HEALTHY);

        serve(target.port());
        awaitHealth(target, Health.HEALTHY);
        assertThat(prober.verdicts(BILLING).get(target).reason()).isEmpty();
        assertThat(prober.verdicts(BILLING).get(target).failures()).isNotEmpty();
        assertThat(told).contains(BILLING);
    }

    @Test
    void hundredsOfTargetsNeedNoMoreThreadsThanOneDoes() {
        HttpServer server = serve(0);
        ProbeTarget one = new ProbeTarget(Checking.HOST, server.actualPort());
        prober.watch(BILLING, new ProbeSet(Map.of(one, HTTP), 0));
        awaitHealth(one, Health.HEALTHY);
        long before = threads();

        for (int i = 0; i < 300; i++) {
            Map<ProbeTarget, Probe> targets = new HashMap<>();
            targets.put(one, HTTP);
            prober.watch(new ServiceKey("shop", "service-" + i), new ProbeSet(targets, 0));
        }
        await().until(() -> prober.verdicts(new ServiceKey("shop", "service-299")).values().stream()
                .anyMatch(verdict -> verdict.health() == Health.HEALTHY));

        assertThat(threads()).isLessThanOrEqualTo(before);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("vert.x"))
                .count();
    }
}
