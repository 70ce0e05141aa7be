package bridge.bailey.view;

import bridge.bailey.model.InstanceState;
import bridge.bailey.model.LegacyInstance;
import bridge.bailey.model.OpenConnections;
import bridge.bailey.model.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One instance of a service, as everyone sees it.
 *
 * @param id the pod's name, the machine's id, or the address; unique on its side of the service
 * @param address {@code address:port}, with each further port after a comma; or a host name
 * @param origin where it is known from, such as {@code EndpointSlice users-a} or {@code ec2/eu-central-1}
 * @param node the cluster's node, or ""
 * @param zone or ""
 * @param since for how long it has been in this state, as far as Bailey knows
 * @param reason why it is in this state, or ""
 * @param opinions one for each judge that has one
 * @param fates what became of it in Consul and in the cluster
 * @param probing how it is probed, if it is
 * @param connections that a machine has open, if its metrics are asked for them
 */
public record InstanceView(
        Side side,
        String id,
        String address,
        String origin,
        String node,
        String zone,
        InstanceState state,
        Optional<Instant> since,
        String reason,
        List<Opinion> opinions,
        List<Fate> fates,
        Optional<Probing> probing,
        Optional<OpenConnections> connections) {

    /** The origin of a host name, which stands for instances that nobody knows. */
    public static final String HOST_NAME = "hostname";

    public InstanceView {
        opinions = List.copyOf(opinions);
        fates = List.copyOf(fates);
    }

    /** Of an instance that is neither probed nor asked for its connections. */
    public InstanceView(
            Side side,
            String id,
            String address,
            String origin,
            String node,
            String zone,
            InstanceState state,
            Optional<Instant> since,
            String reason,
            List<Opinion> opinions,
            List<Fate> fates) {
        this(
                side,
                id,
                address,
                origin,
                node,
                zone,
                state,
                since,
                reason,
                opinions,
                fates,
                Optional.empty(),
                Optional.empty());
    }

    /** What is probed of an instance, and what its probes have come to. */
    public record Probing(LegacyInstance.Probed probed, Verdict verdict) {}

    /** Whether some would call it and others would not. */
    public boolean disagreement() {
        boolean serves = false;
        boolean fails = false;
        for (Opinion opinion : opinions) {
            serves |= opinion.serves();
            fails |= opinion.state() == InstanceState.UNHEALTHY;
        }
        return serves && fails;
    }

    InstanceView since(Instant at) {
        return new InstanceView(
                side,
                id,
                address,
                origin,
                node,
                zone,
                state,
                Optional.of(at),
                reason,
                opinions,
                fates,
                probing,
                connections);
    }

    /** The address without ports and brackets. */
    String host() {
        if (address.startsWith("[")) {
            return address.substring(1, address.indexOf(']'));
        }
        int colon = address.indexOf(':');
        return colon < 0 ? address : address.substring(0, colon);
    }
}
