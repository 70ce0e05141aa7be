package bridge.bailey.model;

import java.util.regex.Pattern;

/**
 * Text from the cluster or from Consul, made fit for a log line or a table: whoever writes it must not forge either, and whoever
 * repeats a credential must not tell it.
 */
public final class Printable {

    private static final int LONGEST = 120;

    /** Control characters, line and paragraph separators, and those that change the direction of text. */
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cf}]");

    /** What some software repeats of the headers that it was sent, or sends: only the name is fit. */
    private static final Pattern CREDENTIAL = Pattern.compile(
            "(?i)(\\bbearer\\s+(?=\\S*\\d)|\\b(?:x-amz-security-token|x-consul-token)[\"'\\s:=]{1,4})[\\w.~+/=-]{8,}");

    private Printable() {}

    /** Whether the text is as {@link #of} would have it, however long. */
    public static boolean isFit(String text) {
        return !UNFIT.matcher(text).find() && !CREDENTIAL.matcher(text).find();
    }

    /** The text on one line and not too long. */
    public static String of(String text) {
        return of(text, LONGEST);
    }

    /** The text on one line, with at most so many characters of it. */
    public static String of(String text, int longest) {
        String known = CREDENTIAL.matcher(text).replaceAll("$1…");
        String cut = known.length() > longest ? known.substring(0, longest) + "…" : known;
        return UNFIT.matcher(cut).replaceAll("\uFFFD");
    }
}
