package bridge.bailey.config;

import static bridge.bailey.config.Configs.environment;
import static bridge.bailey.config.Configs.properties;
import static bridge.bailey.config.Configs.settings;
import static bridge.bailey.config.Configs.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bridge.bailey.desired.ExportRules;
import bridge.bailey.model.Share;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @TempDir
    private Path folder;

    @Test
    void everyDefaultIsPinned() {
        assertThat(Keys.all().stream()
                        .map(key -> key.name() + " = " + key.defaultValue().orElse("none"))
                        .toList())
                .containsExactlyInAnyOrder(
                        "bailey.cluster = none",
                        "bailey.resync = 60s",
                        "bailey.quiet = 20ms",
                        "bailey.max-wait = 200ms",
                        "bailey.export.enabled = true",
                        "bailey.export.default = true",
                        "bailey.export.namespaces = *",
                        "bailey.export.deny-namespaces = kube-system,kube-public,kube-node-lease",
                        "bailey.export.selector = none",
                        "bailey.export.name-pattern = {name}",
                        "bailey.export.prefix = none",
                        "bailey.export.tags = k8s",
                        "bailey.export.ip-family = primary",
                        "bailey.export.node-address = external-first",
                        "bailey.export.load-balancer-endpoints = false",
                        "bailey.export.ingress = false",
                        "bailey.export.ingress-addresses = host",
                        "bailey.export.checks = readiness",
                        "bailey.export.node = k8s-{cluster}",
                        "bailey.legacy.enabled = true",
                        "bailey.legacy.resources = true",
                        "bailey.legacy.namespaces = *",
                        "bailey.legacy.allow-loopback = false",
                        "bailey.ec2.enabled = false",
                        "bailey.ec2.regions = none",
                        "bailey.ec2.filters = none",
                        "bailey.ec2.refresh = 30s",
                        "bailey.ec2.namespace = default",
                        "bailey.ec2.roles = none",
                        "bailey.probe.interval = 10s",
                        "bailey.probe.timeout = 2s",
                        "bailey.probe.rise = 2",
                        "bailey.probe.fall = 3",
                        "bailey.probe.initially = unhealthy",
                        "bailey.probe.max-in-flight = 512",
                        "bailey.probe.fail-open-below = 30%",
                        "bailey.view.stale-after = 60s",
                        "bailey.verdict.window = 10m",
                        "bailey.verdict.dns-ttl = 60s",
                        "bailey.guard.enabled = true",
                        "bailey.guard.window = 10m",
                        "bailey.guard.max-share = 30%",
                        "bailey.guard.floor = 10",
                        "bailey.leader.enabled = true",
                        "bailey.leader.lease-name = bailey",
                        "bailey.leader.namespace = none",
                        "bailey.leader.lease-duration = 15s",
                        "bailey.leader.renew-deadline = 10s",
                        "bailey.leader.retry-period = 2s",
                        "bailey.consul.datacenter = none",
                        "bailey.consul.max-ops = auto",
                        "bailey.consul.request-timeout = 10s",
                        "bailey.consul.token-file = none",
                        "bailey.consul.login.auth-method = none",
                        "bailey.consul.login.bearer-token-file = /var/run/secrets/kubernetes.io/serviceaccount/token",
                        "bailey.log.json = false",
                        "bailey.log.level = info");
    }

    @Test
    void theDefaultsAreValidAndMeanWhatTheySay() throws ConfigException {
        Settings settings = settings(List.of(), Map.of());

        BaileyConfig config = settings.config();
        assertThat(config.cluster()).isEqualTo("east");
        assertThat(config.export().enabled()).isTrue();
        assertThat(config.log().json()).isFalse();
        assertThat(config.log().level()).isEqualTo(BaileyConfig.Log.Level.INFO);
        assertThat(settings.config().resync()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.config().quiet()).isEqualTo(Duration.ofMillis(20));
        assertThat(settings.config().maxWait()).isEqualTo(Duration.ofMillis(200));
        assertThat(settings.consulNode()).isEqualTo("k8s-east");
        assertThat(settings.consul().maxOps()).isEmpty();
        assertThat(settings.consul().requestTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.consul().datacenter()).isEmpty();
        assertThat(settings.consul().login()).isEmpty();

        ExportRules rules = settings.exportRules();
        assertThat(rules.cluster()).isEqualTo("east");
        assertThat(rules.byDefault()).isTrue();
        assertThat(rules.namespaces()).hasToString("[*]");
        assertThat(rules.denyNamespaces()).hasToString("[kube-system, kube-public, kube-node-lease]");
        assertThat(rules.selector().matches(Map.of())).isTrue();
        assertThat(rules.namePattern()).isEqualTo("{name}");
        assertThat(rules.prefix()).isEmpty();
        assertThat(rules.tags()).containsExactly("k8s");
        assertThat(rules.ipFamilies()).isEqualTo(ExportRules.IpFamilies.PRIMARY);
        assertThat(rules.nodeAddress()).isEqualTo(ExportRules.NodeAddress.EXTERNAL_FIRST);
        assertThat(rules.loadBalancerEndpoints()).isFalse();
        assertThat(rules.ingress()).isFalse();
        assertThat(rules.ingressAddresses()).isEqualTo(ExportRules.IngressAddresses.HOST);
        assertThat(rules.checks()).isEqualTo(ExportRules.Checks.READINESS);
    }

    @Test
    void everyKeyCanBeSetInYaml() throws ConfigException, IOException {
        Path token = Files.writeString(folder.resolve("token"), "t");
        Settings settings = settings(
                List.of(yaml(
                        """
                bailey:
                  cluster: west
                  resync: 5m
                  quiet: 0ms
                  max-wait: 1s
                  export:
                    enabled: false
                    default: false
                    namespaces: [shop, "team-*"]
                    deny-namespaces:
                    - secret
                    - hidden
                    selector: app in (a, b),!internal
                    name-pattern: "{namespace}-{name}"
                    prefix: west-
                    tags: [k8s, west]
                    ip-family: dual
                    node-address: internal-only
                    load-balancer-endpoints: true
                    ingress: true
                    ingress-addresses: load-balancer
                    checks: none
                    node: kubernetes.{cluster}
                  consul:
                    datacenter: dc_2
                    max-ops: 64
                    request-timeout: 20s
                    token-file: %s
                  log:
                    json: true
                    level: debug
                """
                                .formatted(token))),
                Map.of());

        assertThat(settings.config().cluster()).isEqualTo("west");
        assertThat(settings.config().resync()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.config().quiet()).isZero();
        assertThat(settings.config().maxWait()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.config().export().enabled()).isFalse();
        ExportRules rules = settings.exportRules();
        assertThat(rules.byDefault()).isFalse();
        assertThat(rules.namespaces()).hasToString("[shop, team-*]");
        assertThat(rules.denyNamespaces()).hasToString("[secret, hidden]");
        assertThat(rules.selector()).hasToString("app in (a, b),!internal");
        assertThat(rules.namePattern()).isEqualTo("{namespace}-{name}");
        assertThat(rules.prefix()).isEqualTo("west-");
        assertThat(rules.tags()).containsExactly("k8s", "west");
        assertThat(rules.ipFamilies()).isEqualTo(ExportRules.IpFamilies.DUAL);
        assertThat(rules.nodeAddress()).isEqualTo(ExportRules.NodeAddress.INTERNAL_ONLY);
        assertThat(rules.loadBalancerEndpoints()).isTrue();
        assertThat(rules.ingress()).isTrue();
        assertThat(rules.ingressAddresses()).isEqualTo(ExportRules.IngressAddresses.LOAD_BALANCER);
        assertThat(rules.checks()).isEqualTo(ExportRules.Checks.NONE);
        assertThat(settings.consulNode()).isEqualTo("kubernetes.west");
        assertThat(settings.consul().datacenter()).hasValue("dc_2");
        assertThat(settings.consul().maxOps()).hasValue(64);
        assertThat(settings.consul().requestTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.consul().tokenFile()).hasValue(token);
        assertThat(settings.config().log().json()).isTrue();
        assertThat(settings.config().log().level()).isEqualTo(BaileyConfig.Log.Level.DEBUG);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    bailey.cluster                    | East
                    bailey.cluster                    | a.b
                    bailey.cluster                    | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
                    bailey.resync                     | 999ms
                    bailey.resync                     | often
                    bailey.resync                     | -5s
                    bailey.quiet                      | 11s
                    bailey.quiet                      | -1ms
                    bailey.max-wait                   | 61s
                    bailey.max-wait                   | 19ms
                    bailey.export.enabled             | maybe
                    bailey.export.default             | 2
                    bailey.export.namespaces          | Shop
                    bailey.export.deny-namespaces     | a,b c
                    bailey.export.selector            | app in users
                    bailey.export.name-pattern        | {namespace}
                    bailey.export.name-pattern        | {name}.{namespace}
                    bailey.export.name-pattern        | {name}-{cluster}
                    bailey.export.prefix              | a_
                    bailey.export.tags                | a b
                    bailey.export.ip-family           | ipv5
                    bailey.export.node-address        | external
                    bailey.export.load-balancer-endpoints | pods
                    bailey.export.ingress             | nginx
                    bailey.export.ingress-addresses   | hosts
                    bailey.export.checks              | tcp
                    bailey.export.node                | k8s/{cluster}
                    bailey.export.node                | {name}
                    bailey.guard.window               | 500ms
                    bailey.guard.window               | 25h
                    bailey.guard.max-share            | 0.3
                    bailey.guard.max-share            | 101%
                    bailey.guard.floor                | -1
                    bailey.leader.lease-name          | Bailey
                    bailey.leader.namespace           | a.b
                    bailey.leader.lease-duration      | 1500ms
                    bailey.leader.renew-deadline      | 15s
                    bailey.leader.retry-period        | 10s
                    bailey.leader.retry-period        | 10ms
                    bailey.consul.datacenter          | dc 1
                    bailey.consul.max-ops             | 3
                    bailey.consul.max-ops             | 129
                    bailey.consul.max-ops             | many
                    bailey.consul.request-timeout     | 999ms
                    bailey.consul.request-timeout     | 6m
                    bailey.consul.token-file          | /no/such/file
                    bailey.consul.login.auth-method   | kube rnetes
                    bailey.log.json                   | pretty
                    bailey.log.level                  | verbose
                    """)
    void anInvalidValueIsOneProblemThatNamesKeyValueAndWhatIsAllowed(String key, String value) {
        Problem problem = onlyProblem(List.of(properties(Map.of(key, value))), Map.of());

        assertThat(problem.key()).isEqualTo(key);
        assertThat(problem.value()).isEqualTo(value);
        assertThat(problem.origin()).isEqualTo("from test.properties");
        assertThat(problem.hint()).isEqualTo("allowed: " + key(key).allowed()).hasSizeGreaterThan(15);
        assertThat(problem.text()).contains(key, "\"" + value + "\"", "test.properties", key(key).allowed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bailey.resync", "bailey.export.namespaces", "bailey.export.ip-family", "bailey.log.json"})
    void anEmptyValueOfAKeyThatNeedsOneIsAProblemToo(String key) {
        Problem problem = onlyProblem(List.of(properties(Map.of(key, ""))), Map.of());

        assertThat(problem.key()).isEqualTo(key);
        assertThat(problem.text()).contains(key + " has no value (from test.properties)", key(key).allowed());
    }

    @Test
    void emptyListsOfWhatMayBeNone() throws ConfigException {
        ExportRules rules = settings(List.of(yaml("bailey: {export: {tags: [], deny-namespaces: []}}")), Map.of())
                .exportRules();
        assertThat(rules.tags()).isEmpty();
        assertThat(rules.denyNamespaces()).isEmpty();
        assertThat(settings(List.of(environment(Map.of("BAILEY_EXPORT_TAGS", ""))), Map.of())
                        .exportRules()
                        .tags())
                .isEmpty();
    }

    @Test
    void everyBoundIsInside() throws ConfigException {
        settings(
                List.of(properties(Map.of(
                        "bailey.cluster", "a".repeat(40),
                        "bailey.resync", "1s",
                        "bailey.quiet", "10s",
                        "bailey.max-wait", "60s",
                        "bailey.consul.max-ops", "128",
                        "bailey.consul.request-timeout", "5m"))),
                Map.of());
        settings(
                List.of(properties(Map.of(
                        "bailey.quiet", "0ms",
                        "bailey.max-wait", "0ms",
                        "bailey.consul.max-ops", "4",
                        "bailey.consul.request-timeout", "1s"))),
                Map.of());
    }

    @Test
    void aMissingClusterIsAProblemThatSaysHowToSetIt() {
        ConfigException e = catchThrowableOfType(
                ConfigException.class, () -> Settings.of(Configs.config(List.of()), Configs.IN_A_POD));
        assertThat(e.problems()).singleElement().satisfies(problem -> assertThat(problem.text())
                .isEqualTo("bailey.cluster has no value (set it in application.yaml or as BAILEY_CLUSTER); allowed: "
                        + "a DNS label: lower-case letters, digits and inner hyphens, at most 40 characters"));
    }

    @Test
    void allProblemsAreToldAtOnce() {
        ConfigException e = catchThrowableOfType(
                ConfigException.class,
                () -> Settings.of(
                        Configs.config(List.of(properties(Map.of(
                                "bailey.resync", "often",
                                "bailey.max-wait", "2m",
                                "bailey.export.ip-family", "ipv5",
                                "bailey.export.tagz", "a")))),
                        Map.of("CONSUL_HTTP_ADDR", "ftp://consul", "KUBECONFIG", "/no/such/file")));

        assertThat(e.problems())
                .extracting(Problem::key)
                .containsExactlyInAnyOrder(
                        "bailey.cluster",
                        "bailey.resync",
                        "bailey.max-wait",
                        "bailey.export.ip-family",
                        "bailey.export.tagz",
                        "CONSUL_HTTP_ADDR",
                        "KUBECONFIG");
        assertThat(e.getMessage()).startsWith("Bailey can't start: 7 problems in its configuration");
        assertThat(e.getMessage().lines()).hasSize(8);
    }

    @ParameterizedTest(name = "{0}: did you mean {1}?")
    @CsvSource({
        "bailey.clusters, bailey.cluster",
        "bailey.export.namespace, bailey.export.namespaces",
        "bailey.export.ipfamily, bailey.export.ip-family",
        "bailey.consul.token, bailey.consul.token-file",
        "bailey.export.node_address, bailey.export.node-address",
        "bailey.log.levels, bailey.log.level"
    })
    void anUnknownKeyIsAProblemWithASuggestion(String unknown, String known) {
        Problem problem = onlyProblem(List.of(properties(Map.of(unknown, "x"))), Map.of());

        assertThat(problem.key()).isEqualTo(unknown);
        assertThat(problem.text()).contains("no such key; did you mean " + known + "?", "test.properties");
    }

    @Test
    void anUnknownKeyInYamlIsAProblem() {
        Problem problem = onlyProblem(List.of(yaml("bailey: {export: {tagz: [a]}}")), Map.of());
        assertThat(problem.text()).contains("did you mean bailey.export.tags?", "application.yaml");
    }

    @Test
    void aNameWithDotsInYamlIsAProblemSinceItIsNoPath() {
        Problem problem = onlyProblem(List.of(yaml("bailey.export: {tags: [a]}")), Map.of());
        assertThat(problem.text()).contains("bailey.export", "write bailey:, and the rest below it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "yes", "on", "1", "True"})
    void aSwitchMayBeWrittenInManyWays(String value) throws ConfigException {
        assertThat(settings(List.of(yaml("bailey: {export: {ingress: " + value + "}}")), Map.of())
                        .exportRules()
                        .ingress())
                .isTrue();
    }

    @Test
    void aDefaultThatDoesNotFitAnotherKeyIsShownAsTheDefault() {
        assertThat(onlyProblem(List.of(properties(Map.of("bailey.quiet", "1s"))), Map.of())
                        .text())
                .isEqualTo("bailey.max-wait = \"200ms\" (the default); allowed: a duration, at least that of quiet, at"
                        + " most 60s");
    }

    @ParameterizedTest(name = "{0}: did you mean {1}?")
    @CsvSource({
        "BAILEY_CLUSTERS, bailey.cluster",
        "BAILEY_EXPORT_NAMESPACE, bailey.export.namespaces",
        "BAILEY_EXPORT_TAGZ, bailey.export.tags",
        "BAILEY_RESYNK, bailey.resync"
    })
    void anUnknownVariableIsAProblemWithASuggestion(String unknown, String known) {
        Problem problem = onlyProblem(List.of(environment(Map.of(unknown, "x"))), Map.of());

        assertThat(problem.key()).isEqualTo(unknown);
        assertThat(problem.text()).contains("no such key; did you mean " + known + "?", "from the environment");
    }

    @ParameterizedTest
    @CsvSource({
        "BAILEY_SERVICE_HOST, 10.96.0.7",
        "BAILEY_SERVICE_PORT, 8080",
        "BAILEY_SERVICE_PORT_HTTP, 8080",
        "BAILEY_PORT, tcp://10.96.0.7:8080",
        "BAILEY_PORT_8080_TCP, tcp://10.96.0.7:8080",
        "BAILEY_PORT_8080_TCP_ADDR, 10.96.0.7",
        "BAILEY_PORT_8080_TCP_PORT, 8080",
        "BAILEY_PORT_8080_TCP_PROTO, tcp",
        "BAILEY_METRICS_SERVICE_HOST, 10.96.0.8",
        "BAILEY_METRICS_PORT, tcp://10.96.0.8:9090",
        "BAILEY_METRICS_PORT_8080_TCP_ADDR, 10.96.0.8",
        "BAILEY_BLUE_GREEN_PORT_53_UDP, udp://10.96.0.8:53"
    })
    void aServiceLinkOfKubernetesIsNoKey(String name, String value) throws ConfigException {
        settings(List.of(environment(Map.of(name, value))), Map.of());
    }

    @Test
    void everyKeyHasAVariable() throws ConfigException, IOException {
        Path token = Files.writeString(folder.resolve("token"), "t");
        Map<String, String> values = Map.ofEntries(
                Map.entry("BAILEY_CLUSTER", "west"),
                Map.entry("BAILEY_RESYNC", "5m"),
                Map.entry("BAILEY_QUIET", "1ms"),
                Map.entry("BAILEY_MAX_WAIT", "1s"),
                Map.entry("BAILEY_EXPORT_ENABLED", "false"),
                Map.entry("BAILEY_EXPORT_DEFAULT", "false"),
                Map.entry("BAILEY_EXPORT_NAMESPACES", "shop,team-*"),
                Map.entry("BAILEY_EXPORT_DENY_NAMESPACES", "secret,hidden"),
                Map.entry("BAILEY_EXPORT_SELECTOR", "app in (a, b)"),
                Map.entry("BAILEY_EXPORT_NAME_PATTERN", "{namespace}-{name}"),
                Map.entry("BAILEY_EXPORT_PREFIX", "west-"),
                Map.entry("BAILEY_EXPORT_TAGS", "k8s,west"),
                Map.entry("BAILEY_EXPORT_IP_FAMILY", "dual"),
                Map.entry("BAILEY_EXPORT_NODE_ADDRESS", "internal-only"),
                Map.entry("BAILEY_EXPORT_LOAD_BALANCER_ENDPOINTS", "true"),
                Map.entry("BAILEY_EXPORT_INGRESS", "true"),
                Map.entry("BAILEY_EXPORT_INGRESS_ADDRESSES", "load-balancer"),
                Map.entry("BAILEY_EXPORT_CHECKS", "none"),
                Map.entry("BAILEY_EXPORT_NODE", "node-{cluster}"),
                Map.entry("BAILEY_LEGACY_ENABLED", "false"),
                Map.entry("BAILEY_LEGACY_RESOURCES", "false"),
                Map.entry("BAILEY_LEGACY_NAMESPACES", "shop"),
                Map.entry("BAILEY_LEGACY_ALLOW_LOOPBACK", "true"),
                Map.entry("BAILEY_EC2_ENABLED", "true"),
                Map.entry("BAILEY_EC2_REGIONS", "eu-central-1,us-east-2"),
                Map.entry("BAILEY_EC2_FILTERS", "vpc-id=vpc-1,tag:env=prod|staging"),
                Map.entry("BAILEY_EC2_REFRESH", "1m"),
                Map.entry("BAILEY_EC2_NAMESPACE", "legacy"),
                Map.entry("BAILEY_EC2_ROLES", "arn:aws:iam::123456789012:role/read"),
                Map.entry("BAILEY_PROBE_INTERVAL", "5s"),
                Map.entry("BAILEY_PROBE_TIMEOUT", "1s"),
                Map.entry("BAILEY_PROBE_RISE", "4"),
                Map.entry("BAILEY_PROBE_FALL", "5"),
                Map.entry("BAILEY_PROBE_INITIALLY", "healthy"),
                Map.entry("BAILEY_PROBE_MAX_IN_FLIGHT", "64"),
                Map.entry("BAILEY_PROBE_FAIL_OPEN_BELOW", "12.5%"),
                Map.entry("BAILEY_VIEW_STALE_AFTER", "2m"),
                Map.entry("BAILEY_VERDICT_WINDOW", "1h"),
                Map.entry("BAILEY_VERDICT_DNS_TTL", "5m"),
                Map.entry("BAILEY_GUARD_ENABLED", "false"),
                Map.entry("BAILEY_GUARD_WINDOW", "1h"),
                Map.entry("BAILEY_GUARD_MAX_SHARE", "12.5%"),
                Map.entry("BAILEY_GUARD_FLOOR", "0"),
                Map.entry("BAILEY_LEADER_ENABLED", "false"),
                Map.entry("BAILEY_LEADER_LEASE_NAME", "bailey-west"),
                Map.entry("BAILEY_LEADER_NAMESPACE", "bridges"),
                Map.entry("BAILEY_LEADER_LEASE_DURATION", "30s"),
                Map.entry("BAILEY_LEADER_RENEW_DEADLINE", "20s"),
                Map.entry("BAILEY_LEADER_RETRY_PERIOD", "1s"),
                Map.entry("BAILEY_CONSUL_DATACENTER", "dc2"),
                Map.entry("BAILEY_CONSUL_MAX_OPS", "64"),
                Map.entry("BAILEY_CONSUL_REQUEST_TIMEOUT", "20s"),
                Map.entry("BAILEY_CONSUL_TOKEN_FILE", token.toString()),
                // Empty, since it excludes a token.
                Map.entry("BAILEY_CONSUL_LOGIN_AUTH_METHOD", ""),
                Map.entry("BAILEY_CONSUL_LOGIN_BEARER_TOKEN_FILE", token.toString()),
                Map.entry("BAILEY_LOG_JSON", "true"),
                Map.entry("BAILEY_LOG_LEVEL", "debug"));
        assertThat(values.keySet())
                .isEqualTo(Keys.all().stream().map(Keys.Key::variable).collect(Collectors.toSet()));

        Settings settings = settings(List.of(environment(values)), Map.of());

        BaileyConfig config = settings.config();
        assertThat(config.cluster()).isEqualTo("west");
        assertThat(config.resync()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.quiet()).isEqualTo(Duration.ofMillis(1));
        assertThat(config.maxWait()).isEqualTo(Duration.ofSeconds(1));
        BaileyConfig.Export export = config.export();
        assertThat(export.enabled()).isFalse();
        assertThat(export.byDefault()).isFalse();
        assertThat(export.namespaces()).containsExactly("shop", "team-*");
        assertThat(export.denyNamespaces()).hasValue(List.of("secret", "hidden"));
        assertThat(export.selector()).hasValue("app in (a, b)");
        assertThat(export.namePattern()).isEqualTo("{namespace}-{name}");
        assertThat(export.prefix()).hasValue("west-");
        assertThat(export.tags()).hasValue(List.of("k8s", "west"));
        assertThat(export.ipFamily()).isEqualTo(ExportRules.IpFamilies.DUAL);
        assertThat(export.nodeAddress()).isEqualTo(ExportRules.NodeAddress.INTERNAL_ONLY);
        assertThat(export.loadBalancerEndpoints()).isTrue();
        assertThat(export.ingress()).isTrue();
        assertThat(export.ingressAddresses()).isEqualTo(ExportRules.IngressAddresses.LOAD_BALANCER);
        assertThat(export.checks()).isEqualTo(ExportRules.Checks.NONE);
        assertThat(settings.consulNode()).isEqualTo("node-west");
        assertThat(config.legacy().enabled()).isFalse();
        assertThat(config.legacy().resources()).isFalse();
        assertThat(config.legacy().namespaces()).containsExactly("shop");
        assertThat(config.legacy().allowLoopback()).isTrue();
        assertThat(config.ec2().enabled()).isTrue();
        assertThat(config.ec2().regions()).hasValue(List.of("eu-central-1", "us-east-2"));
        assertThat(config.ec2().filters()).hasValue(List.of("vpc-id=vpc-1", "tag:env=prod|staging"));
        assertThat(config.ec2().refresh()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.ec2().namespace()).isEqualTo("legacy");
        assertThat(config.ec2().roles()).hasValue(List.of("arn:aws:iam::123456789012:role/read"));
        assertThat(config.probe().interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.probe().timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.probe().rise()).isEqualTo(4);
        assertThat(config.probe().fall()).isEqualTo(5);
        assertThat(config.probe().initially()).isEqualTo(BaileyConfig.Probe.Initially.HEALTHY);
        assertThat(config.probe().maxInFlight()).isEqualTo(64);
        assertThat(Share.parse(config.probe().failOpenBelow())).hasValue(0.125);
        assertThat(config.consul().datacenter()).hasValue("dc2");
        assertThat(config.consul().maxOps()).isEqualTo("64");
        assertThat(config.consul().requestTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.consul().tokenFile()).hasValue(token);
        assertThat(config.log().json()).isTrue();
        assertThat(config.log().level()).isEqualTo(BaileyConfig.Log.Level.DEBUG);
    }

    @Test
    void aListMayBeSetByVariablesWithIndexes() throws ConfigException {
        Settings settings = settings(
                List.of(environment(Map.of("BAILEY_EXPORT_TAGS_0_", "a", "BAILEY_EXPORT_TAGS_1_", "b"))), Map.of());
        assertThat(settings.exportRules().tags()).containsExactly("a", "b");
    }

    @Test
    void anInvalidVariableIsAProblemThatSaysSo() {
        Problem problem = onlyProblem(List.of(environment(Map.of("BAILEY_EXPORT_NODE_ADDRESS", "external"))), Map.of());
        assertThat(problem.text())
                .isEqualTo("bailey.export.node-address = \"external\" (from the environment); allowed: "
                        + "external-first, external-only, internal-only");
    }

    @Test
    void aVariableCountsForMoreThanAFile() throws ConfigException {
        Settings settings = settings(
                List.of(
                        yaml("bailey: {export: {prefix: file-}}"),
                        environment(Map.of("BAILEY_EXPORT_PREFIX", "variable-"))),
                Map.of());
        assertThat(settings.exportRules().prefix()).isEqualTo("variable-");
    }

    @Test
    void keysOfOthersAreNoConcernOfOurs() throws ConfigException {
        settings(
                List.of(
                        yaml("quarkus.http.port: 8081"),
                        environment(Map.of(
                                "BAILEYS_DRINK", "x", "PATH", "/bin", "XBAILEY_CLUSTER", "y", "BAILEY_URL", "z"))),
                Map.of());
    }

    @Test
    void problemsAreTheSameInAnyOrderOfSources() {
        ConfigSource one = properties(Map.of("bailey.resync", "often"));
        ConfigSource other = yaml("bailey: {quiet: never}");
        assertThat(problems(List.of(one, other), Map.of())).isEqualTo(problems(List.of(other, one), Map.of()));
    }

    @Test
    void aMissingKubeconfigIsAProblem() {
        assertThat(onlyProblem(List.of(), Map.of("KUBECONFIG", "/no/such/file")).text())
                .isEqualTo("KUBECONFIG = \"/no/such/file\"; allowed: the path of a readable file");
    }

    @Test
    void aMissingFileOfConfigurationIsAProblem() {
        assertThat(onlyProblem(
                                List.of(),
                                Map.of("SMALLRYE_CONFIG_LOCATIONS", folder + ",/no/such/file,classpath:x.yaml"))
                        .text())
                .isEqualTo("SMALLRYE_CONFIG_LOCATIONS = \"/no/such/file\"; allowed: the paths of readable files or"
                        + " folders");
    }

    @Test
    void oneReadableFileOfKubeconfigIsEnough() throws ConfigException, IOException {
        Path file = Files.writeString(folder.resolve("config"), "");
        settings(List.of(), Map.of("KUBECONFIG", "/no/such/file" + File.pathSeparator + file));
    }

    @Test
    void outsideOfAPodAKubeconfigIsNeeded() {
        String home = System.setProperty("user.home", folder.toString());
        try {
            assertThatThrownBy(() -> Settings.of(
                            Configs.config(List.of(properties(Map.of("bailey.cluster", "east")))), Map.of()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("KUBECONFIG has no value; allowed: the path of a kubeconfig");
        } finally {
            System.setProperty("user.home", home);
        }
    }

    @Test
    void aTokenInTheWrongPlaceIsNotShown() {
        assertThat(onlyProblem(List.of(properties(Map.of("bailey.consul.token", "s3cr3t"))), Map.of())
                        .toString())
                .doesNotContain("s3cr3t");
        assertThat(onlyProblem(List.of(environment(Map.of("BAILEY_CONSUL_TOKEN", "s3cr3t"))), Map.of())
                        .toString())
                .doesNotContain("s3cr3t");
    }

    private static Keys.Key key(String name) {
        return Keys.all().stream()
                .filter(key -> key.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Problem onlyProblem(List<ConfigSource> sources, Map<String, String> variables) {
        List<Problem> problems = problems(sources, variables);
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    private static List<Problem> problems(List<ConfigSource> sources, Map<String, String> variables) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> settings(sources, variables));
        assertThat(e).as("an exception that lists the problems").isNotNull();
        return e.problems();
    }
}
