package bridge.bailey.view;

import java.time.Duration;

/**
 * The configured measures of the cutover verdict; the keys below {@code bailey.verdict} document them.
 *
 * @param window for how long instances must have been healthy
 * @param dnsTtl for how long a caller may hold a DNS answer
 */
public record CutoverRules(Duration window, Duration dnsTtl) {}
