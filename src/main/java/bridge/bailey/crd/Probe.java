package bridge.bailey.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How instances are probed: exactly one of http, tcp and grpc. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("A probe.")
@ValidationRule(
        value = "[has(self.http), has(self.tcp), has(self.grpc)].filter(x, x).size() == 1",
        message = "a probe has exactly one of http, tcp and grpc")
@ValidationRule(
        value = "!has(self.interval) || (duration(self.interval) >= duration('100ms')"
                + " && duration(self.interval) <= duration('1h'))",
        message = "a duration from 100ms to 1h",
        fieldPath = ".interval")
@ValidationRule(
        value = "!has(self.timeout) || (duration(self.timeout) >= duration('10ms')"
                + " && duration(self.timeout) <= duration('5m'))",
        message = "a duration from 10ms to 5m",
        fieldPath = ".timeout")
@ValidationRule(
        value = "!has(self.interval) || !has(self.timeout) || duration(self.timeout) <= duration(self.interval)",
        message = "at most as long as the interval",
        fieldPath = ".timeout")
public record Probe(
        @JsonPropertyDescription("Passes if a GET is answered with an expected status. Redirects are not followed.")
                Http http,
        @JsonPropertyDescription("Passes if a connection is accepted.") Tcp tcp,
        @JsonPropertyDescription("Passes if grpc.health.v1.Health/Check says SERVING.") Grpc grpc,
        @JsonPropertyDescription("The time between two probes of one instance, from 100ms to 1h. Default:"
                        + " bailey.probe.interval.")
                @Pattern(Formats.DURATION)
                @Size(max = 10)
                String interval,
        @JsonPropertyDescription("How long a probe may take, from 10ms to 5m, at most as long as the interval. Default:"
                        + " bailey.probe.timeout, or the interval if that is shorter.")
                @Pattern(Formats.DURATION)
                @Size(max = 10)
                String timeout,
        @JsonPropertyDescription("Passes in a row until an instance is healthy. Default: bailey.probe.rise.")
                @Min(1)
                @Max(100)
                Integer rise,
        @JsonPropertyDescription("Failures in a row until an instance is unhealthy. Default: bailey.probe.fall.")
                @Min(1)
                @Max(100)
                Integer fall,
        @JsonPropertyDescription("What a new instance is taken for until its first verdict. Default:"
                        + " bailey.probe.initially.")
                Initially initially) {

    /** A probe by HTTP. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    @ValidationRule(
            value = "!has(self.expect) || size(self.expect) != 7"
                    + " || self.expect.substring(0, 3) <= self.expect.substring(4, 7)",
            message = "the first status of a range is not above the last",
            fieldPath = ".expect")
    public record Http(
            @JsonPropertyDescription("The path, with a query if need be.")
                    @Default("/")
                    @Pattern(Formats.PATH)
                    @Size(max = 2048)
                    String path,
            @JsonPropertyDescription(PORT) @Pattern(Formats.PORT_NAME) @Size(max = 63) String port,
            @JsonPropertyDescription("Without or with TLS.") @Default("HTTP") Scheme scheme,
            @JsonPropertyDescription("The Host header and, with HTTPS, the name in the certificate. Default: the"
                            + " instance's address.")
                    @Pattern(Formats.HOST)
                    @Size(max = 253)
                    String host,
            @JsonPropertyDescription("The status that passes, or a range of them.")
                    @Default("200-399")
                    @Pattern(Formats.EXPECT)
                    @Size(max = 7)
                    String expect,
            @JsonPropertyDescription("How certificates are verified; with HTTPS only.") Tls tls) {}

    /** A probe by connection. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Tcp(@JsonPropertyDescription(PORT) @Pattern(Formats.PORT_NAME) @Size(max = 63) String port) {}

    /** A probe by the gRPC health checking protocol. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Grpc(
            @JsonPropertyDescription(PORT) @Pattern(Formats.PORT_NAME) @Size(max = 63) String port,
            @JsonPropertyDescription(
                            "The service that is asked about, such as billing.v1. Default: the server as a" + " whole.")
                    @Pattern(Formats.GRPC_SERVICE)
                    @Size(max = 255)
                    String service,
            @JsonPropertyDescription(
                            "Present, if only as {}: TLS is spoken, and this is how certificates are verified.")
                    Tls tls) {}

    /** How certificates are verified. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Tls(
            @JsonPropertyDescription("Whether certificates are verified at all.") @Default("true") Boolean verify,
            @JsonPropertyDescription(
                            "The certificate authorities that are trusted, in PEM. Default: those of the JVM that"
                                    + " Bailey runs on.")
                    @Pattern(Formats.PEM)
                    @Size(max = 65536)
                    String ca) {}

    /** Without or with TLS. */
    public enum Scheme {
        HTTP,
        HTTPS
    }

    /** What a new instance is taken for. */
    public enum Initially {
        @JsonProperty("healthy")
        HEALTHY,
        @JsonProperty("unhealthy")
        UNHEALTHY
    }

    private static final String PORT = "The name of one of spec.ports, with the protocol TCP; probed is its targetPort."
            + " Default: the first of spec.ports.";
}
