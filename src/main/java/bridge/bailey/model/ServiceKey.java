package bridge.bailey.model;

import java.util.Comparator;

/** The namespace and name of a Service in the cluster: the unit of work in both directions. */
public record ServiceKey(String namespace, String name) implements Comparable<ServiceKey> {

    private static final Comparator<ServiceKey> ORDER =
            Comparator.comparing(ServiceKey::namespace).thenComparing(ServiceKey::name);

    @Override
    public int compareTo(ServiceKey other) {
        return ORDER.compare(this, other);
    }

    /** {@code namespace/name}, as users write it. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
