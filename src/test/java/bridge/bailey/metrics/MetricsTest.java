package bridge.bailey.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.ServiceKey;
import bridge.bailey.probe.ProbeResult;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What the series say as things come and go. */
class MetricsTest {

    private static final ServiceKey BILLING = new ServiceKey("shop", "billing");
    private static final ServiceKey USERS = new ServiceKey("shop", "users");

    private final Metrics metrics = new Metrics(List.of(), "1", "abc");

    /** The names of all series of a service. */
    private List<String> series(ServiceKey key) {
        return Collections.list(metrics.registry().metricFamilySamples()).stream()
                .flatMap(family -> family.samples.stream())
                .filter(sample -> sample.labelValues.containsAll(List.of(key.namespace(), key.name())))
                .map(sample -> sample.name)
                .toList();
    }

    @Test
    void theSeriesOfAServiceGoWithItsLastProbe() {
        for (ProbeResult result : ProbeResult.values()) {
            metrics.observed(BILLING, result, 0.1);
        }
        metrics.observed(USERS, ProbeResult.SUCCESS, 0.1);
        assertThat(series(BILLING)).contains("bailey_probes_total", "bailey_probe_duration_seconds_bucket");

        metrics.forgotten(BILLING);

        assertThat(series(BILLING)).isEmpty();
        assertThat(series(USERS)).contains("bailey_probes_total", "bailey_probe_duration_seconds_bucket");
    }

    @Test
    void suspectedPathsAreCountedWhileTheyAreSuspected() {
        metrics.suspects(Optional.of(BILLING), true, 0, 2);
        assertThat(suspected("service")).isEqualTo(1);
        assertThat(suspected("bridge")).isZero();

        metrics.suspects(Optional.of(BILLING), false, 0, 0);
        assertThat(suspected("service")).isZero();
    }

    private double suspected(String scope) {
        return metrics.registry()
                .getSampleValue("bailey_suspected_paths", new String[] {"scope"}, new String[] {scope});
    }

    @Test
    void requestsToTheApiServerAreCountedAndTheirErrorsToo() {
        metrics.requested("list", 200, 0.1);
        assertThat(errors("list")).isZero();
        metrics.requested("watch", 101, 0.1);
        assertThat(errors("watch")).isZero();

        metrics.requested("list", 0, 0.1);
        metrics.requested("list", 503, 0.1);
        assertThat(errors("list")).isEqualTo(2);
        assertThat(ofApi("bailey_target_request_seconds_count", "list")).isEqualTo(3);
    }

    @Test
    void openConnectionsAreToldWhileTheyAreKnown() {
        metrics.connections(BILLING, OptionalDouble.of(7));
        assertThat(metrics.registry()
                        .getSampleValue(
                                "bailey_legacy_connections",
                                new String[] {"namespace", "service"},
                                new String[] {"shop", "billing"}))
                .isEqualTo(7);

        metrics.connections(BILLING, OptionalDouble.empty());
        assertThat(series(BILLING)).isEmpty();
    }

    private double errors(String verb) {
        return ofApi("bailey_target_errors_total", verb);
    }

    private double ofApi(String name, String verb) {
        return metrics.registry()
                .getSampleValue(name, new String[] {"target", "kind"}, new String[] {"kubernetes", verb});
    }
}
