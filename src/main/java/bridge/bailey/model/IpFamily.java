package bridge.bailey.model;

/** The family of an IP address, told from its text. */
public enum IpFamily {
    IPV4,
    IPV6;

    /** The family of an IP literal: a colon occurs in every IPv6 literal and in no IPv4 one. */
    public static IpFamily of(String address) {
        return address.indexOf(':') >= 0 ? IPV6 : IPV4;
    }
}
