package bridge.bailey.consul;

import java.io.IOException;

/** Consul answered with an error, or not at all. */
public class ConsulException extends IOException {

    private static final long serialVersionUID = 1L;

    /** No answer, as opposed to an HTTP status. */
    public static final int NO_ANSWER = 0;

    /** What Consul says of a token that it does not know, or that has expired. */
    static final String UNKNOWN_TOKEN = "ACL not found";

    private static final int FORBIDDEN = 403;

    private final int status;

    public ConsulException(int status, String message) {
        super(message);
        this.status = status;
    }

    public ConsulException(String message, IOException cause) {
        super(message, cause);
        this.status = NO_ANSWER;
    }

    /** The HTTP status, or {@link #NO_ANSWER}. */
    public int status() {
        return status;
    }

    /** Consul does not know the token of the request: with it nothing works, as if Consul were away. */
    public boolean tokenIsUnknown() {
        return status == FORBIDDEN && getMessage().contains(UNKNOWN_TOKEN);
    }
}
