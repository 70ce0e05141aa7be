package bridge.bailey.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\u001Bb", "a\u202Eb", "a\u2028b", "a\u200Bb", "a\tb", "a\u0085b"})
    void whatMovesALineOrATurnsItIsReplaced(String text) {
        assertThat(Printable.isFit(text)).isFalse();
        assertThat(Printable.of(text)).isEqualTo("a\uFFFDb");
    }

    @Test
    void otherTextStaysAsItIsUpToItsLength() {
        assertThat(Printable.of("Größe <b> \"q\" 日本")).isEqualTo("Größe <b> \"q\" 日本");
        assertThat(Printable.isFit("Größe <b> \"q\" 日本")).isTrue();
        assertThat(Printable.of("abcdef", 3)).isEqualTo("abc…");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no good: Bearer eyJh.b1-c_d/e=, try again|no good: Bearer …, try again",
                "{X-Amz-Security-Token: FwoGZXIvYXdz1}|{X-Amz-Security-Token: …}",
                "x-consul-token:5ec4e700-c045|x-consul-token:…",
                "the bearer token file is empty|the bearer token file is empty",
                "bearer authentication failed|bearer authentication failed",
            })
    void aCredentialThatIsRepeatedIsNotTold(String text, String shown) {
        assertThat(Printable.of(text)).isEqualTo(shown);
        assertThat(Printable.isFit(text)).isEqualTo(text.equals(shown));
    }
}
