package bridge.bailey.target;

import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.CatalogEntry.Status;
import java.util.List;

/**
 * A service instance in Consul that stands for an instance in the cluster, whoever registered it.
 *
 * @param node that it is on
 * @param port the one that DNS tells; of several the default
 * @param status the worst of its checks and of its node's; passing if there are none
 * @param why what that check says
 * @param index by which Consul knows whether it still is this one
 */
public record SyncedEntry(
        String node,
        String id,
        String name,
        String address,
        int port,
        List<String> tags,
        Status status,
        String why,
        long index) {

    public SyncedEntry {
        tags = List.copyOf(tags);
    }

    /** {@code address:port}. */
    public String place() {
        return CatalogEntry.endpoint(address, port);
    }
}
