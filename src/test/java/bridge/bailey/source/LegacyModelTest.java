package bridge.bailey.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import bridge.bailey.crd.Examples;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Health;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDeclaration.Origin;
import bridge.bailey.model.LegacyDefaults;
import bridge.bailey.model.Probe;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.ServiceKey;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LegacyModelTest {

    private static final YAMLMapper YAML = new YAMLMapper();

    private static final LegacyDefaults DEFAULTS = new LegacyDefaults(
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            2,
            3,
            Health.UNHEALTHY,
            0.3,
            List.of("eu-west-1", "eu-west-2"));

    private static final String FULL =
            """
            apiVersion: bailey.bridge/v1alpha1
            kind: LegacyService
            metadata:
              name: billing
              namespace: shop
              uid: u-1
              generation: 7
              creationTimestamp: "2026-11-23T08:00:00Z"
              annotations: {team: payments}
            spec:
              serviceName: invoices
              ports:
              - {name: http, port: 80, targetPort: 8080, protocol: TCP, appProtocol: http}
              - {name: feed, port: 90, protocol: UDP}
              origins:
              - static:
                  instances:
                  - {address: " 10.20.0.11 ", id: billing-1, zone: eu-central-1a}
                  - {address: 10.20.0.12}
              - ec2:
                  region: eu-central-1
                  filters: [{name: "tag:app", values: [billing, invoices]}]
                  address: public
                  roleArn: arn:aws:iam::123456789012:role/bailey-read
              - consul: {service: billing, datacenter: dc1, tags: [v1]}
              probe:
                http:
                  path: /health
                  port: http
                  scheme: HTTPS
                  host: billing.internal
                  expect: 200-299
                  tls: {ca: "-----BEGIN CERTIFICATE-----"}
                interval: 5s
                timeout: 500ms
                rise: 1
                fall: 4
                initially: healthy
              failOpenBelow: 50%
              blend: true
              headless: true
              registerInConsul: true
              metrics: {port: 9100, path: /prom}
            """;

    private static LegacyDeclaration read(JsonNode document) {
        return LegacyModel.declaration(YAML.convertValue(document, GenericKubernetesResource.class), DEFAULTS);
    }

    private static LegacyDeclaration read(String yaml) {
        return read(tree(yaml));
    }

    private static JsonNode tree(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static LegacyDeclaration spec(String spec) {
        return read("{metadata: {name: billing, namespace: shop}, spec: " + spec + "}");
    }

    /** The full example with one field set to a YAML value, or without it. */
    private static LegacyDeclaration with(String pointer, String value) {
        JsonNode document = tree(FULL);
        JsonPointer field = JsonPointer.compile("/spec" + pointer);
        JsonNode parent = document.at(field.head());
        if (parent instanceof ArrayNode list) {
            list.set(field.last().getMatchingIndex(), tree(value));
        } else if (value.isEmpty()) {
            ((ObjectNode) parent).remove(field.last().getMatchingProperty());
        } else {
            ((ObjectNode) parent).set(field.last().getMatchingProperty(), tree(value));
        }
        return read(document);
    }

    @Test
    void everyFieldIsRead() {
        LegacyDeclaration full = read(FULL);

        assertThat(full.findings()).isEmpty();
        assertThat(full)
                .isEqualTo(new LegacyDeclaration(
                        new ServiceKey("shop", "billing"),
                        "u-1",
                        7,
                        Instant.parse("2026-11-23T08:00:00Z"),
                        Map.of("team", "payments"),
                        new ServiceKey("shop", "invoices"),
                        List.of(
                                new LegacyDeclaration.Port("http", 80, 8080, Protocol.TCP, "http"),
                                new LegacyDeclaration.Port("feed", 90, 0, Protocol.UDP, "")),
                        List.of(
                                new Origin.Static(List.of(
                                        new Origin.Static.Instance("billing-1", "10.20.0.11", "eu-central-1a"),
                                        new Origin.Static.Instance("10.20.0.12", "10.20.0.12", ""))),
                                new Origin.Ec2(
                                        List.of(new Ec2Query(
                                                "eu-central-1",
                                                "arn:aws:iam::123456789012:role/bailey-read",
                                                List.of(new Ec2Query.Filter(
                                                        "tag:app", List.of("billing", "invoices"))))),
                                        true),
                                new Origin.Consul(new ConsulQuery("billing", "dc1", List.of("v1")))),
                        Optional.of(new Probe(
                                new Probe.Check.Http(
                                        "http",
                                        "/health",
                                        "billing.internal",
                                        200,
                                        299,
                                        new Probe.Encryption.Verified("-----BEGIN CERTIFICATE-----")),
                                Duration.ofSeconds(5),
                                Duration.ofMillis(500),
                                1,
                                4,
                                Health.HEALTHY)),
                        0.5,
                        true,
                        true,
                        true,
                        Optional.of(new LegacyDeclaration.Metrics(9100, "/prom")),
                        List.of()));
    }

    @Test
    void whatIsAbsentIsAsBaileySays() {
        LegacyDeclaration least = spec(
                """
                {ports: [{port: 80}], origins: [{ec2: {filters: [{name: vpc-id, values: [vpc-1]}]}}],
                 probe: {http: {}}, metrics: {port: 9100}}""");

        assertThat(least.findings()).isEmpty();
        assertThat(least.key()).isEqualTo(new ServiceKey("shop", "billing"));
        assertThat(least.createdAt()).isEqualTo(Instant.EPOCH);
        assertThat(least.ports()).containsExactly(new LegacyDeclaration.Port("", 80, 0, Protocol.TCP, ""));
        assertThat(least.origins())
                .containsExactly(new Origin.Ec2(
                        List.of(
                                new Ec2Query("eu-west-1", "", List.of(new Ec2Query.Filter("vpc-id", List.of("vpc-1")))),
                                new Ec2Query(
                                        "eu-west-2", "", List.of(new Ec2Query.Filter("vpc-id", List.of("vpc-1"))))),
                        false));
        assertThat(least.probe())
                .contains(new Probe(
                        new Probe.Check.Http("", "/", "", 200, 399, new Probe.Encryption.None()),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(2),
                        2,
                        3,
                        Health.UNHEALTHY));
        assertThat(least.failOpenBelow()).isEqualTo(0.3);
        assertThat(least.blend() || least.headless() || least.registerInConsul())
                .isFalse();
        assertThat(least.metrics()).contains(new LegacyDeclaration.Metrics(9100, "/metrics"));
    }

    @Test
    void nullIsAbsent() {
        LegacyDeclaration declaration = spec(
                """
                {serviceName: null, ports: [{port: 80, name: null, targetPort: null}], origins: [{consul: null,
                 static: {instances: [{address: 10.0.0.1, id: null}]}}], probe: null, blend: null, metrics: null}""");

        assertThat(declaration.findings()).isEmpty();
        assertThat(declaration.origins()).hasSize(1);
    }

    /** Each field with what is not allowed: it is reported alone, and what is said to happen meanwhile is so. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/serviceName | Invoices | spec.serviceName | nothing is served",
                "/serviceName | 5 | spec.serviceName | nothing is served",
                "/ports/1/port | 65536 | spec.ports[1].port | this port is left out",
                "/ports/1/port | 99999999999999999999 | spec.ports[1].port | this port is left out",
                "/ports/1/port | 80.5 | spec.ports[1].port | this port is left out",
                "/ports/1/port | '\"80\"' | spec.ports[1].port | this port is left out",
                "/ports/1/targetPort | -1 | spec.ports[1].targetPort | this port is left out",
                "/ports/1/protocol | tcp | spec.ports[1].protocol | this port is left out",
                "/ports/1/name | Feed | spec.ports[1].name | this port is left out",
                "/ports/1/name | http | spec.ports[1].name | each name once",
                "/ports/1 | {name: more, port: 80} | spec.ports[1].port | each port and protocol once",
                "/ports/1 | 90 | spec.ports[1] | an object",
                "/ports/1/appProtocol | a b | spec.ports[1].appProtocol | it is left out",
                "/origins/0 | {} | spec.origins[0] | exactly one of",
                "/origins/0 | static | spec.origins[0] | an object",
                "/origins/0/consul | {service: x} | spec.origins[0] | exactly one of",
                "/origins/0 | {hostname: a.example} | spec.origins[0].hostname | as the only origin",
                "/origins/0/static | [] | spec.origins[0].static | this origin is left out",
                "/origins/0/static/instances | {} | spec.origins[0].static.instances | a list",
                "/origins/0/static/instances/1/address | '\"  \"' | spec.origins[0].static.instances[1].address | left out",
                "/origins/0/static/instances/1 | {id: x} | spec.origins[0].static.instances[1].address | required",
                "/origins/0/static/instances/1/id | a b | spec.origins[0].static.instances[1].id | its address is its id",
                "/origins/0/static/instances/1/id | billing-1 | spec.origins[0].static.instances[1].id | each instance once",
                "/origins/0/static/instances/1/address | 10.20.0.11 | |",
                "/origins/0/static/instances/1/zone | 'a b' | spec.origins[0].static.instances[1].zone | it has no zone",
                "/origins/1/ec2/region | Frankfurt | spec.origins[1].ec2.region | this origin is left out",
                "/origins/1/ec2/address | ipv6 | spec.origins[1].ec2.address | private or public",
                "/origins/1/ec2/roleArn | admin | spec.origins[1].ec2.roleArn | this origin is left out",
                "/origins/1/ec2/filters | [] | spec.origins[1].ec2.filters | every machine would match",
                "/origins/1/ec2/filters/0/name | 7 | spec.origins[1].ec2.filters[0].name | this origin is left out",
                "/origins/1/ec2/filters/0/values | [] | spec.origins[1].ec2.filters[0].values | at least one value",
                "/origins/1/ec2/filters/0/values/1 | 7 | spec.origins[1].ec2.filters[0].values[1] | this origin is left out",
                "/origins/2/consul/service | 'a b' | spec.origins[2].consul.service | this origin is left out",
                "/origins/2/consul/datacenter | 'a b' | spec.origins[2].consul.datacenter | this origin is left out",
                "/origins/2/consul/tags | v1 | spec.origins[2].consul.tags | this origin is left out",
                "/origins/2/consul/tags/0 | {} | spec.origins[2].consul.tags[0] | this origin is left out",
                "/probe | tcp | spec.probe | without a probe",
                "/probe/tcp | {} | spec.probe | exactly one of http, tcp and grpc",
                "/probe/http | [] | spec.probe.http | without a probe",
                "/probe/http/path | health | spec.probe.http.path | without a probe",
                "/probe/http/port | nope | spec.probe.http.port | without a probe",
                "/probe/http/port | feed | spec.probe.http.port | with the protocol TCP",
                "/probe/http/port | 80 | spec.probe.http.port | without a probe",
                "/probe/http/scheme | https | spec.probe.http.scheme | HTTP or HTTPS",
                "/probe/http/host | 'a b' | spec.probe.http.host | without a probe",
                "/probe/http/expect | 2xx | spec.probe.http.expect | such as 200-399",
                "/probe/http/expect | 400-200 | spec.probe.http.expect | such as 200-399",
                "/probe/http/tls | true | spec.probe.http.tls | without a probe",
                "/probe/http/tls/ca | secret | spec.probe.http.tls.ca | certificates in PEM",
                "/probe/http/tls/verify | maybe | spec.probe.http.tls.verify | true or false",
                "/probe/interval | 10 | spec.probe.interval | Bailey's own default counts",
                "/probe/interval | 99ms | spec.probe.interval | 100ms to 1h",
                "/probe/interval | 999999h | spec.probe.interval | 100ms to 1h",
                "/probe/timeout | 6m | spec.probe.timeout | 10ms to 5m",
                "/probe/timeout | 6s | spec.probe.timeout | at most as long as the interval",
                "/probe/rise | 0 | spec.probe.rise | a number from 1 to 100",
                "/probe/fall | many | spec.probe.fall | a number from 1 to 100",
                "/probe/initially | unknown | spec.probe.initially | healthy or unhealthy",
                "/failOpenBelow | 30 | spec.failOpenBelow | Bailey's own default counts",
                "/failOpenBelow | 101% | spec.failOpenBelow | a share from 0% to 100%",
                "/blend | '\"yes\"' | spec.blend | false is taken",
                "/headless | 1 | spec.headless | false is taken",
                "/registerInConsul | [] | spec.registerInConsul | false is taken",
                "/metrics | 9100 | spec.metrics | no targets",
                "/metrics/port | '' | spec.metrics.port | required",
                "/metrics/port | 0 | spec.metrics.port | no targets",
                "/metrics/path | prom | spec.metrics.path | no targets",
                "/metrics/annotateService | perhaps | spec.metrics.annotateService | false is taken",
                "/metrics/connections | 'a b' | spec.metrics.connections | the name of a metric",
                "/metrics/connections | 9 | spec.metrics.connections | not counted",
            })
    void whatIsNotAllowedIsReportedAlone(String pointer, String value, String field, String message) {
        LegacyDeclaration read = with(pointer, value);

        if (field == null) {
            assertThat(read.findings()).isEmpty();
            return;
        }
        assertThat(read.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.INVALID_SPEC);
            assertThat(finding.subject()).isEqualTo(Finding.Subject.legacyService(new ServiceKey("shop", "billing")));
            assertThat(finding.field()).isEqualTo(field);
            assertThat(finding.message()).startsWith("allowed: ").contains(message);
        });
    }

    @Test
    void theTextOfAFindingSaysItAll() {
        assertThat(with("/origins/0/static/instances/1/id", "a b")
                        .findings()
                        .get(0)
                        .text())
                .isEqualTo(
                        "LegacyService shop/billing spec.origins[0].static.instances[1].id \"a b\": allowed: letters,"
                                + " digits and inner - . _ : /, at most 63 characters; its address is its id");
    }

    @Test
    void aPortThatCantBeReadLeavesTheOthers() {
        assertThat(with("/ports/1/port", "0").ports())
                .extracting(LegacyDeclaration.Port::name)
                .containsExactly("http");
    }

    @Test
    void aPortThatIsLeftOutCantBeProbed() {
        LegacyDeclaration read = with("/ports/0/port", "0");

        assertThat(read.findings())
                .extracting(Finding::field)
                .containsExactly("spec.ports[0].port", "spec.probe.http.port");
        assertThat(read.probe()).isEmpty();
    }

    @Test
    void anOriginThatCantBeReadLeavesTheOthers() {
        assertThat(with("/origins/1/ec2/filters/0/values/1", "7").origins())
                .hasExactlyElementsOfTypes(Origin.Static.class, Origin.Consul.class);
    }

    @Test
    void anInstanceThatCantBeReadLeavesTheOthers() {
        assertThat(with("/origins/0/static/instances/0/address", "7").origins().get(0))
                .isEqualTo(new Origin.Static(List.of(new Origin.Static.Instance("10.20.0.12", "10.20.0.12", ""))));
    }

    @Test
    void aHostNameGivenAsAnAddressStaysAsItIs() {
        assertThat(with("/origins/0/static/instances/1/address", "vm-7.example.com")
                        .findings())
                .isEmpty();
    }

    @Test
    void portsWithoutNamesAreForOnePortOnly() {
        LegacyDeclaration two = spec("{ports: [{port: 80}, {name: b, port: 81}], origins: []}");

        assertThat(two.findings()).extracting(Finding::field).contains("spec.ports[0].name");
        assertThat(two.ports()).extracting(LegacyDeclaration.Port::name).containsExactly("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "5", "[]", "null"})
    void aResourceWithoutASpecDeclaresNothing(String spec) {
        LegacyDeclaration empty = spec(spec);

        assertThat(empty.findings()).isNotEmpty();
        assertThat(empty.origins()).isEmpty();
        assertThat(empty.ports()).isEmpty();
    }

    @Test
    void portsAreRequired() {
        assertThat(spec("{origins: [{consul: {service: a}}]}").findings())
                .extracting(Finding::field)
                .containsExactly("spec.ports");
    }

    @Test
    void aHostNameNeedsNoPortsAndHasNeitherProbeNorBlend() {
        LegacyDeclaration alias = spec("{origins: [{hostname: a.example}], probe: {tcp: {}}, blend: true}");

        assertThat(alias.origins()).containsExactly(new Origin.HostName("a.example"));
        assertThat(alias.probe()).isEmpty();
        assertThat(alias.blend()).isFalse();
        assertThat(alias.findings()).extracting(Finding::field).containsExactly("spec.probe", "spec.blend");
    }

    @Test
    void anIpAddressIsNoHostName() {
        assertThat(spec("{origins: [{hostname: 10.0.0.1}]}").findings())
                .extracting(Finding::field)
                .contains("spec.origins[0].hostname");
    }

    @Test
    void aNameThatNoServiceCanHaveClaimsNone() {
        LegacyDeclaration dotted = read(
                "{metadata: {name: a.b, namespace: shop}, spec: {ports: [{port: 80}], origins: [{consul: {service: a}}]}}");

        assertThat(dotted.findings())
                .extracting(Finding::field, Finding::value)
                .containsExactly(tuple("metadata.name", "a.b"));
        assertThat(dotted.origins()).isEmpty();
    }

    @Test
    void aDefaultTimeoutThatIsLongerThanTheIntervalIsCut() {
        LegacyDeclaration quick =
                spec("{ports: [{port: 80}], origins: [{static: {instances: []}}], probe: {tcp: {}, interval: 1s}}");

        assertThat(quick.findings()).isEmpty();
        assertThat(quick.probe().orElseThrow().timeout()).isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{http: {}} | None[]",
                "{http: {tls: {}}} | None[]",
                "{http: {scheme: HTTPS}} | Verified[ca=]",
                "{http: {scheme: HTTPS, tls: {verify: false}}} | Unverified[]",
                "{grpc: {}} | None[]",
                "{grpc: {tls: {}}} | Verified[ca=]",
                "{grpc: {tls: {verify: false}}} | Unverified[]",
            })
    void tlsIsSpokenWhereItIsWanted(String probe, String encryption) {
        LegacyDeclaration read =
                spec("{ports: [{port: 80}], origins: [{static: {instances: []}}], probe: " + probe + "}");

        assertThat(read.probe().orElseThrow().check().toString()).contains("encryption=" + encryption);
    }

    @Test
    void theExamplesInTheDocsAreReadWithoutAFinding() throws IOException {
        assertThat(Examples.all()).hasSizeGreaterThan(5).allSatisfy(example -> assertThat(
                        read(YAML.<JsonNode>valueToTree(example)).findings())
                .isEmpty());
    }
}
