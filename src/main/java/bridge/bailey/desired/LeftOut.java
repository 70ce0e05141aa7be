package bridge.bailey.desired;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Instances that are not to be in the target, although their service is wanted there.
 *
 * @param name which one, as the scope says; "" for all
 * @param why the rule that decided, in words
 */
public record LeftOut(Scope scope, String name, String why) {

    static final Comparator<LeftOut> ORDER =
            Comparator.comparing(LeftOut::scope).thenComparing(LeftOut::name);

    /** Which instances. */
    public enum Scope {
        /** A pod, by its name. */
        POD,
        /** An endpoint of the cluster, by its address. */
        ENDPOINT,
        /** The endpoints on a node of the cluster, by the node's name. */
        NODE,
        /** All of the Service. */
        SERVICE,
        /** A machine, by its address. */
        MACHINE,
        /** All machines. */
        MACHINES
    }

    /** Why this pod or endpoint itself is left out; empty if nothing is known of it alone. */
    public static Optional<String> ofEndpoint(List<LeftOut> all, String pod, String address) {
        return first(all, Scope.POD, pod).or(() -> first(all, Scope.ENDPOINT, address));
    }

    /** Why what is on this node is left out, or else all of the Service. */
    public static Optional<String> around(List<LeftOut> all, String node) {
        return first(all, Scope.NODE, node).or(() -> first(all, Scope.SERVICE, ""));
    }

    /** Why this machine is left out, or else all of them. */
    public static Optional<String> ofMachine(List<LeftOut> all, String address) {
        return first(all, Scope.MACHINE, address).or(() -> first(all, Scope.MACHINES, ""));
    }

    private static Optional<String> first(List<LeftOut> all, Scope scope, String name) {
        return all.stream()
                .filter(left -> left.scope() == scope && left.name().equals(name))
                .map(LeftOut::why)
                .findFirst();
    }
}
