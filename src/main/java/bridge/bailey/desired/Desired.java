package bridge.bailey.desired;

import bridge.bailey.model.Finding;
import java.util.List;

/**
 * What a target should hold for one service key.
 *
 * @param reason the rule that decided, in words: why the service is there, or why it is not
 */
public record Desired<T>(List<T> items, List<Finding> findings, String reason) {

    public Desired {
        items = List.copyOf(items);
        findings = List.copyOf(findings);
    }
}
