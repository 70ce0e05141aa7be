package bridge.bailey.source;

/** EC2 did not answer a query. The message says why, and what is to be mended, in a sentence without secrets. */
public final class Ec2Exception extends Exception {

    public Ec2Exception(String message) {
        super(message);
    }

    Ec2Exception(String message, Throwable cause) {
        super(message, cause);
    }
}
