package bridge.bailey.probe;

import bridge.bailey.model.OpenConnections;
import bridge.bailey.model.ServiceKey;
import java.util.Map;
import java.util.Set;

/** Counts the open connections of legacy instances, by a gauge among the metrics of each machine. */
public interface Connections extends AutoCloseable {

    /** Counts nothing. */
    Connections NOBODYS = new Connections() {
        @Override
        public void watch(ServiceKey key, Set<Page> pages) {}

        @Override
        public Map<String, OpenConnections> of(ServiceKey key) {
            return Map.of();
        }

        @Override
        public void close() {}
    };

    /**
     * Where a machine tells.
     *
     * @param path with its query, if it has one
     * @param gauge of which all samples are summed
     */
    record Page(String address, int port, String path, String gauge) {}

    /** Reads these pages of a service from now on, and no others; does not block. */
    void watch(ServiceKey key, Set<Page> pages);

    /** Is called every few seconds, for what time alone changes. */
    default void tend() {}

    /** What is known now of each machine that is asked, by its address. For any thread. */
    Map<String, OpenConnections> of(ServiceKey key);

    @Override
    void close();
}
