package bridge.bailey.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dashboards are such as Grafana 10 and 11 take, name only metrics that there are, and mean the same by the same colour. */
class DashboardsTest {

    /** Those of today; graph, singlestat, table-old, and what needs a plugin are not among them. */
    private static final Set<String> TYPES = Set.of("row", "stat", "table", "timeseries", "state-timeline");

    /** Of Grafana 10.4, whose dashboards 11 and 12 read too. */
    private static final int SCHEMA = 39;

    /** What Okabe and Ito chose, so that colour-blind people tell them apart; and a grey. */
    private static final Set<String> COLOURS =
            Set.of("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#999999");

    private static final Map<String, String> MEANINGS = Map.of(
            "kubernetes", "#0072B2",
            "legacy", "#E69F00",
            "healthy", "#009E73",
            "unhealthy", "#D55E00",
            "draining", "#56B4E9",
            "unknown", "#999999");

    private static final Map<String, String> DATASOURCE = Map.of("type", "prometheus", "uid", "${datasource}");
    private static final int COLUMNS = 24;
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)[^}]*}|(\\w+))");
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

    static List<Kit.Dashboard> dashboards() {
        return Kit.dashboards();
    }

    static List<Kit.Query> queries() {
        return dashboards().stream()
                .flatMap(d -> Stream.of(d.queries(), d.annotations()).flatMap(List::stream))
                .toList();
    }

    static List<Kit.Query> variables() {
        return dashboards().stream().flatMap(d -> d.variables().stream()).toList();
    }

    @ParameterizedTest
    @MethodSource("queries")
    void eachQueryUsesMetricsAndLabelsThatThereAre(Kit.Query query) throws IOException {
        new KnownMetrics().assertThereIsAllOf(query.expression());
    }

    @ParameterizedTest
    @MethodSource("variables")
    void eachVariableIsReadFromALabelThatThereIs(Kit.Query variable) throws IOException {
        assertThat(variable.expression()).matches(LABEL_VALUES);
        new KnownMetrics()
                .assertThereIsAllOf(LABEL_VALUES.matcher(variable.expression()).replaceAll("sum by ($2) ($1)"));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void eachHasAnAddressAndNothingThatGrafanaGives(Kit.Dashboard dashboard) {
        JsonNode json = dashboard.json();

        assertThat(json.path("uid").asText())
                .isEqualTo("bailey-" + dashboard.file().replace(".json", ""))
                .hasSizeLessThanOrEqualTo(40);
        assertThat(json.path("title").asText()).startsWith("Bailey: ");
        assertThat(json.path("schemaVersion").asInt()).isEqualTo(SCHEMA);
        assertThat(List.of("id", "version", "iteration", "gnetId", "__inputs")).noneMatch(json::has);
        assertThat(json.path("tags").toString()).contains("bailey");
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void panelsHaveIdsTitlesAndTypesOfTheirOwn(Kit.Dashboard dashboard) {
        List<JsonNode> all = Kit.list(dashboard.json().path("panels"));

        assertThat(all).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates();
        assertThat(all).extracting(panel -> panel.path("id").asInt()).doesNotContain(0);
        assertThat(all).extracting(panel -> panel.path("title").asText()).doesNotHaveDuplicates();
        assertThat(all).extracting(panel -> panel.path("type").asText()).isSubsetOf(TYPES);
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void eachPanelSaysWhatItShowsAndInWhichUnit(Kit.Dashboard dashboard) {
        assertThat(dashboard.panels()).isNotEmpty().allSatisfy(panel -> {
            String title = panel.path("title").asText();
            assertThat(title).isNotBlank();
            assertThat(panel.path("description").asText()).as(title).endsWith(".");
            assertThat(panel.at("/fieldConfig/defaults/unit").asText())
                    .as(title)
                    .isIn("short", "percentunit", "s", "bytes", "ops", "reqps");
            assertThat(panel.path("targets")).as(title).isNotEmpty();
            assertThat(Kit.list(panel.path("targets")))
                    .extracting(target -> target.path("refId").asText())
                    .doesNotHaveDuplicates();
        });
    }

    /** Shares between 0 and 1 are shown as percentages, seconds as seconds. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void unitsAreThoseOfTheMetrics(Kit.Dashboard dashboard) {
        assertThat(dashboard.panels())
                .filteredOn(panel -> !panel.path("type").asText().equals("table"))
                .allSatisfy(panel -> {
                    String unit = panel.at("/fieldConfig/defaults/unit").asText();
                    String expression = panel.at("/targets/0/expr").asText();
                    assertThat(unit.equals("s"))
                            .as(panel.path("title").asText())
                            .isEqualTo(expression.matches("(histogram_quantile|flow:bailey_propagation).*")
                                    || expression.matches(".*(age_seconds|scrape_duration_seconds).*"));
                    assertThat(unit.equals("bytes"))
                            .as(panel.path("title").asText())
                            .isEqualTo(expression.contains("bytes"));
                });
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void panelsLieBesideEachOtherAndNotOnEachOther(Kit.Dashboard dashboard) {
        Set<List<Integer>> taken = new HashSet<>();
        for (JsonNode panel : dashboard.json().path("panels")) {
            JsonNode place = panel.path("gridPos");
            assertThat(place.path("x").asInt() + place.path("w").asInt()).isLessThanOrEqualTo(COLUMNS);
            for (int x = 0; x < place.path("w").asInt(); x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    assertThat(taken.add(List.of(
                                    place.path("x").asInt() + x, place.path("y").asInt() + y)))
                            .as(panel.path("title").asText())
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void theDataSourceIsTheReadersChoice(Kit.Dashboard dashboard) {
        JsonNode first = dashboard.json().at("/templating/list/0");

        assertThat(first.path("type").asText()).isEqualTo("datasource");
        assertThat(first.path("query").asText()).isEqualTo("prometheus");
        assertThat(dashboard.json().findValues("datasource")).isNotEmpty().allSatisfy(source -> assertThat(Map.of(
                        "type", source.path("type").asText(),
                        "uid", source.path("uid").asText()))
                .isEqualTo(DATASOURCE));
        assertThat(dashboard.panels())
                .flatExtracting(panel -> Kit.list(panel.path("targets")))
                .allMatch(target -> target.has("datasource"));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void variablesThatAreUsedAreDeclaredAndOthersAreNot(Kit.Dashboard dashboard) {
        Set<String> declared = Kit.list(dashboard.json().at("/templating/list")).stream()
                .map(variable -> variable.path("name").asText())
                .collect(Collectors.toSet());

        assertThat(variablesIn(dashboard.json().toString())).isEqualTo(declared);
    }

    /** Without those that Grafana itself gives, which begin with two underscores. */
    private static Set<String> variablesIn(String text) {
        return VARIABLE.matcher(text)
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .filter(name -> !name.startsWith("__"))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void linksLeadToDashboardsThatThereAre(Kit.Dashboard dashboard) {
        Set<String> addresses =
                dashboards().stream().map(d -> d.json().path("uid").asText()).collect(Collectors.toSet());

        assertThat(Pattern.compile("/d/([\\w-]+)")
                        .matcher(dashboard.json().toString())
                        .results()
                        .map(link -> link.group(1)))
                .isNotEmpty()
                .allMatch(addresses::contains);
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void coloursAreTellableApart(Kit.Dashboard dashboard) {
        List<String> used = new ArrayList<>(Pattern.compile("\"(?:color|fixedColor|iconColor)\":\"([^\"]*)\"")
                .matcher(dashboard.json().toString())
                .results()
                .map(colour -> colour.group(1))
                .toList());

        assertThat(used).isNotEmpty().isSubsetOf(COLOURS);
    }

    @Test
    void aSideAndAStateHaveOneColourEverywhere() {
        Map<String, Set<String>> seen = new HashMap<>();
        dashboards().stream()
                .flatMap(d -> d.panels().stream())
                .flatMap(panel -> Kit.list(panel.at("/fieldConfig/overrides")).stream())
                .filter(override ->
                        MEANINGS.containsKey(override.at("/matcher/options").asText()))
                .forEach(override -> Kit.list(override.path("properties")).stream()
                        .filter(property -> property.path("id").asText().equals("color"))
                        .forEach(property -> seen.computeIfAbsent(
                                        override.at("/matcher/options").asText(), name -> new HashSet<>())
                                .add(property.at("/value/fixedColor").asText())));

        assertThat(seen)
                .isEqualTo(MEANINGS.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> Set.of(entry.getValue()))));
    }

    /** Table columns are the queries' letters, renamed; an override for a column that is not there would do nothing. */
    @Test
    void eachOverrideOfATableIsAboutOneOfItsColumns() {
        List<JsonNode> tables = dashboards().stream()
                .flatMap(d -> d.panels().stream())
                .filter(panel -> panel.path("type").asText().equals("table"))
                .toList();

        assertThat(tables).isNotEmpty().allSatisfy(table -> {
            JsonNode names = table.findPath("renameByName");
            Set<String> columns = new HashSet<>(Set.of("namespace", "service"));
            table.path("targets").forEach(target -> {
                String column = "Value #" + target.path("refId").asText();
                assertThat(names.has(column)).as(column).isTrue();
                columns.add(names.path(column).asText());
            });
            assertThat(Kit.list(table.at("/fieldConfig/overrides")))
                    .extracting(override -> override.at("/matcher/options").asText())
                    .isSubsetOf(columns);
            assertThat(Kit.list(table.at("/options/sortBy")))
                    .extracting(sort -> sort.path("displayName").asText())
                    .isSubsetOf(columns);
        });
    }

    @Test
    void theKustomizationHoldsEachFileAndTheSidecarFindsEachDashboard() {
        Map<String, JsonNode> files = new HashMap<>();
        for (JsonNode map : Kit.yaml(Kit.FOLDER.resolve("kustomization.yaml")).path("configMapGenerator")) {
            map.path("files").forEach(file -> files.put(file.asText().replaceAll(".*=", ""), map));
        }

        assertThat(files.keySet()).containsExactlyInAnyOrderElementsOf(shipped());
        assertThat(files).allSatisfy((file, map) -> assertThat(
                        map.at("/options/labels/grafana_dashboard").asText())
                .as(file)
                .isEqualTo(file.endsWith(".json") ? "1" : ""));
    }

    private static Set<String> shipped() {
        return Stream.of(Kit.files(Kit.PROMETHEUS, ".yaml"), Kit.files(Kit.FOLDER.resolve("grafana"), ".json"))
                .flatMap(List::stream)
                .map(file -> Kit.FOLDER.relativize(file).toString())
                .collect(Collectors.toSet());
    }

    @Test
    void variablesAreFoundInBothForms() {
        assertThat(variablesIn("$a ${b:raw} ${__c} $__d")).isEqualTo(Set.of("a", "b"));
        assertThat(VARIABLE.matcher("$a").results().map(MatchResult::group)).containsExactly("$a");
    }
}
