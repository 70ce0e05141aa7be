package bridge.bailey.overview;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.ServiceKey;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VersionsTest {

    private final Versions versions = new Versions();

    private static Set<ServiceKey> keys(int number) {
        return Set.of(new ServiceKey("shop", "service-" + number));
    }

    @Test
    void whatChangedSinceAVersionIsAllThatCameAfterIt() {
        versions.add(keys(1));
        versions.add(keys(2));
        versions.add(keys(1));

        assertThat(versions.since(3)).contains(Set.of());
        assertThat(versions.since(2)).contains(keys(1));
        assertThat(versions.since(1).orElseThrow()).hasSize(2);
        assertThat(versions.since(0).orElseThrow()).hasSize(2);
    }

    @Test
    void aVersionThatNeverWasTellsNothing() {
        versions.add(keys(1));

        assertThat(versions.since(2)).isEmpty();
        assertThat(versions.since(-1)).isEmpty();
    }

    @Test
    void aThousandVersionsAreRemembered() {
        for (int i = 1; i <= 1_500; i++) {
            versions.add(keys(i));
        }

        assertThat(versions.since(499)).isEmpty();
        assertThat(versions.since(500).orElseThrow()).hasSize(1_000);
        assertThat(versions.since(1_499)).isEqualTo(Optional.of(keys(1_500)));
    }
}
