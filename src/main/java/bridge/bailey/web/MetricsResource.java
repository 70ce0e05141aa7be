package bridge.bailey.web;

import bridge.bailey.cli.Daemon;
import bridge.bailey.metrics.ServiceSeries;
import bridge.bailey.model.ServiceKey;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.exporter.common.TextFormat;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Metrics, of everything and of one service, in the format that the scraper asks for. */
@Path("/metrics")
@Tag(name = "metrics")
public class MetricsResource {

    /** Characters, about: a buffer that has to grow is copied. */
    private static final int PER_SAMPLE = 120;

    private static final int OF_ONE_SERVICE = 1 << 14;

    private final Daemon daemon;

    @Inject
    MetricsResource(Daemon daemon) {
        this.daemon = daemon;
    }

    @GET
    @Operation(operationId = "metrics", summary = "Metrics of everything", description = "docs/metrics.md tells each.")
    @APIResponse(
            responseCode = "200",
            description = "In the text format of Prometheus, or that of OpenMetrics if it is asked for",
            content = {
                @Content(mediaType = "text/plain", schema = @Schema(type = SchemaType.STRING)),
                @Content(mediaType = "application/openmetrics-text", schema = @Schema(type = SchemaType.STRING))
            })
    public Response metrics(@Parameter(hidden = true) @HeaderParam(HttpHeaders.ACCEPT) String accept)
            throws IOException {
        List<MetricFamilySamples> all =
                Collections.list(daemon.metrics().registry().metricFamilySamples());
        return answer(
                accept,
                all,
                all.stream()
                        .mapToInt(family -> family.samples.size() * PER_SAMPLE)
                        .sum());
    }

    @GET
    @Path("/{namespace}/{name}")
    @Operation(
            operationId = "serviceMetrics",
            summary = "Metrics of one service",
            description = "The series of /metrics that carry its namespace and name, under the same names and labels.")
    @APIResponse(
            responseCode = "200",
            description = "In the text format of Prometheus, or that of OpenMetrics if it is asked for",
            content = {
                @Content(mediaType = "text/plain", schema = @Schema(type = SchemaType.STRING)),
                @Content(mediaType = "application/openmetrics-text", schema = @Schema(type = SchemaType.STRING))
            })
    @APIResponse(
            responseCode = "404",
            description = "There is no such bridged service",
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = UnknownService.Body.class)))
    public Response service(
            @PathParam("namespace") String namespace,
            @PathParam("name") String name,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.ACCEPT) String accept)
            throws IOException {
        ServiceKey key = new ServiceKey(namespace, name);
        if (daemon.overview().service(key).isEmpty()) {
            throw UnknownService.amongBridged(key, daemon.overview());
        }
        return answer(
                accept,
                ServiceSeries.of(
                        key, Collections.list(daemon.metrics().registry().metricFamilySamples())),
                OF_ONE_SERVICE);
    }

    private static Response answer(String accept, List<MetricFamilySamples> families, int expected) throws IOException {
        String type = TextFormat.chooseContentType(accept);
        TextBuffer text = new TextBuffer(expected);
        TextFormat.writeFormat(type, text, withoutCreated(families));
        return Response.ok(text.bytes()).header(HttpHeaders.CONTENT_TYPE, type).build();
    }

    /** The time at which a series began is one series more for each; nobody looks at them. */
    private static Enumeration<MetricFamilySamples> withoutCreated(List<MetricFamilySamples> all) {
        return Collections.enumeration(all.stream()
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
