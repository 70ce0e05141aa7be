package bridge.bailey.smoke;

/**
 * What a step saw.
 *
 * @param there false if there is nothing to look at, which is no failure
 * @param detail in a few words
 */
record Seen(boolean there, String detail) {

    static Seen well(String detail) {
        return new Seen(true, detail);
    }

    static Seen nothing(String why) {
        return new Seen(false, why);
    }
}
