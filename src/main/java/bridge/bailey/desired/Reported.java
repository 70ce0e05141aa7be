package bridge.bailey.desired;

import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Health;
import bridge.bailey.model.IpAddress;
import bridge.bailey.model.LegacyDeclaration.Metrics;
import bridge.bailey.model.LegacyDeclaration.Origin;
import java.util.Optional;

/**
 * An instance as one origin reports it; its address may be anything.
 *
 * @param why it drains or is unhealthy, in the origin's words; "" if it says nothing
 * @param metrics that its own tag names
 */
record Reported(
        String origin,
        String id,
        String address,
        String zone,
        boolean draining,
        Health health,
        String why,
        Optional<Metrics> metrics) {

    static Reported of(Origin.Static.Instance i) {
        return new Reported("static", i.id(), i.address(), i.zone(), false, Health.UNKNOWN, "", Optional.empty());
    }

    static Reported of(String origin, Ec2Instance i, boolean publicAddress) {
        String address = publicAddress ? i.publicAddress() : i.privateAddress();
        if (address.isEmpty()) {
            address = i.ipv6Address();
        }
        String why = i.stopping() ? "the instance is stopping" : "";
        return new Reported(origin, i.id(), address, i.zone(), i.stopping(), Health.UNKNOWN, why, Optional.empty());
    }

    static Reported of(String origin, ConsulInstance i) {
        return new Reported(origin, i.id(), i.address(), i.zone(), false, i.health(), i.why(), Optional.empty());
    }

    Reported withMetrics(Optional<Metrics> given) {
        return new Reported(origin, id, address, zone, draining, health, why, given);
    }

    /** Why nothing can be reached at its address; empty if something can. */
    Optional<String> unusable(LegacyRules rules) {
        return address.isEmpty()
                ? Optional.of("has no address of the wanted kind")
                : IpAddress.parse(address).map(found -> unusable(found, rules)).orElse(Optional.of("is no IP address"));
    }

    private static Optional<String> unusable(IpAddress address, LegacyRules rules) {
        return rules.allowLoopback() && address.isLoopback()
                ? Optional.empty()
                : address.unusable().map(kind -> "is " + kind);
    }

    /** Its usable address in canonical spelling. */
    String canonicalAddress() {
        return IpAddress.parse(address).orElseThrow().toString();
    }

    Merged.Refused refused(Finding.Kind kind, String reason) {
        return new Merged.Refused(kind, id, address, origin, zone, reason);
    }
}
