package bridge.bailey.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.8.9.1", "::1", "[::1]", "0:0:0:0:0:0:0:1"})
    void aMachineTalksToItselfByThese(String host) {
        assertThat(LoopbackAddress.is(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10.0.0.1", "bailey.example.com", "localhost.example.com", "127.0.0.1.example.com", "::"})
    void othersAreTakenForWhatTheyAre(String host) {
        assertThat(LoopbackAddress.is(host)).isFalse();
    }
}
