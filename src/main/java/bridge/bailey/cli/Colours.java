package bridge.bailey.cli;

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
            case "UP", "yes", "healthy", "held" -> in(Style.fg_green, padded);
            case "DEGRADED", "draining", "unknown", "pending", "withheld" -> in(Style.fg_yellow, padded);
            case "DOWN", "no", "unhealthy" -> in(Style.fg_red, padded);
            default -> padded;
        };
    }

    String bold(String text) {
        return in(Style.bold, text);
    }

    private String in(Style style, String text) {
        return on ? style.on() + text + style.off() : text;
    }
}
