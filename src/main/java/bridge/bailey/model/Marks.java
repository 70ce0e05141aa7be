package bridge.bailey.model;

import java.util.Map;

/** The pairs of meta in Consul by which it is known who put something there. */
public final class Marks {

    /** Which kind of system something comes from, as Consul's own tools write it. */
    public static final String SOURCE = "external-source";

    public static final String KUBERNETES = "kubernetes";

    public static final String MANAGED_BY = "managed-by";
    public static final String BAILEY = "bailey";

    /** Whose it is: the value is {@code bailey.cluster}. */
    public static final String CLUSTER = "bailey-cluster";

    /** The pod that an entry stands for. */
    public static final String POD = "k8s-pod";

    /** The cluster's node that an entry stands for, or that its pod is on. */
    public static final String NODE = "k8s-node";

    private Marks() {}

    /** Whether a Bailey put it there, of whichever cluster. */
    public static boolean ofBailey(Map<String, String> meta) {
        return BAILEY.equals(meta.get(MANAGED_BY));
    }

    /** Whether the Bailey of this cluster put it there. */
    public static boolean ofCluster(Map<String, String> meta, String cluster) {
        return ofBailey(meta) && cluster.equals(meta.get(CLUSTER));
    }

    /** Whether it comes from a cluster, by Bailey or by another tool, such as the catalog sync of consul-k8s. */
    public static boolean ofKubernetes(Map<String, String> meta) {
        return KUBERNETES.equals(meta.get(SOURCE));
    }
}
