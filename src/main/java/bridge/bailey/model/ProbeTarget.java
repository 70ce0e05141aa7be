package bridge.bailey.model;

/**
 * What is probed: one address and port of an instance of a legacy service.
 *
 * @param address an IP address
 */
public record ProbeTarget(String address, int port) implements Comparable<ProbeTarget> {

    @Override
    public int compareTo(ProbeTarget other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
    }

    /** {@code address:port}, IPv6 in brackets. */
    @Override
    public String toString() {
        return CatalogEntry.endpoint(address, port);
    }
}
