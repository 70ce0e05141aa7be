package bridge.bailey.metrics;

import bridge.bailey.model.ServiceKey;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.List;

/** The series of one service: those that carry its namespace and name as labels. */
public final class ServiceSeries {

    private ServiceSeries() {}

    /** The families with such series, without the series of others. */
    public static List<MetricFamilySamples> of(ServiceKey key, List<MetricFamilySamples> all) {
        return all.stream()
                .map(family -> new MetricFamilySamples(
                        family.name,
                        family.unit,
                        family.type,
                        family.help,
                        family.samples.stream()
                                .filter(sample ->
                                        has(sample, "namespace", key.namespace()) && has(sample, "service", key.name()))
                                .toList()))
                .filter(family -> !family.samples.isEmpty())
                .toList();
    }

    private static boolean has(Sample sample, String label, String value) {
        int at = sample.labelNames.indexOf(label);
        return at >= 0 && sample.labelValues.get(at).equals(value);
    }
}
