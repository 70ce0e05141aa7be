package bridge.bailey.model;

import java.util.Locale;

/**
 * A machine without a Consul agent, as a node in Consul. Whoever makes one must see to it that a name stands for one
 * address, whichever services are on the machine: they share the node.
 *
 * @param name in lower case, since Consul's node names ignore case
 * @param address an IP address
 */
public record ExternalNode(String name, String address) {

    private static final String NOT_FOR_DNS = "[^a-z0-9-]";

    public ExternalNode {
        name = name.toLowerCase(Locale.ROOT);
    }

    /**
     * The node of a machine: {@code vm-<cluster>-<id>}. The prefix keeps apart what two clusters know of one machine, and
     * lets an ACL rule name all such nodes.
     *
     * @param id unique among machines, such as that of an EC2 instance, or the address; what DNS would not take is a dash
     */
    public static ExternalNode of(String cluster, String id, String address) {
        String label = id.toLowerCase(Locale.ROOT).replaceAll(NOT_FOR_DNS, "-");
        return new ExternalNode("vm-" + cluster + "-" + label, address);
    }
}
