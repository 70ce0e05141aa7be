package bridge.bailey.cli;

import bridge.bailey.model.Finding;
import bridge.bailey.model.Item;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Withheld;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Plans for programs: what {@code plan --output json} prints, and {@code /api/plan} answers. */
public final class PlanJson {

    private PlanJson() {}

    /** The plans of all flows in one. */
    public static Map<String, Object> of(List<FlowPlan> plans) {
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
        return all;
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
        all.put("why", withheld.why());
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
