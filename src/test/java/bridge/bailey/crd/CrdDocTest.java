package bridge.bailey.crd;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.docs.GeneratedPart;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said about LegacyService, to the API server and to people, is what its classes say. */
class CrdDocTest {

    private static final Path DEFINITION = Path.of("k8s/crd/legacyservices.bailey.bridge.yaml");
    private static final Path PAGE = Path.of("docs/legacyservice.md");

    private static final String HEADER =
            "# Made from the classes in src/main/java/bridge/bailey/crd: `mvn test -Dtest=CrdDocTest -Ddocs.update=true`"
                    + " writes it.\n";

    private static JSONSchemaProps schema() {
        return CrdFromClasses.make().getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema();
    }

    @Test
    void theDefinitionIsMadeFromTheClasses() throws IOException {
        String expected = HEADER + CrdFromClasses.yaml(CrdFromClasses.make());
        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(DEFINITION, expected);
        }

        assertThat(Files.readString(DEFINITION))
                .as("%s, which -Ddocs.update=true writes", DEFINITION)
                .isEqualTo(expected);
    }

    @Test
    void theTableOfFieldsIsTheSchema() throws IOException {
        StringBuilder table = new StringBuilder("\n| field | value | default | meaning |\n|---|---|---|---|\n");
        row(table, "spec", schema().getProperties().get("spec"), false);
        row(table, "status", schema().getProperties().get("status"), false);
        table.append('\n');

        GeneratedPart.check(PAGE, table.toString());
    }

    private static void row(StringBuilder table, String path, JSONSchemaProps field, boolean required) {
        table.append("| `%s` | %s | %s | %s |\n"
                .formatted(
                        path,
                        value(field),
                        required
                                ? "**required**"
                                : field.getDefault() == null
                                        ? ""
                                        : "`" + field.getDefault().asText() + "`",
                        String.valueOf(field.getDescription())
                                .replace("|", "\\|")
                                .replace("*", "\\*")));
        boolean list = "array".equals(field.getType());
        JSONSchemaProps inner = list ? field.getItems().getSchema() : field;
        List<String> needed = inner.getRequired() == null ? List.of() : inner.getRequired();
        fields(inner)
                .forEach((name, child) -> row(table, path + (list ? "[]." : ".") + name, child, needed.contains(name)));
    }

    private static Map<String, JSONSchemaProps> fields(JSONSchemaProps schema) {
        return schema.getProperties() == null ? Map.of() : schema.getProperties();
    }

    private static String value(JSONSchemaProps field) {
        if (field.getEnum() != null && !field.getEnum().isEmpty()) {
            return field.getEnum().stream()
                    .map(constant -> "`" + constant.asText() + "`")
                    .reduce((a, b) -> a + ", " + b)
                    .orElseThrow();
        }
        return switch (field.getType()) {
            case "array" -> "list" + (field.getMaxItems() == null ? "" : ", at most " + field.getMaxItems());
            case "integer" ->
                field.getMaximum() == null
                        ? "number"
                        : "%.0f to %.0f".formatted(field.getMinimum(), field.getMaximum());
            case "string" ->
                field.getMaxLength() == null ? "text" : "text, at most " + field.getMaxLength() + " characters";
            default -> field.getType();
        };
    }

    @Test
    void everyFieldIsDescribed() {
        List<String> without = new ArrayList<>();
        fields(schema()).forEach((name, field) -> collectUndescribed(name, field, without));

        assertThat(without).isEmpty();
    }

    private static void collectUndescribed(String path, JSONSchemaProps field, List<String> without) {
        if (field.getDescription() == null) {
            without.add(path);
        }
        JSONSchemaProps inner =
                field.getItems() == null ? field : field.getItems().getSchema();
        fields(inner).forEach((name, child) -> collectUndescribed(path + "." + name, child, without));
    }

    /** The API server would drop what it does not know without a word. */
    @Test
    void theExamplesHaveNoFieldThatTheSchemaDoesNotHave() throws IOException {
        List<Map<String, Object>> examples = Examples.all();
        List<String> unknown = new ArrayList<>();
        examples.forEach(example -> collectUnknown("", Map.of("spec", example.get("spec")), schema(), unknown));

        assertThat(examples).hasSizeGreaterThan(5);
        assertThat(unknown).isEmpty();
    }

    private static void collectUnknown(String path, Object value, JSONSchemaProps schema, List<String> unknown) {
        if (value instanceof Map<?, ?> object) {
            object.forEach((name, child) -> {
                JSONSchemaProps field = fields(schema).get(name);
                if (field == null) {
                    unknown.add(path + "." + name);
                } else {
                    collectUnknown(path + "." + name, child, field, unknown);
                }
            });
        } else if (value instanceof List<?> list) {
            list.forEach(child ->
                    collectUnknown(path + "[]", child, schema.getItems().getSchema(), unknown));
        }
    }

    @Test
    void anOlderBaileyIgnoresWhatANewerDefinitionHas() {
        LegacyService read = Serialization.unmarshal(
                """
                {"apiVersion": "bailey.bridge/v1alpha1", "kind": "LegacyService", "metadata": {"name": "billing"},
                 "spec": {"future": {"x": 1}, "serviceName": "billing", "origins": [{"future": 1, "hostname": "a.example"}]},
                 "status": {"future": [], "service": "billing"}}""",
                LegacyService.class);

        assertThat(read.getSpec().origins())
                .singleElement()
                .extracting(Origin::hostname)
                .isEqualTo("a.example");
        assertThat(read.getStatus().service()).isEqualTo("billing");
    }
}
