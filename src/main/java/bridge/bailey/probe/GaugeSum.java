package bridge.bailey.probe;

import bridge.bailey.probe.PageReader.Found;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Sums the samples of one gauge on a page in Prometheus' text format, as the page comes in. Of all other lines nothing is
 * read; of the gauge's own, each must be as the format has it ({@code name{labels} value timestamp}), since half a sum would
 * be a wrong one.
 *
 * <p>There is no maintained reader of that format for Java: the Prometheus client only writes it.
 */
final class GaugeSum {

    private static final int LONGEST_LINE = 64 * 1024;

    private static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?");
    private static final Pattern TIMESTAMP = Pattern.compile("-?[0-9]+");
    private static final Pattern BLANKS = Pattern.compile("[ \\t]+");
    private static final Set<String> SUMMED = Set.of("gauge", "untyped", "unknown");

    private final String gauge;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean isCut;
    private int samples;
    private double sum;
    private String problem = "";

    GaugeSum(String gauge) {
        this.gauge = gauge;
    }

    /** Takes the next bytes of the page, wherever they begin and end. */
    void add(byte[] bytes) {
        for (byte b : bytes) {
            if (b == '\n') {
                endLine();
            } else if (line.size() < LONGEST_LINE) {
                line.write(b);
            } else {
                isCut = true;
            }
        }
    }

    /** What the page came to; it has ended. */
    Found found() {
        endLine();
        if (!problem.isEmpty()) {
            return Found.failed(problem);
        }
        if (samples == 0) {
            return Found.failed("has no gauge " + gauge);
        }
        // Also where two large samples made an infinity.
        return sum >= 0 && sum <= Double.MAX_VALUE ? Found.of(sum) : Found.failed(gauge + " is no count");
    }

    private void endLine() {
        if (line.size() > 0) {
            String text = line.toString(StandardCharsets.UTF_8).strip();
            if (text.startsWith("#")) {
                comment(BLANKS.split(text, -1));
            } else if (text.startsWith(gauge)) {
                named(text.substring(gauge.length()));
            }
            line.reset();
        }
        isCut = false;
    }

    private void comment(String[] words) {
        boolean tellsType = words.length == 4 && words[1].equals("TYPE") && words[2].equals(gauge);
        if (tellsType && !SUMMED.contains(words[3])) {
            problem = gauge + " is no gauge";
        }
    }

    /** The name may be the beginning of another. */
    private void named(String rest) {
        if (!rest.isEmpty() && rest.charAt(0) != '{' && rest.charAt(0) != ' ' && rest.charAt(0) != '\t') {
            return;
        }
        String value = isCut ? "" : afterLabels(rest.strip());
        String[] words = BLANKS.split(value.strip(), -1);
        boolean isTimed = words.length == 2 && TIMESTAMP.matcher(words[1]).matches();
        if ((words.length == 1 || isTimed) && NUMBER.matcher(words[0]).matches()) {
            samples++;
            sum += Double.parseDouble(words[0]);
        } else {
            problem = "has a sample of " + gauge + " that is no number";
        }
    }

    /** What follows the labels; "" if they don't end. In quotes a brace is nothing special. */
    private static String afterLabels(String text) {
        if (!text.startsWith("{")) {
            return text;
        }
        boolean quoted = false;
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '}' && !quoted) {
                return text.substring(i + 1);
            }
        }
        return "";
    }
}
