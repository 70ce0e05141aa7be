package bridge.bailey.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expectations are those of {@code kubectl get -l} (k8s.io/apimachinery/pkg/labels, Requirement.Matches). */
class LabelSelectorTest {

    @ParameterizedTest(name = "{0} selects {1}: {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    app=users                    | app=users          | true
                    app==users                   | app=users          | true
                    app = users                  | app=users          | true
                    app=users                    | app=orders         | false
                    app=users                    |                    | false
                    app=                         | app=               | true
                    app=                         |                    | false
                    # != and notin also select what has no such label
                    app!=users                   | app=orders         | true
                    app!=users                   | app=users          | false
                    app!=users                   |                    | true
                    app notin (users,web)        | app=orders         | true
                    app notin (users,web)        | app=web            | false
                    app notin (users,web)        |                    | true
                    app in (users, web)          | app=web            | true
                    app in (users, web)          | app=orders         | false
                    app in (users, web)          |                    | false
                    app in()                     | app=               | true
                    app                          | app=               | true
                    app                          | tier=app           | false
                    !app                         | app=               | false
                    !app                         | tier=app           | true
                    ! app                        | tier=app           | true
                    # all requirements must hold
                    app=users,tier!=test         | app=users tier=web | true
                    app=users,tier!=test         | app=users tier=test| false
                    app in (a,b),tier,!old       | app=b tier=x       | true
                    app in (a,b),tier,!old       | app=b tier=x old=1 | false
                    # keys with a prefix, and values with dots
                    app.kubernetes.io/name=users | app.kubernetes.io/name=users | true
                    version=v1.2_3-x             | version=v1.2_3-x   | true
                    # a key that is called like an operator
                    in in (in)                   | in=in              | true
                    """)
    void selectsAsKubernetesDoes(String selector, String labels, boolean expected) {
        assertThat(LabelSelector.parse(selector).matches(labels(labels))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void anEmptySelectorSelectsEverything(String selector) {
        assertThat(LabelSelector.parse(selector).matches(Map.of())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app=users,",
                ",app",
                "app=users web",
                "app in users",
                "app in (users",
                "app in (users web)",
                "app=(users)",
                "app>1",
                "=users",
                "!",
                "app===users",
                "-app",
                "app in (ä)"
            })
    void whatKubernetesRefusesIsRefused(String selector) {
        assertThatThrownBy(() -> LabelSelector.parse(selector)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anErrorNamesThePart() {
        assertThatThrownBy(() -> LabelSelector.parse("app=users,tier in web"))
                .hasMessageContaining("\"tier in web\"")
                .hasMessageNotContaining("app=users");
    }

    @Test
    void isWrittenAsItWasRead() {
        assertThat(LabelSelector.parse("app in (a, b)")).hasToString("app in (a, b)");
    }

    private static Map<String, String> labels(String text) {
        return text == null
                ? Map.of()
                : Arrays.stream(text.split(" "))
                        .map(pair -> pair.split("=", 2))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }
}
