package bridge.bailey.web.board;

import bridge.bailey.flow.Flow;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Item;
import java.util.List;
import java.util.Map;

/** What the bridge would change now, and what it does not. */
public record PlanPage(Header header, PlanRow.Some changes, PlanRow.Some withheld, List<FindingRow> findings, int all) {

    private static final int MOST = 300;

    /** What a user should mend. */
    public record FindingRow(String service, String href, String text) {}

    /**
     * The page.
     *
     * @param plans of each flow, by its name
     */
    static PlanPage of(Header header, Map<String, Flow.Planned<? extends Item>> plans, List<Finding> findings) {
        return new PlanPage(
                header,
                PlanRow.Some.of(plans.entrySet().stream()
                        .flatMap(e -> PlanRow.changes(
                                e.getKey(), e.getValue().plan(), e.getValue().reasons()))
                        .toList()),
                PlanRow.Some.of(plans.entrySet().stream()
                        .flatMap(e -> PlanRow.withheld(e.getKey(), e.getValue().plan()))
                        .toList()),
                findings.stream().limit(MOST).map(PlanPage::row).toList(),
                findings.size());
    }

    private static FindingRow row(Finding finding) {
        return new FindingRow(
                finding.key().toString(),
                Row.href(finding.key().namespace(), finding.key().name()),
                finding.text());
    }

    public int moreFindings() {
        return all - findings.size();
    }
}
