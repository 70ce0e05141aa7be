package bridge.bailey.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What scripts/operator-objects makes of the rules and jobs is the same, in the operator's form. */
class OperatorObjectsTest {

    private static final ObjectMapper YAML = new YAMLMapper();

    private final List<JsonNode> objects;

    OperatorObjectsTest() throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("scripts/operator-objects").redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .putAll(Map.of("DOCS_URL", "https://docs.example.com/", "RULE_LABELS", "release: main, role: alerts"));
        Process process = builder.start();
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(process.getInputStream())) {
            objects = documents.readAll();
        }
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void theRulesAreThoseOfTheFiles() {
        assertThat(objects.subList(0, 2))
                .allSatisfy(rule -> {
                    assertThat(rule.path("kind").asText()).isEqualTo("PrometheusRule");
                    assertThat(rule.at("/metadata/labels/release").asText()).isEqualTo("main");
                    assertThat(rule.at("/metadata/labels/role").asText()).isEqualTo("alerts");
                })
                .extracting(
                        rule -> rule.at("/spec/groups").toString().replace("https://docs.example.com/docs/", "docs/"))
                .containsExactly(groups("recording-rules.yaml"), groups("alert-rules.yaml"));
        assertThat(objects.get(1).findValuesAsText("runbook_url"))
                .isNotEmpty()
                .allMatch(url -> url.startsWith("https://docs.example.com/docs/alerts.md#"));
    }

    private static String groups(String file) {
        return Kit.yaml(Kit.PROMETHEUS.resolve(file)).path("groups").toString();
    }

    @Test
    void theScrapeJobsAreThoseOfTheConfiguration() throws IOException {
        JsonNode secret = objects.get(2);

        assertThat(secret.path("kind").asText()).isEqualTo("Secret");
        assertThat(YAML.readTree(secret.at("/stringData/scrape.yaml").asText()))
                .isEqualTo(Kit.yaml(Kit.PROMETHEUS.resolve("prometheus.yaml")).path("scrape_configs"));
        assertThat(objects).hasSize(3);
    }
}
