package bridge.bailey.model;

/** The transport of a port. */
public enum Protocol {
    TCP,
    UDP,
    SCTP
}
