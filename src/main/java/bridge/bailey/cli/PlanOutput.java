package bridge.bailey.cli;

import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Item;
import bridge.bailey.plan.Change;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints the plans of the flows, for people or for programs. */
final class PlanOutput {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final List<FlowPlan> plans;
    private final boolean complete;

    /**
     * Makes it.
     *
     * @param complete whether every source could be read
     */
    PlanOutput(List<FlowPlan> plans, boolean complete) {
        this.plans = List.copyOf(plans);
        this.complete = complete;
    }

    void table(PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        for (FlowPlan plan : plans) {
            plan.changes().forEach(change -> rows.add(row(plan, change, "")));
            plan.withheld().forEach(w -> rows.add(row(plan, w.change(), "withheld (" + lower(w.reason()) + "): ")));
        }
        if (rows.isEmpty()) {
            out.println(complete ? "No changes. Both sides hold what they should." : "No changes, as far as is known.");
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
        try {
            out.println(MAPPER.writeValueAsString(PlanJson.of(plans)));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
