package bridge.bailey.model;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The annotations of a Service by which many a Prometheus is configured to find what it scrapes. One more says that they are
 * Bailey's: without that they are somebody else's, and stay as they are.
 */
public final class ScrapeAnnotations {

    /** Whose the others are. */
    public static final String MARK = "bailey.bridge/annotated";

    private static final String FAMILY = "prometheus.io";
    private static final String SCRAPE = "prometheus.io/scrape";
    private static final String PORT = "prometheus.io/port";
    private static final String PATH = "prometheus.io/path";

    private static final Set<String> ALL = Set.of(MARK, SCRAPE, PORT, PATH);

    private ScrapeAnnotations() {}

    /** Those that lead to the machines' metrics. */
    public static Map<String, String> of(LegacyDeclaration.Metrics metrics) {
        return new TreeMap<>(
                Map.of(MARK, FAMILY, SCRAPE, "true", PORT, Integer.toString(metrics.port()), PATH, metrics.path()));
    }

    /** Bailey's among those of a Service. */
    public static Map<String, String> among(Map<String, String> annotations) {
        Map<String, String> ours = new TreeMap<>();
        if (annotations.containsKey(MARK)) {
            ours.putAll(annotations);
            ours.keySet().retainAll(ALL);
        }
        return ours;
    }

    /** Where they lead to, as people say; empty if there are none. */
    static Optional<String> text(Map<String, String> annotations) {
        return annotations.isEmpty()
                ? Optional.empty()
                : Optional.of(annotations.getOrDefault(PORT, "") + annotations.getOrDefault(PATH, ""));
    }
}
