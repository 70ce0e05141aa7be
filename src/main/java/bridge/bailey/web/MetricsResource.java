package bridge.bailey.web;

import bridge.bailey.cli.Daemon;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.exporter.common.TextFormat;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;

/** Bailey's metrics, in the format that the scraper asks for. */
@Path("/metrics")
public class MetricsResource {

    private static final int FIRST_SIZE = 1 << 16;

    private final Daemon daemon;
    private volatile int lastSize = FIRST_SIZE;

    @Inject
    MetricsResource(Daemon daemon) {
        this.daemon = daemon;
    }

    @GET
    public Response metrics(@HeaderParam(HttpHeaders.ACCEPT) String accept) throws IOException {
        String type = TextFormat.chooseContentType(accept);
        TextBuffer text = new TextBuffer(lastSize);
        TextFormat.writeFormat(
                type, text, withoutCreated(daemon.metrics().registry().metricFamilySamples()));
        byte[] bytes = text.bytes();
        lastSize = bytes.length;
        return Response.ok(bytes).header(HttpHeaders.CONTENT_TYPE, type).build();
    }

    /** The time at which a series began is one series more for each; nobody looks at them. */
    private static Enumeration<MetricFamilySamples> withoutCreated(Enumeration<MetricFamilySamples> all) {
        return Collections.enumeration(Collections.list(all).stream()
                .map(family -> family.type == Collector.Type.GAUGE ? family : withoutCreated(family))
                .toList());
    }

    private static MetricFamilySamples withoutCreated(MetricFamilySamples family) {
        return new MetricFamilySamples(
                family.name,
                family.unit,
                family.type,
                family.help,
                family.samples.stream()
                        .filter(sample -> !sample.name.endsWith("_created"))
                        .toList());
    }
}
