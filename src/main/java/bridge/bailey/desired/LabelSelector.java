package bridge.bailey.desired;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A label selector as {@code kubectl -l} takes it: {@code app=users,tier!=test,env in (a, b),env notin (c),canary,!old}.
 * It is evaluated here rather than by the API server, so that a service which is left out can be explained.
 */
public final class LabelSelector {

    /** Selects everything. */
    public static final LabelSelector EVERYTHING = new LabelSelector("", List.of());

    private static final String KEY = "([A-Za-z0-9][-A-Za-z0-9_./]*)";
    private static final String VALUE = "([A-Za-z0-9][-A-Za-z0-9_.]*)?";
    private static final Pattern EQUALITY = Pattern.compile(KEY + "\\s*(==|=|!=)\\s*" + VALUE);
    private static final Pattern SET = Pattern.compile(KEY + "\\s+(in|notin)\\s*\\(([^()]*)\\)");
    private static final Pattern EXISTENCE = Pattern.compile("(!?)\\s*" + KEY);
    /** Commas that are not inside parentheses. */
    private static final Pattern COMMA = Pattern.compile(",(?![^(]*\\))");

    private final String text;
    private final List<Predicate<Map<String, String>>> requirements;

    private LabelSelector(String text, List<Predicate<Map<String, String>>> requirements) {
        this.text = text;
        this.requirements = requirements;
    }

    /**
     * Reads a selector; an empty one selects everything.
     *
     * @throws IllegalArgumentException if a part can't be read; the message names the part
     */
    public static LabelSelector parse(String text) {
        if (text.isBlank()) {
            return EVERYTHING;
        }
        return new LabelSelector(
                text,
                Arrays.stream(COMMA.split(text, -1))
                        .map(String::strip)
                        .map(LabelSelector::requirement)
                        .toList());
    }

    public boolean matches(Map<String, String> labels) {
        return requirements.stream().allMatch(r -> r.test(labels));
    }

    private static Predicate<Map<String, String>> requirement(String part) {
        Matcher equality = EQUALITY.matcher(part);
        if (equality.matches()) {
            String value = equality.group(3) == null ? "" : equality.group(3);
            return in(equality.group(1), List.of(value), !equality.group(2).equals("!="));
        }
        Matcher set = SET.matcher(part);
        if (set.matches()) {
            List<String> values = Arrays.stream(set.group(3).split(",", -1))
                    .map(String::strip)
                    .toList();
            if (!values.stream().allMatch(v -> v.matches(VALUE))) {
                throw unreadable(part);
            }
            return in(set.group(1), values, set.group(2).equals("in"));
        }
        Matcher existence = EXISTENCE.matcher(part);
        if (existence.matches()) {
            boolean wanted = existence.group(1).isEmpty();
            return labels -> labels.containsKey(existence.group(2)) == wanted;
        }
        throw unreadable(part);
    }

    private static IllegalArgumentException unreadable(String part) {
        return new IllegalArgumentException("\"" + part + "\" is no requirement of a label selector");
    }

    /** As in Kubernetes, {@code !=} and {@code notin} also select objects without the label. */
    private static Predicate<Map<String, String>> in(String key, List<String> values, boolean wanted) {
        return labels -> (labels.containsKey(key) && values.contains(labels.get(key))) == wanted;
    }

    @Override
    public String toString() {
        return text;
    }
}
