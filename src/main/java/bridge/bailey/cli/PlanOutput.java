package bridge.bailey.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;

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

    /** As a diff; {@code all} prints each change, however many are alike. */
    void text(Colours colours, boolean all, PrintWriter out) {
        if (plans.stream().allMatch(FlowPlan::isEmpty)) {
            out.println(complete ? "No changes. Both sides hold what they should." : "No changes, as far as is known.");
        } else {
            PlanText text = new PlanText(colours, all, out);
            text.print(plans);
            text.summary(plans);
        }
        plans.stream()
                .flatMap(plan -> plan.planned().newFindings().stream())
                .forEach(finding -> out.println("Warning: " + finding.text()));
    }

    void json(PrintWriter out) {
        try {
            out.println(MAPPER.writeValueAsString(PlanJson.of(plans)));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
