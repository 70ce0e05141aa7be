package bridge.bailey.desired;

/**
 * One thing that was decided about a service.
 *
 * @param about what, such as {@code export}, {@code name} or {@code probe}
 * @param value what it is now
 * @param by the annotation, tag, field or rule that decided
 */
public record Decision(String about, String value, String by) {}
