package bridge.bailey.desired;

import bridge.bailey.model.Finding;
import java.util.List;

/**
 * What a target should hold for one service key.
 *
 * @param wanted whether the service is to be there, even if there is nothing of it now, or it can't be used
 * @param reason the rule that decided, in words: why the service is there, or why it is not
 * @param leftOut what of a wanted service is not to be there
 */
public record Desired<T>(List<T> items, List<Finding> findings, boolean wanted, String reason, List<LeftOut> leftOut) {

    public Desired {
        items = List.copyOf(items);
        findings = List.copyOf(findings);
        leftOut = List.copyOf(leftOut);
    }

    /** Of a service that is wanted with all its instances. */
    public Desired(List<T> items, List<Finding> findings, String reason) {
        this(items, findings, true, reason, List.of());
    }

    /** Of a service that is not wanted. */
    public static <T> Desired<T> unwanted(List<Finding> findings, String reason) {
        return new Desired<>(List.of(), findings, false, reason, List.of());
    }
}
