package bridge.bailey.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadinessTest {

    @ParameterizedTest(name = "ready {0}, serving {1}, terminating {2}: {3}")
    @CsvSource(
            textBlock =
                    """
                    # absent means ready, serving as ready, and not terminating
                    ,      ,      ,      READY
                    true,  ,      ,      READY
                    true,  true,  false, READY
                    ,      true,  ,      READY
                    ,      ,      false, READY
                    false, ,      ,      NOT_READY
                    false, false, false, NOT_READY
                    # a pod that is alive, but fails its readiness probe or its gates
                    false, true,  false, NOT_READY
                    false, true,  ,      NOT_READY
                    # a pod that shuts down
                    false, true,  true,  DRAINING
                    ,      true,  true,  DRAINING
                    ,      ,      true,  DRAINING
                    false, false, true,  STOPPED
                    false, ,      true,  STOPPED
                    ,      false, true,  STOPPED
                    # publishNotReadyAddresses: ready, whatever the pod does
                    true,  true,  true,  DRAINING
                    true,  false, false, READY
                    """)
    void theConditionsTell(Boolean ready, Boolean serving, Boolean terminating, Readiness expected) {
        assertThat(Readiness.of(ready, serving, terminating)).isEqualTo(expected);
    }

    @Test
    void anAddressIsAsReadyAsTheBestBehindIt() {
        assertThat(Readiness.best(List.of(Readiness.NOT_READY, Readiness.READY, Readiness.DRAINING)))
                .isEqualTo(Readiness.READY);
        assertThat(Readiness.best(List.of(Readiness.NOT_READY, Readiness.DRAINING)))
                .isEqualTo(Readiness.DRAINING);
    }

    @Test
    void nothingBehindAnAddressIsNotReady() {
        assertThat(Readiness.best(List.of())).isEqualTo(Readiness.NOT_READY);
    }
}
