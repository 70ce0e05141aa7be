package bridge.bailey.probe;

/**
 * What one probe came to.
 *
 * @param reason why it failed, in a short sentence that stays the same as long as the reason does; "" if it passed
 */
record Outcome(ProbeResult result, String reason) {

    static final Outcome PASSED = new Outcome(ProbeResult.SUCCESS, "");

    boolean passed() {
        return result == ProbeResult.SUCCESS;
    }

    /** Whether it tells something about the target, rather than about us. */
    boolean counts() {
        return result != ProbeResult.LOCAL;
    }
}
