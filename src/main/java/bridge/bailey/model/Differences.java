package bridge.bailey.model;

import java.util.List;
import java.util.Objects;

/** Tells differences in words. */
final class Differences {

    private Differences() {}

    /** Adds {@code what before → after} if the two differ; {@code what} may be "". */
    static void add(List<String> all, String what, Object before, Object after) {
        if (!Objects.equals(before, after)) {
            String text = Printable.of(orNone(before)) + " → " + Printable.of(orNone(after));
            all.add(what.isEmpty() ? text : what + " " + text);
        }
    }

    private static String orNone(Object value) {
        String text = String.valueOf(value);
        return text.isEmpty() ? "none" : text;
    }
}
