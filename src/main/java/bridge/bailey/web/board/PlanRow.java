package bridge.bailey.web.board;

import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Plan;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A change that waits, or is withheld.
 *
 * @param why the rule that asks for it or, if it is withheld, why it is not made
 */
public record PlanRow(String flow, String action, ServiceKey key, String name, String place, String what, String why) {

    static Stream<PlanRow> changes(String flow, Plan<? extends Item> plan, Map<ServiceKey, String> reasons) {
        return plan.changes().stream().map(change -> of(flow, change, reasons.getOrDefault(change.key(), "")));
    }

    static Stream<PlanRow> withheld(String flow, Plan<? extends Item> plan) {
        return plan.withheld().stream().map(withheld -> of(flow, withheld.change(), withheld.why()));
    }

    private static PlanRow of(String flow, Change<? extends Item> change, String why) {
        Item item = change.item();
        return new PlanRow(
                flow,
                change.action().name().toLowerCase(Locale.ROOT),
                change.key(),
                item.name(),
                item.place(),
                change.what(),
                why);
    }

    public String href() {
        return Row.href(key.namespace(), key.name());
    }

    /** The first of many, and how many there are. */
    public record Some(List<PlanRow> rows, int total) {

        private static final int MOST = 300;

        static Some of(List<PlanRow> all) {
            return new Some(all.stream().limit(MOST).toList(), all.size());
        }

        public int more() {
            return total - rows.size();
        }
    }
}
