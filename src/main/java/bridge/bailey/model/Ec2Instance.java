package bridge.bailey.model;

import java.util.Map;

/**
 * A virtual machine in EC2 that runs, or is about to stop.
 *
 * @param privateAddress the private IPv4 address, or ""
 * @param publicAddress the public IPv4 address, or ""
 * @param ipv6Address the first IPv6 address, or ""
 * @param zone the availability zone, or ""
 * @param stopping whether it is stopping or shutting down, and so drains
 */
public record Ec2Instance(
        String id,
        String privateAddress,
        String publicAddress,
        String ipv6Address,
        String zone,
        boolean stopping,
        Map<String, String> tags) {

    public Ec2Instance {
        tags = Map.copyOf(tags);
    }
}
