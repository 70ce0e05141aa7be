package bridge.bailey.model;

import java.util.regex.Pattern;

/** Text from the cluster or from Consul, made fit for a log line or a table: whoever writes it must not forge either. */
public final class Printable {

    private static final int LONGEST = 120;

    /** Control characters, line and paragraph separators, and those that change the direction of text. */
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cntrl}\\p{Zl}\\p{Zp}\\p{Cf}]");

    private Printable() {}

    /** The text on one line and not too long. */
    public static String of(String text) {
        return of(text, LONGEST);
    }

    /** The text on one line, with at most so many characters of it. */
    public static String of(String text, int longest) {
        String cut = text.length() > longest ? text.substring(0, longest) + "…" : text;
        return UNFIT.matcher(cut).replaceAll("\uFFFD");
    }
}
