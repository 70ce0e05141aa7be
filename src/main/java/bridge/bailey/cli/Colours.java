package bridge.bailey.cli;

import bridge.bailey.plan.Change;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * Colours words on a terminal. Not by picocli's markup: what comes from the cluster could contain some.
 *
 * @param on whether there is a terminal
 */
record Colours(boolean on) {

    static Colours ofTerminal() {
        return new Colours(Ansi.AUTO.enabled());
    }

    /** The word in the colour of what it means. */
    String of(String word, String padded) {
        return switch (word) {
            case "UP", "yes", "healthy", "held", "OK" -> in(Style.fg_green, padded);
            case "DEGRADED", "draining", "unknown", "pending", "withheld", "WARN" -> in(Style.fg_yellow, padded);
            case "DOWN", "no", "unhealthy", "FAIL" -> in(Style.fg_red, padded);
            default -> padded;
        };
    }

    /** What becomes of something, as a diff shows it. */
    enum Sign {
        CREATED('+', Style.fg_green),
        CHANGED('~', Style.fg_yellow),
        DELETED('-', Style.fg_red),
        WITHHELD('!', Style.fg_magenta);

        private final char mark;
        private final Style style;

        Sign(char mark, Style style) {
            this.mark = mark;
            this.style = style;
        }

        static Sign of(Change.Action action) {
            return switch (action) {
                case CREATE -> CREATED;
                case UPDATE -> CHANGED;
                case DELETE -> DELETED;
            };
        }
    }

    /** A line of a diff. */
    String of(Sign sign, String text) {
        return in(sign.style, sign.mark + " " + text);
    }

    String bold(String text) {
        return in(Style.bold, text);
    }

    private String in(Style style, String text) {
        return on ? style.on() + text + style.off() : text;
    }
}
