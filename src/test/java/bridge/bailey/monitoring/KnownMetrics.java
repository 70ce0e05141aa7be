package bridge.bailey.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every metric that a rule or a dashboard may use, with its labels. */
final class KnownMetrics {

    /** What every series has that Prometheus scraped. */
    private static final Set<String> OF_TARGETS = Set.of("job", "instance");

    /** What relabeling gives to machines. */
    private static final Set<String> OF_MACHINES =
            Set.of("job", "instance", "namespace", "service", "instance_id", "zone", "origin", "side");

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(bailey_\\w+)` \\| (\\w+) \\| ([^|]*) \\|");

    private final Map<String, Set<String>> labels = new TreeMap<>();

    KnownMetrics() throws IOException {
        ofBailey();
        ofTheProcess();
        List.of("up", "scrape_duration_seconds", "scrape_samples_scraped")
                .forEach(name -> labels.put(name, OF_MACHINES));
        Kit.rules().stream().filter(rule -> !rule.isAlert()).forEach(rule -> labels.put(rule.name(), level(rule)));
    }

    /** As docs/metrics.md lists them, which a test holds to be those that are registered. */
    private void ofBailey() throws IOException {
        Matcher row = ROW.matcher(Files.readString(Path.of("docs/metrics.md")));
        while (row.find()) {
            Set<String> all = new HashSet<>(OF_TARGETS);
            Pattern.compile("`(\\w+)`").matcher(row.group(3)).results().forEach(label -> all.add(label.group(1)));
            if (row.group(2).equals("histogram")) {
                labels.put(row.group(1) + "_count", all);
                labels.put(row.group(1) + "_sum", all);
                Set<String> ofBuckets = new HashSet<>(all);
                ofBuckets.add("le");
                labels.put(row.group(1) + "_bucket", ofBuckets);
            } else {
                labels.put(row.group(1), all);
            }
        }
    }

    private void ofTheProcess() {
        CollectorRegistry registry = new CollectorRegistry();
        DefaultExports.register(registry);
        for (Collector.MetricFamilySamples family : Collections.list(registry.metricFamilySamples())) {
            family.samples.forEach(sample -> {
                Set<String> all = new HashSet<>(OF_TARGETS);
                all.addAll(sample.labelNames);
                labels.put(sample.name, all);
            });
        }
    }

    /** A rule is called level:metric:operation, and its level is the list of its labels. */
    private static Set<String> level(Kit.Rule rule) {
        String level = rule.name().substring(0, rule.name().indexOf(':'));
        return Set.of(level.split("_", -1));
    }

    /** Fails if the expression names a metric that nobody has, or a label that its metrics don't have. */
    void assertThereIsAllOf(String expression) {
        PromQl query = new PromQl(expression);
        assertThat(query.metrics()).isNotEmpty().isSubsetOf(labels.keySet());
        assertThat(query.matchers()).allSatisfy(asked -> assertThat(labels.get(asked.metric()))
                .as(asked.metric())
                .contains(asked.label()));
        Set<String> all = new HashSet<>();
        query.metrics().forEach(metric -> all.addAll(labels.get(metric)));
        assertThat(all).containsAll(query.grouping());
    }
}
