package bridge.bailey.cli;

import static bridge.bailey.cli.ExplainOutput.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;

/** Prints whether the steps of a cutover are safe, from the JSON of {@code /api/services/{namespace}/{name}}. */
final class VerdictOutput {

    private final JsonNode detail;
    private final Colours colours;
    private final PrintWriter out;

    VerdictOutput(JsonNode detail, Colours colours, PrintWriter out) {
        this.detail = detail;
        this.colours = colours;
        this.out = out;
    }

    /** Both steps, and what Bailey does not see. */
    void print(String indent) {
        List.of(VerdictCommand.Step.values()).forEach(step -> print(step, indent));
        notes(indent);
    }

    /** One step, with the rules that say no. */
    void print(VerdictCommand.Step step, String indent) {
        String word = step.safe(detail) ? "yes" : "no";
        out.println(indent + "safe to " + step.words() + ": " + colours.of(word, word));
        for (JsonNode rule : detail.path("rules")) {
            if (step.blockedBy(rule)) {
                out.println(indent + "  - " + text(rule.path("text")) + " (" + text(rule.path("rule")) + ")");
            }
        }
    }

    void notes(String indent) {
        detail.path("notes").forEach(note -> out.println(indent + "note: " + text(note)));
    }
}
