package bridge.bailey.cli;

import bridge.bailey.flow.Flow;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Finding;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Withheld;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Prints a plan, for people or for programs. */
final class PlanOutput {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private PlanOutput() {}

    static void table(Flow.Planned<CatalogEntry> planned, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        planned.plan().changes().forEach(change -> rows.add(row(change, "")));
        planned.plan().withheld().forEach(w -> rows.add(row(w.change(), "withheld (" + lower(w.reason()) + "): ")));
        if (rows.isEmpty()) {
            out.println("No changes. Consul holds what the cluster serves.");
        } else {
            rows.add(0, List.of("ACTION", "SERVICE", "CONSUL NAME", "INSTANCE", "WHAT"));
            print(rows, out);
            out.println();
            out.println(summary(planned));
        }
        for (Finding finding : planned.newFindings()) {
            out.println("Warning: " + finding.text());
        }
    }

    private static List<String> row(Change<CatalogEntry> change, String prefix) {
        CatalogEntry entry = change.item();
        String what = change instanceof Change.Update<CatalogEntry> update
                ? String.join(", ", update.before().differences(update.after()))
                : entry.check().map(c -> c.status().text() + ": " + c.output()).orElse("");
        return List.of(lower(change.action()), change.key().toString(), entry.name(), entry.place(), prefix + what);
    }

    private static void print(List<List<String>> rows, PrintWriter out) {
        int[] widths = new int[rows.get(0).size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static String summary(Flow.Planned<CatalogEntry> planned) {
        List<String> parts = new ArrayList<>();
        for (Change.Action action : Change.Action.values()) {
            long count = planned.plan().changes().stream()
                    .filter(c -> c.action() == action)
                    .count();
            parts.add(count + " to " + lower(action));
        }
        int withheld = planned.plan().withheld().size();
        return String.join(", ", parts) + (withheld > 0 ? ", " + withheld + " withheld" : "");
    }

    static void json(Flow.Planned<CatalogEntry> planned, PrintWriter out) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(
                "changes",
                planned.plan().changes().stream().map(c -> change(c, planned)).toList());
        all.put(
                "withheld",
                planned.plan().withheld().stream()
                        .map(w -> withheld(w, planned))
                        .toList());
        all.put(
                "findings",
                planned.newFindings().stream()
                        .map(f -> Map.of(
                                "kind", lower(f.kind()), "service", f.key().toString(), "message", f.text()))
                        .toList());
        try {
            out.println(MAPPER.writeValueAsString(all));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> withheld(Withheld<CatalogEntry> withheld, Flow.Planned<CatalogEntry> planned) {
        Map<String, Object> all = change(withheld.change(), planned);
        all.put("withheld", lower(withheld.reason()));
        return all;
    }

    private static Map<String, Object> change(Change<CatalogEntry> change, Flow.Planned<CatalogEntry> planned) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("flow", "to-consul");
        all.put("action", lower(change.action()));
        all.put("namespace", change.key().namespace());
        all.put("service", change.key().name());
        all.put("reason", planned.reasons().getOrDefault(change.key(), ""));
        all.put("id", change.id());
        if (change instanceof Change.Update<CatalogEntry> update) {
            all.put("before", entry(update.before()));
            all.put("after", entry(update.after()));
            all.put("differences", update.before().differences(update.after()));
        } else {
            all.put(change instanceof Change.Delete ? "before" : "after", entry(change.item()));
        }
        return all;
    }

    private static Map<String, Object> entry(CatalogEntry entry) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", entry.name());
        all.put("address", entry.address());
        all.put("port", entry.port());
        all.put("tags", entry.tags());
        all.put("meta", new TreeMap<>(entry.meta()));
        all.put("weight", entry.weight());
        entry.check().ifPresent(check -> {
            all.put("status", check.status().text());
            all.put("output", check.output());
        });
        return all;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
