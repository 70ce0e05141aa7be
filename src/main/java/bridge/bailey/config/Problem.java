package bridge.bailey.config;

/**
 * One thing that is wrong with the configuration.
 *
 * @param key the key or variable
 * @param value what it is set to, or "" if it has no value
 * @param origin where that was set, or ""
 * @param hint what it may be, or what to do
 */
public record Problem(String key, String value, String origin, String hint) {

    /** One line for the user. */
    public String text() {
        String is = value.isEmpty() ? key + " has no value" : key + " = \"" + value + "\"";
        return is + (origin.isEmpty() ? "" : " (" + origin + ")") + "; " + hint;
    }
}
