package bridge.bailey.smoke;

/** Something is not as it should be; the message says what, and what to do about it. */
final class Failure extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean lasting;

    private Failure(String message, boolean lasting) {
        super(message);
        this.lasting = lasting;
    }

    /** What a deploy that has not ended yet may look like. */
    static Failure passing(String message) {
        return new Failure(message, false);
    }

    /** What waiting does not mend. */
    static Failure lasting(String message) {
        return new Failure(message, true);
    }

    boolean isLasting() {
        return lasting;
    }
}
