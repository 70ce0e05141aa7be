package bridge.bailey.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules and scrape configuration: what Prometheus thinks of them, and that they name only what there is. */
class RulesTest {

    private static final String TESTS = "k8s/monitoring/prometheus/tests/";

    static List<Kit.Rule> rules() {
        return Kit.rules();
    }

    static List<Kit.Rule> alerts() {
        return Kit.alerts();
    }

    @Test
    void prometheusTakesTheConfigurationAndTheRules() throws Exception {
        Promtool.run(
                "check", "config", Kit.PROMETHEUS.resolve("prometheus.yaml").toString());
        for (Path file : Kit.files(Kit.PROMETHEUS, "-rules.yaml")) {
            Promtool.run("check", "rules", "--lint-fatal", file.toString());
        }
    }

    @Test
    void alertsFireWhenTheyShould() throws Exception {
        Promtool.run("test", "rules", TESTS + "alerts.yaml");
    }

    @Test
    void recordingRulesGiveWhatTheyShould() throws Exception {
        Promtool.run("test", "rules", TESTS + "recording.yaml");
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void eachAlertIsTestedToFireAndNotToFire(Kit.Rule alert) {
        Set<Boolean> outcomes = new HashSet<>();
        for (JsonNode test : Kit.yaml(Path.of(TESTS, "alerts.yaml")).path("tests")) {
            for (JsonNode check : test.path("promql_expr_test")) {
                if (check.path("expr").asText().contains("\"" + alert.name() + "\"")) {
                    outcomes.add(!check.path("exp_samples").isEmpty());
                }
            }
        }
        assertThat(outcomes).containsExactlyInAnyOrder(true, false);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void eachRecordingRuleIsTested(Kit.Rule rule) {
        assertThat(rule.isAlert()
                        || Kit.list(Kit.yaml(Path.of(TESTS, "recording.yaml")).path("tests")).stream()
                                .flatMap(test -> Kit.list(test.path("promql_expr_test")).stream())
                                .anyMatch(check -> new PromQl(check.path("expr").asText())
                                                .metrics()
                                                .contains(rule.name())
                                        && !check.path("exp_samples").isEmpty()))
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void eachRuleUsesMetricsAndLabelsThatThereAre(Kit.Rule rule) throws IOException {
        new KnownMetrics().assertThereIsAllOf(rule.expression());
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void eachAlertSaysHowGraveItIsWhatItIsAndWhatToDo(Kit.Rule alert) {
        assertThat(alert.name()).startsWith("Bailey");
        assertThat(alert.node().at("/labels/severity").asText()).isIn("critical", "warning", "info");
        assertThat(alert.node().at("/annotations/summary").asText()).isNotBlank();
        assertThat(alert.node().at("/annotations/description").asText()).contains(".");
        assertThat(alert.node().at("/annotations/runbook_url").asText())
                .isEqualTo("docs/alerts.md#" + alert.name().toLowerCase(Locale.ROOT));
    }

    @Test
    void theRunbookHasASectionForEachAlertAndNoOther() throws IOException {
        List<String> sections = Pattern.compile("(?m)^### (\\S+)$")
                .matcher(Files.readString(Path.of("docs/alerts.md")))
                .results()
                .map(heading -> heading.group(1))
                .toList();

        assertThat(sections)
                .containsExactlyInAnyOrderElementsOf(
                        alerts().stream().map(Kit.Rule::name).toList());
    }

    @Test
    void eachSectionOfTheRunbookSaysWhatItMeansWhatToLookAtAndWhatMendsIt() throws IOException {
        String[] sections = Files.readString(Path.of("docs/alerts.md"))
                .replaceAll("(?m)^## .*$", "")
                .split("(?m)^### ");

        assertThat(Stream.of(sections).skip(1)).allSatisfy(section -> assertThat(section)
                .contains("**Meaning**:")
                .contains("**Look first**:")
                .containsIgnoringCase("mends it"));
    }

    @Test
    void linksWithinTheRunbookLeadSomewhere() throws IOException {
        Set<String> linked = new TreeSet<>();
        Pattern.compile("\\(#([^)]+)\\)")
                .matcher(Files.readString(Path.of("docs/alerts.md")))
                .results()
                .map(link -> link.group(1))
                .forEach(linked::add);

        assertThat(alerts().stream().map(a -> a.name().toLowerCase(Locale.ROOT)))
                .containsAll(linked);
    }

    /** Groups of rules that are named alike would hide each other in Prometheus' pages. */
    @Test
    void groupsHaveNamesOfTheirOwn() {
        assertThat(Kit.files(Kit.PROMETHEUS, "-rules.yaml").stream()
                        .flatMap(file -> Kit.list(Kit.yaml(file).path("groups")).stream())
                        .map(group -> group.path("name").asText()))
                .doesNotHaveDuplicates();
    }
}
