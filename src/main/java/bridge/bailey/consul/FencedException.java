package bridge.bailey.consul;

/** Nothing was written, and nothing more will be: somebody else's writes count now. */
public final class FencedException extends ConsulException {

    private static final long serialVersionUID = 1L;

    FencedException(String message) {
        super(NO_ANSWER, message);
    }
}
