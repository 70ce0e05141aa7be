package bridge.bailey.model;

import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** A share as users write it, such as {@code 30%}. */
public final class Share {

    private static final Pattern WRITTEN = Pattern.compile("\\d{1,3}(\\.\\d+)?%");

    private Share() {}

    /** The share between 0 and 1; empty if the text can't be read. */
    public static OptionalDouble parse(String text) {
        if (!WRITTEN.matcher(text).matches()) {
            return OptionalDouble.empty();
        }
        double share = Double.parseDouble(text.substring(0, text.length() - 1)) / 100;
        return share <= 1 ? OptionalDouble.of(share) : OptionalDouble.empty();
    }
}
