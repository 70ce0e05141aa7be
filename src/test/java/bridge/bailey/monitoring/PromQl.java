package bridge.bailey.monitoring;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Reads names from an expression of Prometheus' query language; promtool says whether the expression is one. */
record PromQl(String expression) {

    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final Pattern SELECTOR = Pattern.compile("(" + NAME + ")\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");
    private static final Pattern LABELS =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern METRIC = Pattern.compile("(?<![\\w:.$])" + NAME + "(?![\\w:])(?!\\s*\\()");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "by", "without", "on", "ignoring", "bool");

    /** One label that is asked of one metric. */
    record Asked(String metric, String label) {}

    /** The metrics that are read. */
    Set<String> metrics() {
        String bare = LABELS.matcher(expression
                        .replaceAll("\"[^\"]*\"", "")
                        .replaceAll("\\{[^}]*}", "")
                        .replaceAll("\\[[^]]*]", ""))
                .replaceAll("");
        Set<String> names = new TreeSet<>();
        METRIC.matcher(bare)
                .results()
                .map(MatchResult::group)
                .filter(n -> !WORDS.contains(n))
                .forEach(names::add);
        return names;
    }

    /** The labels by which series are chosen. */
    Set<Asked> matchers() {
        Set<Asked> all = new HashSet<>();
        SELECTOR.matcher(expression).results().forEach(selector -> MATCHER.matcher(
                        selector.group(2).replaceAll("\"[^\"]*\"", "\"\""))
                .results()
                .forEach(label -> all.add(new Asked(selector.group(1), label.group(1)))));
        return all;
    }

    /** The labels by which series are grouped or joined. */
    Set<String> grouping() {
        Set<String> all = new TreeSet<>();
        LABELS.matcher(expression).results().forEach(list -> {
            for (String label : list.group(1).split(",", -1)) {
                all.add(label.strip());
            }
        });
        // `on ()` joins by nothing.
        all.remove("");
        return all;
    }
}
