package bridge.bailey.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One service instance in Consul, with its check.
 *
 * @param id readable and stable: {@code <cluster>/<namespace>/<service>/<address>:<port>}
 * @param name the name in Consul
 * @param address an IP address or a host name
 * @param port 0 where the Service has no port
 * @param tags sorted, since Consul takes another order for a change
 * @param weight the passing weight of DNS SRV answers, 1 to 65535
 * @param node the machine that the entry is on; empty for an entry of the cluster itself
 */
public record CatalogEntry(
        ServiceKey key,
        String id,
        String name,
        String address,
        int port,
        List<String> tags,
        Map<String, String> meta,
        int weight,
        Optional<Check> check,
        Optional<ExternalNode> node)
        implements Item {

    public CatalogEntry {
        tags = tags.stream().distinct().sorted().toList();
        meta = Map.copyOf(meta);
    }

    /** The check that carries an instance's readiness; {@code output} says why. */
    public record Check(Status status, String output) {}

    /** The states of a Consul check, worst last. */
    public enum Status {
        PASSING,
        WARNING,
        CRITICAL;

        /** That of an entry which is so ready: one that drains still serves. */
        public static Status of(Readiness readiness) {
            return switch (readiness) {
                case READY -> PASSING;
                case DRAINING -> WARNING;
                case NOT_READY, STOPPED -> CRITICAL;
            };
        }

        /** As Consul writes it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** TCP and UDP may share a number (DNS does): other protocols than TCP are told apart by a suffix. */
    public static String id(String cluster, ServiceKey key, String address, int port, Protocol protocol) {
        String suffix = protocol == Protocol.TCP ? "" : "/" + protocol.name().toLowerCase(Locale.ROOT);
        return cluster + "/" + key + "/" + endpoint(address, port) + suffix;
    }

    /** The id of the entry's check. */
    public String checkId() {
        return checkId(id);
    }

    /** The id of the check of the entry with this id. */
    public static String checkId(String entryId) {
        return entryId + ":readiness";
    }

    /** {@code address:port}, IPv6 in brackets. */
    public static String endpoint(String address, int port) {
        return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + port;
    }

    @Override
    public String place() {
        return endpoint(address, port);
    }

    @Override
    public String state() {
        return check.map(c -> c.status().text()).orElse("");
    }

    /** The end of what a check says of a pod that terminates, and serves no more. */
    public static final String STOPPED = " terminates, and serves no more";

    /** A check warns for one reason only: see {@link Status#of}. What no check tells is known from its words. */
    @Override
    public boolean leaving() {
        return check.map(c -> c.status() == Status.WARNING || c.output().endsWith(STOPPED))
                .orElse(false);
    }

    @Override
    public String sharedFate() {
        return meta.getOrDefault(Marks.NODE, "");
    }

    @Override
    public List<String> differences(Item successor) {
        if (!(successor instanceof CatalogEntry next)) {
            throw new IllegalArgumentException("not a catalog entry: " + successor);
        }
        List<String> all = new ArrayList<>();
        Differences.add(all, "name", name, next.name);
        Differences.add(all, "address", place(), next.place());
        Differences.add(all, "node", nodeText(), next.nodeText());
        Differences.add(all, "check", checkText(), next.checkText());
        Differences.add(all, "weight", weight, next.weight);
        Differences.add(all, "tags", tags, next.tags);
        differentMeta(all, meta, next.meta);
        return all;
    }

    private static void differentMeta(List<String> all, Map<String, String> before, Map<String, String> after) {
        var keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        for (String key : keys) {
            Differences.add(all, "meta " + key, before.getOrDefault(key, "none"), after.getOrDefault(key, "none"));
        }
    }

    private String nodeText() {
        return node.map(n -> n.name() + " at " + n.address()).orElse("the cluster's");
    }

    private String checkText() {
        return check.map(c -> c.status().text() + " (" + c.output() + ")").orElse("none");
    }
}
