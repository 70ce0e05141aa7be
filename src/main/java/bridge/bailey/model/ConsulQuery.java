package bridge.bailey.model;

import java.util.List;

/**
 * A service that legacy agents registered in Consul.
 *
 * @param datacenter "" for that of the agent
 * @param tags all must be there
 */
public record ConsulQuery(String service, String datacenter, List<String> tags) {

    public ConsulQuery {
        tags = List.copyOf(tags);
    }

    /** {@code consul/<datacenter>}, or {@code consul} for that of the agent. */
    public String origin() {
        return datacenter.isEmpty() ? "consul" : "consul/" + datacenter;
    }
}
