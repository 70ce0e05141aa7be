package bridge.bailey.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What k8s/monitoring holds. */
public final class Kit {

    public static final Path FOLDER = Path.of("k8s/monitoring");
    public static final Path PROMETHEUS = FOLDER.resolve("prometheus");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new YAMLMapper();

    private Kit() {}

    /**
     * A recording rule or an alert.
     *
     * @param name what it records, or the alert's name
     */
    public record Rule(String name, boolean isAlert, String expression, JsonNode node) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * An expression that a dashboard sends.
     *
     * @param where dashboard and panel, and the letter of the query
     * @param isInstant whether one moment is asked for rather than a course
     * @param isTable whether the answer is a column of a table
     */
    public record Query(String where, String expression, boolean isInstant, boolean isTable) {
        @Override
        public String toString() {
            return where;
        }
    }

    /** One dashboard. */
    public record Dashboard(String file, JsonNode json) {
        @Override
        public String toString() {
            return file;
        }

        /** All but the rows, which show nothing. */
        List<JsonNode> panels() {
            return list(json.path("panels")).stream()
                    .filter(panel -> !panel.path("type").asText().equals("row"))
                    .toList();
        }

        /** What the panels ask for. */
        public List<Query> queries() {
            List<Query> all = new ArrayList<>();
            for (JsonNode panel : panels()) {
                for (JsonNode target : panel.path("targets")) {
                    all.add(new Query(
                            file + ", "
                                    + panel.path("title").asText() + ", "
                                    + target.path("refId").asText(),
                            target.path("expr").asText(),
                            target.path("instant").asBoolean(),
                            panel.path("type").asText().equals("table")));
                }
            }
            return all;
        }

        /** What the annotations ask for. */
        public List<Query> annotations() {
            return list(json.at("/annotations/list")).stream()
                    .map(a -> new Query(
                            file + ", annotation " + a.path("name").asText(),
                            a.path("expr").asText(),
                            false,
                            false))
                    .toList();
        }

        /** The variables that are read from Prometheus, as {@code label_values(…)}. */
        public List<Query> variables() {
            return list(json.at("/templating/list")).stream()
                    .filter(v -> v.path("type").asText().equals("query"))
                    .map(v -> new Query(
                            file + ", variable " + v.path("name").asText(),
                            v.at("/query/query").asText(),
                            false,
                            false))
                    .toList();
        }
    }

    /** The recording rules and the alerts. */
    public static List<Rule> rules() {
        List<Rule> all = new ArrayList<>();
        for (Path file : files(PROMETHEUS, "-rules.yaml")) {
            for (JsonNode group : yaml(file).path("groups")) {
                for (JsonNode rule : group.path("rules")) {
                    boolean alert = rule.has("alert");
                    all.add(new Rule(
                            rule.path(alert ? "alert" : "record").asText(),
                            alert,
                            rule.path("expr").asText(),
                            rule));
                }
            }
        }
        return all;
    }

    static List<Rule> alerts() {
        return rules().stream().filter(Rule::isAlert).toList();
    }

    public static List<Dashboard> dashboards() {
        return files(FOLDER.resolve("grafana"), ".json").stream()
                .map(file -> new Dashboard(file.getFileName().toString(), read(JSON, file)))
                .toList();
    }

    static JsonNode yaml(Path file) {
        return read(YAML, file);
    }

    static List<Path> files(Path folder, String end) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(end)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> list(JsonNode array) {
        List<JsonNode> all = new ArrayList<>();
        array.forEach(all::add);
        return all;
    }

    private static JsonNode read(ObjectMapper mapper, Path file) {
        try {
            return mapper.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
