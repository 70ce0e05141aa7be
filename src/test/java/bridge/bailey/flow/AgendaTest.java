package bridge.bailey.flow;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.ServiceKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AgendaTest {

    private static final long QUIET = 20;
    private static final long MAX_WAIT = 200;
    private static final ServiceKey USERS = new ServiceKey("shop", "users");
    private static final ServiceKey ORDERS = new ServiceKey("shop", "orders");

    private final Agenda agenda = new Agenda(QUIET, MAX_WAIT);

    @Test
    void nothingIsDueWhileNothingWaits() {
        assertThat(agenda.due()).isEmpty();
        agenda.mark(Set.of(), 5);
        assertThat(agenda.due()).isEmpty();
    }

    @Test
    void aChangeIsDueAfterAQuietTime() {
        agenda.mark(Set.of(USERS), 1000);
        assertThat(agenda.due()).hasValue(1000 + QUIET);
    }

    @Test
    void aFurtherChangePutsOffThePass() {
        agenda.mark(Set.of(USERS), 1000);
        agenda.mark(Set.of(ORDERS), 1010);
        assertThat(agenda.due()).hasValue(1010 + QUIET);
    }

    @Test
    void changesThatKeepComingDoNotPutOffThePassForEver() {
        for (long now = 1000; now < 2000; now += 10) {
            agenda.mark(Set.of(USERS), now);
        }
        assertThat(agenda.due()).hasValue(1000 + MAX_WAIT);
    }

    @Test
    void manyChangesOfOneServiceAreOneEntryWithTheTimeOfTheFirst() {
        agenda.mark(Set.of(USERS), 1000);
        agenda.mark(Set.of(USERS), 1010);
        assertThat(agenda.take()).isEqualTo(Map.of(USERS, 1000L));
    }

    @Test
    void whatWasTakenNoLongerWaits() {
        agenda.mark(Set.of(USERS), 1000);
        agenda.take();
        assertThat(agenda.size()).isZero();
        assertThat(agenda.due()).isEmpty();
    }

    @Test
    void whatIsGivenBackKeepsItsTimeButWaitsAnew() {
        agenda.mark(Set.of(USERS), 1000);
        agenda.giveBack(agenda.take(), 5000);
        assertThat(agenda.due()).hasValue(5000 + QUIET);
        assertThat(agenda.take()).isEqualTo(Map.of(USERS, 1000L));
    }

    @Test
    void whatIsGivenBackDoesNotPutOffWhatCameMeanwhile() {
        agenda.mark(Set.of(USERS), 1000);
        Map<ServiceKey, Long> taken = agenda.take();
        agenda.mark(Set.of(ORDERS), 1100);
        agenda.giveBack(taken, 1290);
        agenda.mark(Set.of(ORDERS), 1295);
        assertThat(agenda.due()).hasValue(1100 + MAX_WAIT);
    }

    @Test
    void ofTwoTimesTheOlderCounts() {
        agenda.mark(Set.of(USERS), 1000);
        Map<ServiceKey, Long> taken = agenda.take();
        agenda.mark(Set.of(USERS), 1100);
        agenda.giveBack(taken, 1200);
        assertThat(agenda.take()).isEqualTo(Map.of(USERS, 1000L));
    }

    /** What happens to an agenda, so long after the last thing. */
    record Step(What what, Set<ServiceKey> keys, long after) {
        enum What {
            MARK,
            TAKE,
            TAKE_AND_GIVE_BACK_LATER
        }
    }

    @Property
    void noKeyIsLostAndNoneWaitsLongerThanMaxWait(@ForAll("steps") List<Step> steps) {
        Agenda any = new Agenda(QUIET, MAX_WAIT);
        Map<ServiceKey, Long> waiting = new HashMap<>();
        Map<ServiceKey, Long> away = new HashMap<>();
        long now = 1_000_000;
        long since = 0;
        for (Step step : steps) {
            now += step.after();
            if (waiting.isEmpty()) {
                since = now;
            }
            any.giveBack(Map.copyOf(away), now);
            for (Map.Entry<ServiceKey, Long> back : away.entrySet()) {
                waiting.merge(back.getKey(), back.getValue(), Math::min);
            }
            away.clear();
            switch (step.what()) {
                case MARK -> {
                    any.mark(step.keys(), now);
                    for (ServiceKey key : step.keys()) {
                        waiting.putIfAbsent(key, now);
                    }
                }
                case TAKE -> {
                    assertThat(any.take()).isEqualTo(waiting);
                    waiting.clear();
                }
                case TAKE_AND_GIVE_BACK_LATER -> {
                    away.putAll(any.take());
                    assertThat(away).isEqualTo(waiting);
                    waiting.clear();
                }
            }
            OptionalLong due = any.due();
            assertThat(any.size()).isEqualTo(waiting.size());
            assertThat(due.isPresent()).isEqualTo(!waiting.isEmpty());
            if (due.isPresent()) {
                assertThat(due.getAsLong()).isBetween(since + QUIET, since + MAX_WAIT);
            }
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Set<ServiceKey>> keys =
                Arbitraries.of(USERS, ORDERS, new ServiceKey("pay", "users")).set();
        return Combinators.combine(
                        Arbitraries.of(Step.What.class),
                        keys,
                        Arbitraries.longs().between(0, 60))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }
}
