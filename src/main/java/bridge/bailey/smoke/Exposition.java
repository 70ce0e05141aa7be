package bridge.bailey.smoke;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Metrics in the text format of Prometheus, or in that of OpenMetrics; read strictly, since Prometheus drops a whole scrape for
 * one bad line.
 *
 * @param names of series, without labels
 */
record Exposition(Set<String> names, int series) {

    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\"";
    private static final String NUMBER = "(?:[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?Inf|NaN)";

    /** Possessive, so that a long line costs no time. After the last label there may be a comma. */
    private static final Pattern SAMPLE = Pattern.compile("(" + NAME + ")(?:\\{(?:" + LABEL + "(?:," + LABEL
            + ")*+,?+)?+})?+" + "[ \\t]++" + NUMBER + "(?:[ \\t]++" + NUMBER + ")?+(?: # \\{.*)?[ \\t]*+");

    static Exposition read(Answer answer) throws Failure {
        answer.notHtml();
        Set<String> names = new TreeSet<>();
        int series = 0;
        int number = 0;
        for (String line : answer.body().lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Matcher sample = SAMPLE.matcher(line);
            if (!sample.matches()) {
                throw Failure.lasting(answer.path() + ", line " + number + " can't be read by Prometheus: " + line);
            }
            names.add(sample.group(1));
            series++;
        }
        if (series == 0) {
            throw Failure.passing(answer.path() + " has no series");
        }
        return new Exposition(Set.copyOf(names), series);
    }

    @Override
    public String toString() {
        return series + " series of " + names.size() + " names";
    }
}
