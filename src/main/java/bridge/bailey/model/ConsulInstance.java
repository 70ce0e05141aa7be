package bridge.bailey.model;

/**
 * An instance of a service in Consul that Bailey did not put there.
 *
 * @param id unique in Consul: {@code <node>/<service id>}
 * @param address the service's own address, or else its node's; not necessarily an IP address
 * @param port 0 if it has none
 * @param zone from the service's or the node's meta, or ""
 * @param health UNHEALTHY if one of its checks, or of its node's, is critical; in maintenance it is
 * @param why the output of the check that decided, or ""
 */
public record ConsulInstance(String id, String address, int port, String zone, Health health, String why) {}
