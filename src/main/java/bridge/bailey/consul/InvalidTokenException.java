package bridge.bailey.consul;

/** There is no token that could be sent. The message says where it should come from, and quotes nothing of it. */
final class InvalidTokenException extends Exception {

    private static final long serialVersionUID = 1L;

    InvalidTokenException(String message) {
        super(message);
    }
}
