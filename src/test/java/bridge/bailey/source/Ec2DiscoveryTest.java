package bridge.bailey.source;

import static bridge.bailey.source.Machines.machine;
import static bridge.bailey.source.Machines.machines;
import static bridge.bailey.source.Machines.stopping;
import static bridge.bailey.source.WireEc2.error;
import static bridge.bailey.source.WireEc2.firstPage;
import static bridge.bailey.source.WireEc2.instances;
import static bridge.bailey.source.WireEc2.page;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.local.LocalEc2;
import bridge.bailey.model.Answer;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When EC2 is asked, and what is known meanwhile. */
class Ec2DiscoveryTest {

    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final Duration REFRESH = Duration.ofMillis(20);
    private static final Ec2Query FRANKFURT = new Ec2Query("eu-central-1", "", List.of());
    private static final Ec2Query IRELAND = new Ec2Query("eu-west-1", "", List.of());

    private final MemoryEc2 memory = new MemoryEc2();
    private final List<Ec2Query> told = new CopyOnWriteArrayList<>();
    private Ec2Discovery discovery = discovery(memory, told::add);

    @AfterEach
    void stop() {
        discovery.close();
    }

    @Test
    void nothingIsKnownBeforeItIsAsked() {
        assertThat(discovery.answer(FRANKFURT)).isEqualTo(Answer.none("ec2/eu-central-1"));
        assertThat(memory.calls(FRANKFURT)).isZero();
    }

    @Test
    void anAnswerTellsTheInstancesAndWhenTheyWereKnown() {
        memory.answer(FRANKFURT, machines(0, 2));

        discovery.ask(Set.of(FRANKFURT));

        await().until(() -> told.contains(FRANKFURT));
        assertThat(discovery.answer(FRANKFURT))
                .isEqualTo(new Answer<>("ec2/eu-central-1", true, true, machines(0, 2), Optional.of(NOW), ""));
    }

    @Test
    void theListenerIsToldOfChangesOnly() {
        memory.answer(FRANKFURT, machines(0, 2));
        discovery.ask(Set.of(FRANKFURT));
        await().until(() -> memory.calls(FRANKFURT) > 5);
        assertThat(told).containsExactly(FRANKFURT);

        memory.answer(FRANKFURT, machines(0, 3));
        await().until(() -> discovery.answer(FRANKFURT).instances().size() == 3);
        await().until(() -> told.size() == 2);

        memory.fail(FRANKFURT, "throttled");
        await().until(() -> told.size() == 3);
        int calls = memory.calls(FRANKFURT);
        await().until(() -> memory.calls(FRANKFURT) > calls + 2);
        memory.answer(FRANKFURT, machines(0, 3));
        await().until(() -> told.size() == 4);
        assertThat(discovery.answer(FRANKFURT).error()).isEmpty();
    }

    @Test
    void anEmptyFirstAnswerIsToldToo() {
        discovery.ask(Set.of(FRANKFURT));

        await().until(() -> told.contains(FRANKFURT));
        assertThat(discovery.answer(FRANKFURT).known()).isTrue();
    }

    @Test
    void aFirstTryThatFailsIsToldAndNothingIsConcluded() {
        memory.fail(FRANKFURT, "no AWS credentials were found");

        discovery.ask(Set.of(FRANKFURT));

        await().until(() -> told.contains(FRANKFURT));
        assertThat(discovery.answer(FRANKFURT))
                .isEqualTo(new Answer<Ec2Instance>(
                        "ec2/eu-central-1", true, false, List.of(), Optional.empty(), "no AWS credentials were found"));
    }

    @Test
    void aRegionThatFailsKeepsItsLastGoodAnswerAndHoldsUpNoOther() {
        try (WireEc2 wire = new WireEc2()) {
            discovery.close();
            discovery = discovery(new AwsEc2(wire.settings()), told::add);
            wire.answers(instances(machines(0, 2), ""));
            discovery.ask(Set.of(FRANKFURT, IRELAND));
            await().until(() -> discovery.answer(FRANKFURT).known()
                    && discovery.answer(IRELAND).known());

            wire.server()
                    .stubFor(WireEc2.describe()
                            .withHeader("Authorization", containing("/eu-west-1/ec2/"))
                            .atPriority(1)
                            .willReturn(error(503, "RequestLimitExceeded")));
            wire.answers(instances(machines(0, 3), ""));

            await().until(() -> discovery.answer(FRANKFURT).instances().equals(machines(0, 3)));
            await().until(() -> !discovery.answer(IRELAND).error().isEmpty());
            assertThat(discovery.answer(IRELAND))
                    .isEqualTo(new Answer<>(
                            "ec2/eu-west-1",
                            true,
                            true,
                            machines(0, 2),
                            Optional.of(NOW),
                            "EC2 in eu-west-1 throttles this account (RequestLimitExceeded, HTTP 503); it is asked less often"
                                    + " meanwhile"));
            assertThat(discovery.answer(FRANKFURT).error()).isEmpty();
        }
    }

    @Test
    void aFailureOnTheThirdOfFivePagesKeepsTheLastGoodAnswer() {
        try (WireEc2 wire = new WireEc2()) {
            fivePages(wire);
            discovery.close();
            discovery = discovery(new AwsEc2(wire.settings()), told::add);
            discovery.ask(Set.of(FRANKFURT));
            await().until(() -> discovery.answer(FRANKFURT).known());
            assertThat(discovery.answer(FRANKFURT).instances()).isEqualTo(machines(0, 50));

            wire.server().stubFor(page("page-3").willReturn(error(503, "RequestLimitExceeded")));
            wire.server().stubFor(firstPage().willReturn(instances(machines(0, 5), "page-2")));
            await().until(() -> !discovery.answer(FRANKFURT).error().isEmpty());
            assertThat(discovery.answer(FRANKFURT).instances()).isEqualTo(machines(0, 50));

            // A reading that is under way may have had the short first page.
            fivePages(wire);
            await().until(() -> discovery.answer(FRANKFURT).error().isEmpty()
                    && discovery.answer(FRANKFURT).instances().equals(machines(0, 50)));
        }
    }

    private static void fivePages(WireEc2 wire) {
        wire.server().stubFor(firstPage().willReturn(instances(machines(0, 10), "page-2")));
        for (int page = 2; page <= 5; page++) {
            String next = page == 5 ? "" : "page-" + (page + 1);
            wire.server()
                    .stubFor(page("page-" + page).willReturn(instances(machines(10 * (page - 1), 10 * page), next)));
        }
    }

    @Test
    void anInstanceDrainsWhileItStopsAndIsGoneThen() {
        try (LocalEc2 local = LocalEc2.start()) {
            local.put(machine(1), machine(2));
            discovery.close();
            discovery = discovery(new AwsEc2("test", local.url()), told::add);
            discovery.ask(Set.of(FRANKFURT));
            await().until(() -> discovery.answer(FRANKFURT).instances().equals(machines(1, 3)));

            local.setState(machine(2).id(), "shutting-down");
            await().until(() ->
                    discovery.answer(FRANKFURT).instances().equals(List.of(machine(1), stopping(machine(2)))));

            local.setState(machine(2).id(), "terminated");
            await().until(() -> discovery.answer(FRANKFURT).instances().equals(List.of(machine(1))));
        }
    }

    @Test
    void anEc2ThatWasAwayIsAskedAgainUntilItAnswers() {
        try (LocalEc2 local = LocalEc2.start()) {
            local.put(machine(1));
            local.fail(500, "InternalError");
            discovery.close();
            discovery = discovery(new AwsEc2("test", local.url()), told::add);
            discovery.ask(Set.of(FRANKFURT));
            await().until(() -> discovery.answer(FRANKFURT).tried());
            assertThat(discovery.answer(FRANKFURT).known()).isFalse();

            local.recover();

            await().until(() -> discovery.answer(FRANKFURT).known());
            assertThat(discovery.answer(FRANKFURT).instances()).containsExactly(machine(1));
        }
    }

    @Test
    void whatIsNotAskedAnyMoreIsForgottenAndTheRestStays() {
        memory.answer(FRANKFURT, machines(0, 1));
        memory.answer(IRELAND, machines(1, 2));
        discovery.ask(Set.of(FRANKFURT, IRELAND));
        await().until(() -> told.size() == 2);

        discovery.ask(Set.of(IRELAND));

        assertThat(discovery.answer(FRANKFURT)).isEqualTo(Answer.none("ec2/eu-central-1"));
        assertThat(discovery.answer(IRELAND).instances()).containsExactly(machine(1));
        int calls = memory.calls(IRELAND);
        await().until(() -> memory.calls(IRELAND) > calls + 1);
        int frankfurt = memory.calls(FRANKFURT);
        await().until(() -> memory.calls(IRELAND) > calls + 4);
        assertThat(memory.calls(FRANKFURT)).isEqualTo(frankfurt);
        assertThat(told).hasSize(2);
    }

    @Test
    void anAnswerThatComesTooLateIsDropped() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        memory.answer(FRANKFURT, () -> {
            asked.countDown();
            awaitQuietly(answered);
            return machines(0, 1);
        });
        discovery.ask(Set.of(FRANKFURT));
        asked.await();

        discovery.ask(Set.of());
        memory.answer(FRANKFURT, machines(5, 6));
        discovery.ask(Set.of(FRANKFURT));
        await().until(() -> discovery.answer(FRANKFURT).known());
        answered.countDown();
        await().until(() -> memory.calls(FRANKFURT) > 5);

        assertThat(discovery.answer(FRANKFURT).instances()).containsExactly(machine(5));
        assertThat(told).hasSize(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aDefectIsAFailureThatIsTriedAgain() {
        memory.answer(FRANKFURT, () -> {
            throw new IllegalStateException("secret");
        });
        discovery.ask(Set.of(FRANKFURT));
        await().until(() -> discovery.answer(FRANKFURT).tried());
        assertThat(discovery.answer(FRANKFURT).error())
                .isEqualTo("asking EC2 failed: IllegalStateException; the log has more");

        memory.answer(FRANKFURT, machines(0, 1));

        await().until(() -> discovery.answer(FRANKFURT).known());
    }

    @Test
    void aListenerThatFailsStopsNothing() {
        discovery.close();
        discovery = discovery(memory, query -> {
            throw new IllegalStateException("a defect of the listener");
        });
        discovery.ask(Set.of(FRANKFURT));

        await().until(() -> memory.calls(FRANKFURT) > 2);
    }

    @Test
    void onceClosedNothingIsAsked() {
        discovery.ask(Set.of(FRANKFURT));
        await().until(() -> memory.calls(FRANKFURT) > 0);

        discovery.close();
        discovery.ask(Set.of(IRELAND));

        assertThat(memory.closed()).isTrue();
        assertThat(memory.calls(IRELAND)).isZero();
    }

    @Test
    void closingDoesNotWaitForAnAnswer() {
        try (WireEc2 wire = new WireEc2()) {
            wire.answers(instances(List.of(), "").withFixedDelay(60_000));
            discovery.close();
            discovery = discovery(new AwsEc2(wire.settings()), told::add);
            discovery.ask(Set.of(FRANKFURT));
            await().until(() -> !wire.requests("DescribeInstances").isEmpty());

            Instant before = Instant.now();
            discovery.close();

            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(10));
            assertThat(told).isEmpty();
        }
    }

    private static Ec2Discovery discovery(Ec2Api api, Discovery.Listener<Ec2Query> listener) {
        return new Ec2Discovery(api, REFRESH, () -> NOW, new Random(7), listener);
    }
}
