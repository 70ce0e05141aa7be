package bridge.bailey.probe;

import java.util.Locale;

/** How one probe ended: few enough to be a metric's label. */
public enum ProbeResult {
    SUCCESS,
    /** Nobody listens there. */
    REFUSED,
    /** No verdict in the time that a probe has. */
    TIMEOUT,
    /** The connection ended before the answer. */
    RESET,
    /** No way to the address. */
    UNREACHABLE,
    /** An answer with another status than expected. */
    STATUS,
    /** The certificate, or the handshake. */
    TLS,
    /** Whoever answered does not speak the protocol. */
    PROTOCOL,
    /** The gRPC health service says so, or does not know the service. */
    NOT_SERVING,
    /** We lack file descriptors, ports or an address to send from: says nothing of the target. */
    LOCAL,
    OTHER;

    /** The value of the label. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
