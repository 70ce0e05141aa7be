package bridge.bailey.desired;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.NumericChars;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

    @ParameterizedTest(name = "{0} matches {1}: {2}")
    @CsvSource({
        "shop, shop, true",
        "shop, shops, false",
        "shop, my-shop, false",
        "*, shop, true",
        "*, '', true",
        "team-*, team-a, true",
        "team-*, team-, true",
        "team-*, team, false",
        "*-test, shop-test, true",
        "*-test, shop-test-2, false",
        "t?, t1, true",
        "t?, t, false",
        "t?, t12, false",
        "a.c, abc, false",
        "a+, aa, false",
    })
    void matchesTheWholeName(String glob, String name, boolean expected) {
        assertThat(Glob.of(glob).matches(name)).isEqualTo(expected);
    }

    @Property
    void aTextWithoutWildcardsMatchesItselfOnly(
            @ForAll @AlphaChars @NumericChars @Chars({'.', '-', '[', '\\', '$', '('}) String text,
            @ForAll @AlphaChars String other) {
        assertThat(Glob.of(text).matches(text)).isTrue();
        assertThat(Glob.of(text).matches(other)).isEqualTo(text.equals(other));
    }

    @Property
    void aStarStandsForAnything(@ForAll @AlphaChars String start, @ForAll @AlphaChars String middle) {
        assertThat(Glob.of(start + "*").matches(start + middle)).isTrue();
        assertThat(Glob.of("*" + start).matches(middle + start)).isTrue();
    }
}
