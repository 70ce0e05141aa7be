package bridge.bailey.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An IP address in the one spelling that Kubernetes takes: IPv4 without leading zeros, IPv6 as RFC 5952 writes it.
 *
 * @param groups 4 bytes, or 8 groups of 16 bits
 */
public record IpAddress(List<Integer> groups) {

    private static final int IPV4_GROUPS = 4;
    private static final int IPV6_GROUPS = 8;
    private static final int IPV4_MAPPED = 0xffff;

    public IpAddress {
        groups = List.copyOf(groups);
    }

    /** Reads an address; empty if the text is none. No look-up is made, and no zone index ({@code %eth0}) is taken. */
    public static Optional<IpAddress> parse(String text) {
        return (text.indexOf(':') >= 0 ? ipv6(text) : ipv4(text)).map(IpAddress::new);
    }

    private static Optional<List<Integer>> ipv4(String text) {
        List<Integer> bytes = new ArrayList<>();
        for (String part : text.split("\\.", -1)) {
            if (!part.matches("0|[1-9]\\d{0,2}") || Integer.parseInt(part) > 255) {
                return Optional.empty();
            }
            bytes.add(Integer.parseInt(part));
        }
        return bytes.size() == IPV4_GROUPS ? Optional.of(bytes) : Optional.empty();
    }

    private static Optional<List<Integer>> ipv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, true).filter(all -> all.size() == IPV6_GROUPS);
        }
        Optional<List<Integer>> before = gap == 0 ? Optional.of(List.of()) : groups(text.substring(0, gap), false);
        String rest = text.substring(gap + 2);
        Optional<List<Integer>> after = rest.isEmpty() ? Optional.of(List.of()) : groups(rest, true);
        if (before.isEmpty() || after.isEmpty()) {
            return Optional.empty();
        }
        int missing = IPV6_GROUPS - before.get().size() - after.get().size();
        if (missing < 1) {
            return Optional.empty();
        }
        List<Integer> all = new ArrayList<>(before.get());
        IntStream.range(0, missing).forEach(i -> all.add(0));
        all.addAll(after.get());
        return Optional.of(all);
    }

    /**
     * Groups between colons.
     *
     * @param tail whether they end the address: then the last two may be written as an IPv4 address
     */
    private static Optional<List<Integer>> groups(String text, boolean tail) {
        List<Integer> all = new ArrayList<>();
        List<String> parts = Arrays.asList(text.split(":", -1));
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            if (part.matches("[0-9A-Fa-f]{1,4}")) {
                all.add(Integer.parseInt(part, 16));
                continue;
            }
            Optional<List<Integer>> last = tail && i == parts.size() - 1 ? ipv4(part) : Optional.empty();
            if (last.isEmpty()) {
                return Optional.empty();
            }
            List<Integer> bytes = last.get();
            all.add(bytes.get(0) * 256 + bytes.get(1));
            all.add(bytes.get(2) * 256 + bytes.get(3));
        }
        return Optional.of(all);
    }

    public IpFamily family() {
        return groups.size() == IPV4_GROUPS ? IpFamily.IPV4 : IpFamily.IPV6;
    }

    /** Why an API server would refuse it as an endpoint, or why nothing could be routed to it; empty if it is fine. */
    public Optional<String> unusable() {
        if (isUnspecified()) {
            return Optional.of("an unspecified address");
        }
        if (isLoopback()) {
            return Optional.of("a loopback address");
        }
        if (isLinkLocal()) {
            return Optional.of("a link-local address");
        }
        if (isMulticast()) {
            return Optional.of("a multicast address");
        }
        if (family() == IpFamily.IPV4 && groups.get(0) >= 240) {
            return Optional.of("a reserved or broadcast address");
        }
        return isIpv4Mapped() ? Optional.of("an IPv4 address in IPv6 spelling") : Optional.empty();
    }

    private boolean isUnspecified() {
        return groups.stream().allMatch(g -> g == 0);
    }

    public boolean isLoopback() {
        return family() == IpFamily.IPV4
                ? groups.get(0) == 127
                : groups.get(7) == 1 && groups.subList(0, 7).stream().allMatch(g -> g == 0);
    }

    private boolean isLinkLocal() {
        return family() == IpFamily.IPV4
                ? groups.get(0) == 169 && groups.get(1) == 254
                : (groups.get(0) & 0xffc0) == 0xfe80;
    }

    private boolean isMulticast() {
        return family() == IpFamily.IPV4
                ? groups.get(0) >= 224 && groups.get(0) < 240
                : (groups.get(0) & 0xff00) == 0xff00;
    }

    private boolean isIpv4Mapped() {
        return family() == IpFamily.IPV6
                && groups.get(5) == IPV4_MAPPED
                && groups.subList(0, 5).stream().allMatch(g -> g == 0);
    }

    /** The canonical spelling. */
    @Override
    public String toString() {
        if (family() == IpFamily.IPV4) {
            return groups.stream().map(String::valueOf).collect(Collectors.joining("."));
        }
        int from = 0;
        int length = 0;
        for (int i = 0; i < IPV6_GROUPS; i++) {
            int zeros = zerosFrom(i);
            if (zeros > length) {
                from = i;
                length = zeros;
            }
        }
        return length < 2 ? hex(0, IPV6_GROUPS) : hex(0, from) + "::" + hex(from + length, IPV6_GROUPS);
    }

    private int zerosFrom(int index) {
        int end = index;
        while (end < IPV6_GROUPS && groups.get(end) == 0) {
            end++;
        }
        return end - index;
    }

    private String hex(int from, int to) {
        return groups.subList(from, to).stream().map(Integer::toHexString).collect(Collectors.joining(":"));
    }
}
