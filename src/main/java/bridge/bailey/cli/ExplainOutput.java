package bridge.bailey.cli;

import bridge.bailey.model.Printable;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints one service in detail for people, from the JSON of {@code /api/services/{namespace}/{name}}. */
final class ExplainOutput {

    private static final int LONGEST = 300;
    private static final List<String> STATES = List.of("healthy", "unhealthy", "draining", "unknown");

    private final JsonNode detail;
    private final Colours colours;
    private final PrintWriter out;

    ExplainOutput(JsonNode detail, Colours colours, PrintWriter out) {
        this.detail = detail;
        this.colours = colours;
        this.out = out;
    }

    /** Text from the cluster, which must not forge a line. */
    static String text(JsonNode node) {
        return node.isMissingNode() || node.isNull() ? "" : Printable.of(node.asText(), LONGEST);
    }

    void print() {
        head();
        sides();
        heading("Verdict");
        new VerdictOutput(detail, colours, out).print("  ");
        heading("Instances");
        if (detail.path("instances").isEmpty()) {
            out.println("  none");
        }
        detail.path("instances").forEach(this::instance);
        heading("Decided");
        table(rows(detail.path("decisions"), "about", "value", "by"));
        changes("Waits for a pass", detail.path("changes"));
        changes("Withheld", detail.path("withheld"));
        list("To be mended", detail.path("findings"));
    }

    private void head() {
        JsonNode service = detail.path("service");
        String status = text(service.path("status"));
        out.println(colours.bold(text(service.path("namespace")) + "/" + text(service.path("name"))) + "  "
                + colours.of(status, status));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("in Consul", orNone(joined(detail.path("consulNames")))));
        rows.add(List.of("", text(detail.path("toConsul"))));
        rows.add(List.of("in the cluster", inCluster()));
        rows.add(List.of("mirror", text(detail.path("toKubernetes"))));
        rows.add(List.of("declared by", orNone(joined(detail.path("declaredBy")))));
        detail.path("origins").forEach(origin -> rows.add(List.of("origin", origin(origin))));
        detail.path("ports").forEach(port -> rows.add(List.of("port", port(port))));
        rows.add(List.of("seen since", text(service.path("since"))));
        rows.add(List.of("last change", text(service.path("changed"))));
        rows.add(List.of("taken at", text(detail.path("takenAt"))));
        if (!detail.path("staleSources").isEmpty()) {
            rows.add(List.of("stale", "can't be read now: " + joined(detail.path("staleSources"))));
        }
        table(rows);
    }

    private String inCluster() {
        String service = text(detail.path("serviceType"));
        String mirror = text(detail.path("mirrorType"));
        String own = service.isEmpty() ? "" : "Service of type " + service;
        if (mirror.isEmpty()) {
            return own.isEmpty() ? "no Service" : own;
        }
        return mirror.equals("joined") ? own + ", which the machines join" : "mirror of type " + mirror;
    }

    private static String origin(JsonNode origin) {
        String error = text(origin.path("error"));
        return text(origin.path("origin")) + ", instances: "
                + origin.path("instances").asInt() + (error.isEmpty() ? "" : ", " + error);
    }

    private static String port(JsonNode port) {
        String name = text(port.path("name"));
        return text(port.path("side")) + " " + (name.isEmpty() ? "" : name + " ")
                + text(port.path("port")) + " → " + joined(port.path("targetPorts"))
                + (port.path("nodePort").isNumber() ? ", node port " + text(port.path("nodePort")) : "")
                + " " + text(port.path("protocol"));
    }

    private static String orNone(String text) {
        return text.isEmpty() ? "none" : text;
    }

    private static String joined(JsonNode list) {
        List<String> all = new ArrayList<>();
        list.forEach(one -> all.add(text(one)));
        return String.join(", ", all);
    }

    private void sides() {
        out.println();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "healthy", "unhealthy", "draining", "unknown"));
        for (String side : List.of("kubernetes", "legacy")) {
            JsonNode counts = detail.path("service").path(side);
            List<String> row = new ArrayList<>(List.of(side));
            STATES.forEach(state -> row.add(counts.isObject() ? text(counts.path(state)) : "-"));
            rows.add(row);
        }
        table(rows);
    }

    private void heading(String text) {
        out.println();
        out.println(colours.bold(text));
    }

    private void instance(JsonNode instance) {
        String state = text(instance.path("state"));
        String since = text(instance.path("since"));
        out.println("  " + text(instance.path("side")) + " " + colours.bold(text(instance.path("id"))) + " "
                + text(instance.path("address")) + " " + colours.of(state, state)
                + (since.isEmpty() ? "" : " since " + since)
                + (instance.path("disagreement").asBoolean() ? ", and its judges disagree" : ""));
        List<List<String>> rows = new ArrayList<>();
        add(rows, "why", text(instance.path("reason")));
        add(rows, "from", from(instance));
        instance.path("opinions")
                .forEach(opinion -> rows.add(List.of(
                        "says " + text(opinion.path("by")),
                        word(text(opinion.path("state"))) + text(opinion.path("why")))));
        instance.path("became").forEach(fate -> rows.add(List.of("in " + text(fate.path("in")), fate(fate))));
        if (instance.path("probe").isObject()) {
            probe(rows, instance.path("probe"));
        }
        table(rows, "    ");
    }

    private String word(String word) {
        return colours.of(word, word) + ": ";
    }

    private String fate(JsonNode fate) {
        String name = text(fate.path("name"));
        return word(text(fate.path("how"))) + (name.isEmpty() ? "" : name + ", ") + text(fate.path("why"));
    }

    private static String from(JsonNode instance) {
        String node = text(instance.path("node"));
        String zone = text(instance.path("zone"));
        return text(instance.path("origin"))
                + (node.isEmpty() ? "" : ", node " + node)
                + (zone.isEmpty() ? "" : ", zone " + zone);
    }

    private static void probe(List<List<String>> rows, JsonNode probe) {
        rows.add(List.of(
                "probe",
                String.format(
                        Locale.ROOT,
                        "%s of %s, every %s s within %s s, rise %s, fall %s%s",
                        text(probe.path("check")),
                        text(probe.path("target")),
                        number(probe.path("intervalSeconds")),
                        number(probe.path("timeoutSeconds")),
                        text(probe.path("rise")),
                        text(probe.path("fall")),
                        probe.path("suspected").asBoolean()
                                ? "; the last good verdict is kept: too many fail at once"
                                : "")));
        probe.path("failures")
                .forEach(failure ->
                        rows.add(List.of("failed", text(failure.path("at")) + " " + text(failure.path("reason")))));
    }

    private static String number(JsonNode node) {
        double value = node.asDouble();
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private static void add(List<List<String>> rows, String name, String value) {
        if (!value.isEmpty()) {
            rows.add(List.of(name, value));
        }
    }

    private void changes(String heading, JsonNode changes) {
        if (changes.isEmpty()) {
            return;
        }
        heading(heading);
        table(rows(changes, "flow", "action", "name", "place", "what", "why"));
    }

    private void list(String heading, JsonNode lines) {
        if (lines.isEmpty()) {
            return;
        }
        heading(heading);
        lines.forEach(line -> out.println("  " + Printable.of(line.asText(), 2 * LONGEST)));
    }

    private static List<List<String>> rows(JsonNode list, String... fields) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode one : list) {
            List<String> row = new ArrayList<>();
            for (String field : fields) {
                row.add(text(one.path(field)));
            }
            rows.add(row);
        }
        return rows;
    }

    private void table(List<List<String>> rows) {
        table(rows, "  ");
    }

    /** The last column is as wide as it is. */
    private void table(List<List<String>> rows, String indent) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        rows.forEach(row -> {
            for (int i = 0; i < row.size() - 1; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i))
                        .append(" ".repeat(Math.max(0, widths[i] - row.get(i).length()) + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
