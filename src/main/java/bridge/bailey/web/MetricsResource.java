package bridge.bailey.web;

import bridge.bailey.cli.Daemon;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.exporter.common.TextFormat;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collections;
import java.util.Enumeration;

/** Bailey's metrics, in the format that the scraper asks for. */
@Path("/metrics")
public class MetricsResource {

    private final Daemon daemon;

    @Inject
    MetricsResource(Daemon daemon) {
        this.daemon = daemon;
    }

    @GET
    public Response metrics(@HeaderParam(HttpHeaders.ACCEPT) String accept) throws IOException {
        String type = TextFormat.chooseContentType(accept);
        StringWriter text = new StringWriter();
        TextFormat.writeFormat(
                type, text, withoutCreated(daemon.metrics().registry().metricFamilySamples()));
        return Response.ok(text.toString())
                .header(HttpHeaders.CONTENT_TYPE, type)
                .build();
    }

    /** The time at which a series began is one series more for each; nobody looks at them. */
    private static Enumeration<MetricFamilySamples> withoutCreated(Enumeration<MetricFamilySamples> all) {
        return Collections.enumeration(Collections.list(all).stream()
                .map(family -> new MetricFamilySamples(
                        family.name,
                        family.unit,
                        family.type,
                        family.help,
                        family.samples.stream()
                                .filter(sample -> !sample.name.endsWith("_created"))
                                .toList()))
                .toList());
    }
}
