package bridge.bailey.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What a team declares. The bounds keep the cost of the rules within what an API server allows. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("What is declared.")
@ValidationRule(
        value = "!self.origins.exists(o, has(o.hostname)) || size(self.origins) == 1",
        message = "a hostname is the only origin: it becomes an ExternalName, which has no further instances",
        fieldPath = ".origins")
@ValidationRule(
        value = "self.origins.exists(o, has(o.hostname)) || (has(self.ports) && size(self.ports) > 0)",
        message = "ports are required, unless the only origin is a hostname")
@ValidationRule(
        value = "!has(self.ports) || size(self.ports) < 2 || self.ports.all(p, has(p.name)"
                + " && self.ports.exists_one(q, has(q.name) && q.name == p.name))",
        message = "each of several ports needs a name, and no two ports the same",
        fieldPath = ".ports")
@ValidationRule(
        value = "!has(self.probe) || [has(self.probe.http) ? (has(self.probe.http.port) ? self.probe.http.port : '')"
                + " : has(self.probe.tcp) ? (has(self.probe.tcp.port) ? self.probe.tcp.port : '')"
                + " : has(self.probe.grpc) && has(self.probe.grpc.port) ? self.probe.grpc.port : '']"
                + ".all(n, has(self.ports) && size(self.ports) > 0 && (n == '' ? self.ports[0].protocol == 'TCP'"
                + " : self.ports.exists(p, has(p.name) && p.name == n && p.protocol == 'TCP')))",
        message = "the port of the probe is the name of one of spec.ports, or the first of them, with the protocol TCP",
        fieldPath = ".probe")
@ValidationRule(
        value = "!(has(self.probe) && self.origins.exists(o, has(o.hostname)))",
        message = "a hostname has no instances that could be probed",
        fieldPath = ".probe")
@ValidationRule(
        value = "!(has(self.blend) && self.blend && self.origins.exists(o, has(o.hostname)))",
        message = "a hostname has no instances that could be blended into an existing Service",
        fieldPath = ".blend")
@ValidationRule(
        value = "!(has(self.metrics) && has(self.metrics.connections) && self.origins.exists(o, has(o.hostname)))",
        message = "a hostname has no instances whose connections could be counted",
        fieldPath = ".metrics")
public record LegacyServiceSpec(
        @JsonPropertyDescription("The Service in this namespace that stands for the machines. Default: the name of this"
                        + " resource. Where several resources name one Service, the oldest wins.")
                @Pattern(Formats.SERVICE_NAME)
                @Size(max = 63)
                String serviceName,
        @JsonPropertyDescription("The ports of the Service; at least one, unless the only origin is a hostname.")
                @Size(max = 100)
                @ListKeys({"port", "protocol"})
                List<Port> ports,
        @JsonPropertyDescription(
                        "Where the instances come from. All origins are merged; an address that several report is"
                                + " one instance.")
                @Required
                @Size(min = 1, max = 10)
                List<Origin> origins,
        @JsonPropertyDescription(
                        "How the instances are probed. Without a probe, an instance is as healthy as its origin"
                                + " says.")
                Probe probe,
        @JsonPropertyDescription(
                        "Where fewer of the instances than this share are healthy, Bailey suspects its own path to"
                                + " them and keeps the last good verdicts; 0% for never. Default: bailey.probe.fail-open-below.")
                @Pattern(Formats.SHARE)
                @Size(max = 10)
                String failOpenBelow,
        @JsonPropertyDescription(
                        "Whether the instances join those of an existing Service that has a selector, so that pods"
                                + " and machines serve side by side.")
                @Default("false")
                Boolean blend,
        @JsonPropertyDescription("Whether the Service has no address of its own, so that its name resolves to the"
                        + " instances' addresses. With blend the existing Service decides.")
                @Default("false")
                Boolean headless,
        @JsonPropertyDescription(
                        "Whether the instances are registered as external nodes in Consul too, with the probe's"
                                + " verdicts as their checks.")
                @Default("false")
                Boolean registerInConsul,
        @JsonPropertyDescription("Where Prometheus scrapes the machines. Without it they are no targets.")
                Metrics metrics) {

    /** A port of the Service. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Port(
            @JsonPropertyDescription("The port's name; required if there are several ports.")
                    @Pattern(Formats.PORT_NAME)
                    @Size(max = 63)
                    String name,
            @JsonPropertyDescription("The port on which the Service is reached.") @Required @Min(1) @Max(65535)
                    Integer port,
            @JsonPropertyDescription("The port on which the machines listen. Default: port.") @Min(1) @Max(65535)
                    Integer targetPort,
            @JsonPropertyDescription("The transport.") @Default("TCP") Transport protocol,
            @JsonPropertyDescription("What is spoken on the port, for proxies that ask: such as http, grpc or"
                            + " kubernetes.io/h2c.")
                    @Pattern(Formats.APP_PROTOCOL)
                    @Size(max = 253)
                    String appProtocol) {}

    /** The transports of a port. */
    public enum Transport {
        TCP,
        UDP,
        SCTP
    }

    /** Where Prometheus scrapes the machines. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Metrics(
            @JsonPropertyDescription("The port of the machines on which metrics are served.")
                    @Required
                    @Min(1)
                    @Max(65535)
                    Integer port,
            @JsonPropertyDescription("The path under which they are served.")
                    @Default("/metrics")
                    @Pattern(Formats.PATH)
                    @Size(max = 1024)
                    String path,
            @JsonPropertyDescription(
                            "Whether the Service says so too, by the annotations prometheus.io/scrape,"
                                    + " prometheus.io/port and prometheus.io/path. A Service that was there before is left as it is.")
                    @Default("false")
                    Boolean annotateService,
            @JsonPropertyDescription(
                            "A gauge among these metrics that tells how many connections a machine has open, such"
                                    + " as node_netstat_Tcp_CurrEstab; its samples are summed. Bailey then reads it every 15 s.")
                    @Pattern(Formats.METRIC)
                    @Size(max = 200)
                    String connections) {}
}
