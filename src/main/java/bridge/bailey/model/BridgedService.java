package bridge.bailey.model;

import java.util.Optional;

/**
 * Everything of both sides that decides what Consul should hold for one service key.
 *
 * @param cluster the Service in the cluster, if there is one
 * @param legacy the legacy service, if something declares it
 */
public record BridgedService(ServiceKey key, Optional<ClusterService> cluster, Optional<LegacyView> legacy) {}
