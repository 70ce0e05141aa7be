package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static bridge.bailey.it.LegacyKube.legacyService;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.local.LocalConsul;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at random points of the real jar's life while everything changes: a restart converges, what did not change was
 * never missing for a moment, and nothing foreign was touched. {@code -Dbailey.test.seed=…} repeats a run, as far as the
 * machine's own timing allows.
 */
class CrashIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final long SEED = Long.getLong("bailey.test.seed", 20261123L);
    private static final int KILLS = 12;

    /** The longest life of those that are killed in their youth: a start takes about 2 to 4 s. */
    private static final int YOUNG_MILLIS = 3000;

    private static final int AT_WORK_MILLIS = 400;

    @RegisterExtension
    final Measured measured = new Measured();

    private final LocalConsul consul = SharedConsul.get();
    private final Random random = new Random(SEED);
    private final AtomicInteger looks = new AtomicInteger();

    @TempDir
    Path directory;

    private Cluster cluster;
    private String shop;
    private BothSides sides;
    private BaileyJar jar;
    private Foreign foreign;
    private ForeignObjects foreignObjects;

    @BeforeEach
    void start() throws IOException {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        sides = new BothSides(cluster, consul, shop);
        LegacyKube.install(cluster);
        cluster.apply(service(shop, "steady", Map.of("bailey.bridge/name", steady())));
        cluster.apply(slice(shop, "steady-1", "steady", ready("10.1.200.1"), ready("10.1.200.2")));
        cluster.apply(legacyService(
                shop,
                "steady-machines",
                "{ports: [{port: 80}], origins: [{static: {instances: [{address: 10.20.200.1}]}}]}"));
        foreign = Foreign.beside(consul, cluster.prefix());
        foreignObjects = ForeignObjects.in(cluster, shop);
        Map<String, String> environment = JarSetup.environment(cluster, consul, directory);
        // So much goes within seconds that an operator would be asked; GuardFaultsIT shows that.
        environment.put("BAILEY_GUARD_ENABLED", "false");
        jar = new BaileyJar(directory, environment);
    }

    @AfterEach
    void stop() {
        jar.kill();
        cluster.close();
    }

    private String steady() {
        return "steady-" + cluster.prefix();
    }

    @Test
    void whereverItIsKilledARestartConvergesAndWhatStaysIsNeverMissing() {
        jar.start();
        foreign.alsoOnOurNode();
        awaitConverged();
        long changes;
        try (Churn churn = new Churn(cluster, shop, SEED).start();
                Watcher watcher = new Watcher(this::assertTheSteadyAreThere)) {
            for (int i = 0; i < KILLS; i++) {
                kill();
            }
            changes = churn.changes();
            watcher.assertAllWasWell();
        }
        measured.note("kills", KILLS);
        measured.note("changes meanwhile", changes);
        measured.note("looks at what stays", looks.get());
        assertThat(changes).as("there was something to do").isGreaterThan(KILLS * 10L);
        jar.kill();
        measured.begin();
        jar.start();
        measured.seconds("the last restart is ready");
        awaitConverged();
        measured.seconds("and everything is right");
        foreign.assertUntouched();
        foreignObjects.assertUntouched();
    }

    /** Half of the lives end somewhere on their way up, and half at work. */
    private void kill() {
        boolean young = random.nextBoolean();
        int life = random.nextInt(young ? YOUNG_MILLIS : AT_WORK_MILLIS);
        jar.kill();
        if (young) {
            jar.launch();
        } else {
            jar.start();
        }
        assertThat(jar.endsWithin(Duration.ofMillis(life)))
                .as("it ended by itself: see %s", jar.log())
                .isFalse();
    }

    private void awaitConverged() {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(sides.podsByConsul()).isEqualTo(sides.podsByTheApi()));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(sides.machinesByTheApi()).isEqualTo(sides.machinesByDeclaration()));
    }

    private void assertTheSteadyAreThere() {
        looks.incrementAndGet();
        assertThat(consul.get("health/service/" + steady() + "?passing"))
                .as("instances of what does not change")
                .hasSize(2);
        assertThat(sides.machinesByTheApi()).contains("steady-machines 10.20.200.1 ready");
    }
}
