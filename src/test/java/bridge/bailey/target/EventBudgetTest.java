package bridge.bailey.target;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.Finding;
import bridge.bailey.model.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventBudgetTest {

    private static final Finding.Subject BILLING = Finding.Subject.legacyService(new ServiceKey("shop", "billing"));

    private Instant now = Instant.parse("2026-11-23T08:00:00Z");
    private final EventBudget budget = new EventBudget(() -> now);

    private int takeAll() {
        int taken = 0;
        while (budget.take(BILLING)) {
            taken++;
        }
        return taken;
    }

    @Test
    void anObjectGets25AtOnce() {
        assertThat(takeAll()).isEqualTo(25);
    }

    @Test
    void oneMoreComesEvery5Minutes() {
        takeAll();

        now = now.plus(Duration.ofMinutes(5)).minusMillis(1);
        assertThat(takeAll()).isZero();
        now = now.plusMillis(1);
        assertThat(takeAll()).isEqualTo(1);
        now = now.plus(Duration.ofMinutes(10));
        assertThat(takeAll()).isEqualTo(2);
    }

    @Test
    void whatIsNotUsedDoesNotPileUp() {
        takeAll();

        now = now.plus(Duration.ofDays(30));

        assertThat(takeAll()).isEqualTo(25);
    }

    @Test
    void oneObjectsEventsAreNotAnothers() {
        takeAll();

        assertThat(budget.take(new Finding.Subject("Service", BILLING.name()))).isTrue();
        assertThat(budget.take(Finding.Subject.legacyService(new ServiceKey("shop", "users"))))
                .isTrue();
    }

    @Test
    void aClockThatGoesBackTakesNothingAway() {
        budget.take(BILLING);

        now = now.minus(Duration.ofHours(1));

        assertThat(takeAll()).isEqualTo(24);
    }
}
