package bridge.bailey.target;

/** The target could not be read. The message says what to do about it, as far as that is known. */
public final class TargetException extends Exception {

    private static final long serialVersionUID = 1L;

    public TargetException(String message, Throwable cause) {
        super(message, cause);
    }
}
