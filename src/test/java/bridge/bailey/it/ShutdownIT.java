package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.local.LocalConsul;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM, as Kubernetes sends it: what is in flight is finished, and the process ends in time, whatever Consul does. */
class ShutdownIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    /** terminationGracePeriodSeconds in k8s/base. */
    private static final Duration PROMISED = Duration.ofSeconds(15);

    private static final int SIGTERM = 128 + 15;
    private static final int PODS = 90;

    @RegisterExtension
    final Measured measured = new Measured();

    private final LocalConsul consul = SharedConsul.get();
    private final HttpFilter filter = new HttpFilter(consul.uri());

    @TempDir
    Path directory;

    private Cluster cluster;
    private String shop;
    private BaileyJar jar;
    private Foreign foreign;

    @BeforeEach
    void start() throws IOException {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        LegacyKube.install(cluster);
        cluster.apply(service(shop, "users"));
        cluster.apply(slice(shop, "a", "users", ready("10.1.0.1")));
        foreign = Foreign.beside(consul, cluster.prefix());
        jar = new BaileyJar(directory, JarSetup.environment(cluster, filter.port(), directory)).start();
        foreign.alsoOnOurNode();
    }

    @AfterEach
    void stop() {
        jar.kill();
        filter.close();
        cluster.close();
        foreign.assertUntouched();
    }

    private Map<String, String> ours() {
        Map<String, String> all = CatalogView.of(consul, "k8s-" + cluster.prefix());
        all.remove("theirs");
        return all;
    }

    /** Two transactions and more, of which the first two are then held back on their way to Consul. */
    private void changeAndHoldBack() {
        filter.hold(body -> body.contains("\"cas\""));
        cluster.apply(slice(
                shop,
                "b",
                "users",
                IntStream.rangeClosed(1, PODS)
                        .mapToObj(i -> ready("10.2.0." + i))
                        .toArray(Endpoint[]::new)));
        await("a transaction is on its way").atMost(SOON).until(() -> filter.held() >= 1);
    }

    private void assertEndedInTime() {
        long began = System.nanoTime();
        measured.begin();
        assertThat(jar.endsWithin(SOON)).as("ended").isTrue();
        measured.seconds("ended");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PROMISED);
        assertThat(jar.exitCode()).isIn(0, SIGTERM);
    }

    @Test
    void theTransactionInFlightIsFinishedAndNothingIsHalfWritten() {
        changeAndHoldBack();

        jar.signal("TERM");
        assertThat(jar.endsWithin(Duration.ofSeconds(1)))
                .as("it waits for the answer")
                .isFalse();
        filter.release();
        assertEndedInTime();

        assertThat(ours()).as("the whole pass").hasSize(1 + PODS);
        assertThat(ours().values()).allMatch(entry -> entry.contains("readiness=passing"));
    }

    @Test
    void aConsulThatDoesNotAnswerHoldsUpTheEndNoLongerThanThePodMayTake() {
        changeAndHoldBack();

        jar.signal("TERM");
        assertEndedInTime();

        filter.release();
        await("Consul has answered what was on its way").atMost(SOON).until(() -> filter.answered() == filter.held());
        assertThat(ours().values())
                .as("no instance without its health")
                .allMatch(entry -> entry.contains("readiness="));
    }

    @Test
    void whileNothingHappensItEndsAtOnce() {
        jar.signal("TERM");
        assertEndedInTime();

        assertThat(ours()).as("what was written stays").hasSize(1);
    }
}
