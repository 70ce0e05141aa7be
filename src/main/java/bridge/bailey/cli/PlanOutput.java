package bridge.bailey.cli;

import bridge.bailey.flow.Flow;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Item;
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
import java.util.stream.Stream;

/** Prints the plans of the flows, for people or for programs. */
final class PlanOutput {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** One flow's plan. */
    record FlowPlan(String flow, Flow.Planned<? extends Item> planned) {
        boolean hasChanges() {
            return !planned.plan().changes().isEmpty();
        }

        private Stream<Change<? extends Item>> changes() {
            return planned.plan().changes().stream().map(change -> change);
        }

        private Stream<Withheld<? extends Item>> withheld() {
            return planned.plan().withheld().stream().map(withheld -> withheld);
        }
    }

    private final List<FlowPlan> plans;

    PlanOutput(List<FlowPlan> plans) {
        this.plans = List.copyOf(plans);
    }

    void table(PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        for (FlowPlan plan : plans) {
            plan.changes().forEach(change -> rows.add(row(plan, change, "")));
            plan.withheld().forEach(w -> rows.add(row(plan, w.change(), "withheld (" + lower(w.reason()) + "): ")));
        }
        if (rows.isEmpty()) {
            out.println("No changes. Both sides hold what they should.");
        } else {
            rows.add(0, List.of("FLOW", "ACTION", "SERVICE", "NAME", "INSTANCE", "WHAT"));
            print(rows, out);
            out.println();
            out.println(summary());
        }
        plans.stream()
                .flatMap(plan -> plan.planned().newFindings().stream())
                .forEach(finding -> out.println("Warning: " + finding.text()));
    }

    private static List<String> row(FlowPlan plan, Change<? extends Item> change, String prefix) {
        Item item = change.item();
        return List.of(
                plan.flow(),
                lower(change.action()),
                change.key().toString(),
                item.name(),
                item.place(),
                prefix + what(change));
    }

    private static String what(Change<? extends Item> change) {
        if (change instanceof Change.Update<? extends Item> update) {
            return String.join(", ", update.before().differences(update.after()));
        }
        if (change.item() instanceof CatalogEntry entry) {
            return entry.check().map(c -> c.status().text() + ": " + c.output()).orElse("");
        }
        return change.item().state();
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

    private String summary() {
        List<String> parts = new ArrayList<>();
        for (Change.Action action : Change.Action.values()) {
            long count = plans.stream()
                    .flatMap(FlowPlan::changes)
                    .filter(c -> c.action() == action)
                    .count();
            parts.add(count + " to " + lower(action));
        }
        long withheld = plans.stream().flatMap(FlowPlan::withheld).count();
        return String.join(", ", parts) + (withheld > 0 ? ", " + withheld + " withheld" : "");
    }

    void json(PrintWriter out) {
        List<Object> changes = new ArrayList<>();
        List<Object> withheld = new ArrayList<>();
        List<Object> findings = new ArrayList<>();
        for (FlowPlan plan : plans) {
            plan.changes().forEach(c -> changes.add(change(plan, c)));
            plan.withheld().forEach(w -> withheld.add(withheld(plan, w)));
            plan.planned().newFindings().forEach(f -> findings.add(finding(f)));
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("changes", changes);
        all.put("withheld", withheld);
        all.put("findings", findings);
        try {
            out.println(MAPPER.writeValueAsString(all));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> finding(Finding finding) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("kind", lower(finding.kind()));
        all.put("service", finding.key().toString());
        all.put("object", finding.subject().kind() + " " + finding.subject().name());
        all.put("message", finding.text());
        return all;
    }

    private static Map<String, Object> withheld(FlowPlan plan, Withheld<? extends Item> withheld) {
        Map<String, Object> all = change(plan, withheld.change());
        all.put("withheld", lower(withheld.reason()));
        return all;
    }

    private static Map<String, Object> change(FlowPlan plan, Change<? extends Item> change) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("flow", plan.flow());
        all.put("action", lower(change.action()));
        all.put("namespace", change.key().namespace());
        all.put("service", change.key().name());
        all.put("reason", plan.planned().reasons().getOrDefault(change.key(), ""));
        all.put("id", change.id());
        if (change instanceof Change.Update<? extends Item> update) {
            all.put("before", ItemJson.of(update.before()));
            all.put("after", ItemJson.of(update.after()));
            all.put("differences", update.before().differences(update.after()));
        } else {
            all.put(change instanceof Change.Delete ? "before" : "after", ItemJson.of(change.item()));
        }
        return all;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
