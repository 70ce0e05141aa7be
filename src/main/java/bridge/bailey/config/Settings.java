package bridge.bailey.config;

import bridge.bailey.consul.ConsulSettings;
import bridge.bailey.consul.Tls;
import bridge.bailey.desired.Ec2Tags;
import bridge.bailey.desired.ExportRules;
import bridge.bailey.desired.Glob;
import bridge.bailey.desired.LabelSelector;
import bridge.bailey.desired.LegacyRules;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.Health;
import bridge.bailey.model.LegacyDefaults;
import bridge.bailey.model.Share;
import bridge.bailey.plan.GuardRules;
import bridge.bailey.view.CutoverRules;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** A checked configuration, in the terms of the code that uses it. */
public final class Settings {

    private static final String CLUSTER_PATTERN = "[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?";

    private static final String NAMESPACE_PATTERN = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

    private static final Duration LEAST_RETRY = Duration.ofMillis(100);

    private static final Duration MOST_WAIT = Duration.ofMinutes(1);

    private static final Duration MOST_PROBE_TIMEOUT = Duration.ofMinutes(5);

    private static final String PLACEHOLDER = "cluster";

    private final BaileyConfig config;
    private final ConsulSettings consul;

    private Settings(BaileyConfig config, ConsulSettings consul) {
        this.config = config;
        this.consul = consul;
    }

    /**
     * Reads the configuration from the system properties, the environment, application.yaml in ./config and in the jar,
     * and the files that SMALLRYE_CONFIG_LOCATIONS names.
     *
     * @throws ConfigException with all problems, if there is one
     */
    public static Settings load() throws ConfigException {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDefaultSources()
                .addDiscoveredSources()
                .addDiscoveredConverters()
                .build();
        return of(config, System.getenv());
    }

    /**
     * Checks a configuration.
     *
     * @param environment where Consul's and Kubernetes' standard variables are looked up
     */
    public static Settings of(SmallRyeConfig config, Map<String, String> environment) throws ConfigException {
        List<Keys.Key> keys = Keys.all();
        Problems problems = new Problems(config);
        problems.checkTypes(keys);
        BaileyConfig typed = typed(config, keys, problems.reported());
        checkValues(typed, keys, problems);
        Settings settings = new Settings(typed, ConsulEnvironment.read(environment, typed, problems));
        checkTls(settings.consul, problems);
        checkKubernetes(environment, problems);
        checkLocations(environment, problems);
        if (!problems.all().isEmpty()) {
            throw new ConfigException(problems.all());
        }
        return settings;
    }

    /** The typed configuration, with defaults for what is broken, so that the rest can be checked too. */
    private static BaileyConfig typed(SmallRyeConfig config, List<Keys.Key> keys, Set<String> broken) {
        Map<String, String> repairs = new HashMap<>();
        keys.stream()
                .filter(key -> broken.contains(key.name()))
                .forEach(key -> repairs.put(key.name(), key.defaultValue().orElse(key.optional() ? "" : PLACEHOLDER)));
        return new SmallRyeConfigBuilder()
                .withSources(StreamSupport.stream(config.getConfigSources().spliterator(), false)
                        .toArray(ConfigSource[]::new))
                .withSources(new PropertiesConfigSource(repairs, "repairs", Integer.MAX_VALUE))
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(BaileyConfig.class)
                .withMappingIgnore(BaileyConfig.PREFIX + ".**")
                .build()
                .getConfigMapping(BaileyConfig.class);
    }

    private static void checkValues(BaileyConfig config, List<Keys.Key> keys, Problems problems) {
        Map<String, Keys.Key> byName = keys.stream().collect(Collectors.toMap(Keys.Key::name, k -> k));
        Check check = (key, fine) -> {
            if (!fine) {
                problems.report(byName.get(BaileyConfig.PREFIX + "." + key));
            }
        };
        check.that("cluster", config.cluster().matches(CLUSTER_PATTERN));
        check.that("resync", config.resync().compareTo(Duration.ofSeconds(1)) >= 0);
        boolean quiet = between(config.quiet(), Duration.ZERO, Duration.ofSeconds(10));
        check.that("quiet", quiet);
        check.that("max-wait", between(config.maxWait(), quiet ? config.quiet() : Duration.ZERO, MOST_WAIT));
        BaileyConfig.Export export = config.export();
        check.that("export.namespaces", globs(export.namespaces()));
        check.that("export.deny-namespaces", globs(export.denyNamespaces().orElse(List.of())));
        check.that(
                "export.selector", export.selector().map(Settings::isSelector).orElse(true));
        check.that("export.name-pattern", isPattern(export.namePattern()));
        check.that(
                "export.prefix",
                export.prefix().map(p -> p.matches("[A-Za-z0-9-]{1,40}")).orElse(true));
        check.that(
                "export.tags",
                export.tags().orElse(List.of()).stream().noneMatch(t -> t.isBlank() || t.matches(".*\\s.*")));
        check.that(
                "export.node",
                config.export().node().replace("{cluster}", PLACEHOLDER).matches("[A-Za-z0-9][A-Za-z0-9.-]{0,199}"));
        check.that("legacy.namespaces", globs(config.legacy().namespaces()));
        checkEc2(config.ec2(), check);
        checkProbe(config.probe(), check);
        check.that("view.stale-after", between(config.view().staleAfter(), Duration.ofSeconds(1), Duration.ofHours(1)));
        check.that("verdict.window", between(config.verdict().window(), Duration.ZERO, Duration.ofDays(7)));
        check.that("verdict.dns-ttl", between(config.verdict().dnsTtl(), Duration.ZERO, Duration.ofDays(7)));
        checkGuard(config.guard(), check);
        checkLeader(config.leader(), check);
        check.that(
                "consul.datacenter",
                config.consul()
                        .datacenter()
                        .map(d -> d.matches("[A-Za-z0-9_-]+"))
                        .orElse(true));
        check.that("consul.max-ops", maxOps(config).isPresent());
        check.that(
                "consul.request-timeout",
                between(config.consul().requestTimeout(), Duration.ofSeconds(1), Duration.ofMinutes(5)));
        check.that(
                "consul.token-file",
                config.consul().tokenFile().map(Files::isReadable).orElse(true));
        BaileyConfig.ConsulLogin login = config.consul().login();
        boolean method =
                login.authMethod().map(m -> m.matches("[A-Za-z0-9_-]{1,128}")).orElse(true);
        check.that("consul.login.auth-method", method);
        check.that(
                "consul.login.bearer-token-file",
                !method || login.authMethod().isEmpty() || Files.isReadable(login.bearerTokenFile()));
    }

    private static void checkEc2(BaileyConfig.Ec2 ec2, Check check) {
        check.that(
                "ec2.regions",
                ec2.regions().orElse(List.of()).stream().allMatch(r -> r.matches("[a-z]{2}(-[a-z]+)+-\\d")));
        check.that(
                "ec2.filters",
                ec2.filters().orElse(List.of()).stream().allMatch(f -> f.matches("[A-Za-z0-9:._/-]+=.+")));
        check.that("ec2.refresh", ec2.refresh().compareTo(Duration.ofSeconds(1)) >= 0);
        check.that("ec2.namespace", ec2.namespace().matches(NAMESPACE_PATTERN));
        check.that(
                "ec2.roles",
                ec2.roles().orElse(List.of()).stream().allMatch(r -> r.matches("arn:aws[a-z-]*:iam::\\d{12}:role/.+")));
    }

    private static void checkProbe(BaileyConfig.Probe probe, Check check) {
        boolean interval = between(probe.interval(), Duration.ofMillis(100), Duration.ofHours(1));
        check.that("probe.interval", interval);
        check.that(
                "probe.timeout",
                between(
                        probe.timeout(),
                        Duration.ofMillis(10),
                        interval && probe.interval().compareTo(MOST_PROBE_TIMEOUT) < 0
                                ? probe.interval()
                                : MOST_PROBE_TIMEOUT));
        check.that("probe.rise", probe.rise() >= 1 && probe.rise() <= 100);
        check.that("probe.fall", probe.fall() >= 1 && probe.fall() <= 100);
        check.that("probe.max-in-flight", probe.maxInFlight() >= 1 && probe.maxInFlight() <= 10_000);
        check.that("probe.fail-open-below", Share.parse(probe.failOpenBelow()).isPresent());
    }

    private static void checkGuard(BaileyConfig.Guard guard, Check check) {
        check.that("guard.window", between(guard.window(), Duration.ofSeconds(1), Duration.ofHours(24)));
        check.that("guard.max-share", Share.parse(guard.maxShare()).isPresent());
        check.that("guard.floor", guard.floor() >= 0);
    }

    private static void checkLeader(BaileyConfig.Leader leader, Check check) {
        check.that("leader.lease-name", leader.leaseName().matches("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?"));
        check.that(
                "leader.namespace",
                leader.namespace().map(n -> n.matches(NAMESPACE_PATTERN)).orElse(true));
        boolean lease = leader.leaseDuration().toNanosPart() == 0
                && between(leader.leaseDuration(), Duration.ofSeconds(1), Duration.ofMinutes(10));
        // One mistake is one problem.
        boolean renew = !lease || leader.renewDeadline().compareTo(leader.leaseDuration()) < 0;
        check.that("leader.lease-duration", lease);
        check.that("leader.renew-deadline", renew);
        check.that(
                "leader.retry-period",
                leader.retryPeriod().compareTo(LEAST_RETRY) >= 0
                        && (!renew || !lease || leader.retryPeriod().compareTo(leader.renewDeadline()) < 0));
    }

    @FunctionalInterface
    private interface Check {
        void that(String key, boolean fine);
    }

    private static boolean between(Duration value, Duration least, Duration most) {
        return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }

    private static boolean globs(List<String> names) {
        return names.stream().allMatch(n -> n.matches("[a-z0-9*?-]+"));
    }

    private static boolean isSelector(String text) {
        try {
            LabelSelector.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** With another placeholder, or none, the names would be wrong, or all the same. */
    private static boolean isPattern(String pattern) {
        return pattern.contains("{name}")
                && pattern.replace("{name}", "").replace("{namespace}", "").matches("[A-Za-z0-9-]*");
    }

    /** Empty if it can't be read; an empty value inside means automatic. */
    private static Optional<OptionalInt> maxOps(BaileyConfig config) {
        String text = config.consul().maxOps();
        if (text.equals("auto")) {
            return Optional.of(OptionalInt.empty());
        }
        Predicate<Integer> fits = n -> n >= 4 && n <= 128;
        try {
            return Optional.of(Integer.parseInt(text)).filter(fits).map(OptionalInt::of);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String nodeOf(BaileyConfig config) {
        return config.export().node().replace("{cluster}", config.cluster());
    }

    private static void checkTls(ConsulSettings consul, Problems problems) {
        try {
            Tls.of(consul);
        } catch (IllegalArgumentException e) {
            problems.addSentence("CONSUL_HTTP_ADDR", consul.address().toString(), e.getMessage());
        }
    }

    /** The client would otherwise fall back to an address that is nobody's, and time out much later. */
    private static void checkKubernetes(Map<String, String> environment, Problems problems) {
        String files = environment.getOrDefault("KUBECONFIG", "");
        if (!files.isEmpty()) {
            boolean found = Arrays.stream(files.split(File.pathSeparator)).anyMatch(f -> Files.isReadable(Path.of(f)));
            if (!found) {
                problems.add("KUBECONFIG", files, "the path of a readable file");
            }
        } else if (!environment.containsKey("KUBERNETES_SERVICE_HOST")
                && !Files.isReadable(Path.of(System.getProperty("user.home"), ".kube", "config"))) {
            problems.add("KUBECONFIG", "", "the path of a kubeconfig; there is none in ~/.kube, and this is no pod");
        }
    }

    /** A file that is not there would be passed over, and the defaults would hold. */
    private static void checkLocations(Map<String, String> environment, Problems problems) {
        String locations = environment.getOrDefault("SMALLRYE_CONFIG_LOCATIONS", "");
        Arrays.stream(locations.split(","))
                .filter(location -> location.startsWith("/") && !Files.isReadable(Path.of(location)))
                .forEach(location ->
                        problems.add("SMALLRYE_CONFIG_LOCATIONS", location, "the paths of readable files or folders"));
    }

    public BaileyConfig config() {
        return config;
    }

    public ConsulSettings consul() {
        return consul.withMaxOps(maxOps(config).orElseThrow());
    }

    /** What counts where a LegacyService does not say otherwise. */
    public LegacyDefaults legacyDefaults() {
        BaileyConfig.Probe probe = config.probe();
        return new LegacyDefaults(
                probe.interval(),
                probe.timeout(),
                probe.rise(),
                probe.fall(),
                probe.initially() == BaileyConfig.Probe.Initially.HEALTHY ? Health.HEALTHY : Health.UNHEALTHY,
                Share.parse(probe.failOpenBelow()).orElseThrow(),
                config.ec2().regions().orElse(List.of()));
    }

    /** The name of the Consul node that holds the entries. */
    public String consulNode() {
        return nodeOf(config);
    }

    public LegacyRules legacyRules() {
        return new LegacyRules(
                config.legacy().namespaces().stream().map(Glob::of).toList(),
                config.legacy().allowLoopback(),
                legacyDefaults());
    }

    /**
     * The queries that find tagged machines: one for each region and role; none if tags are not looked at. A region "" is the
     * one that the AWS SDK finds.
     */
    public Set<Ec2Query> tagQueries() {
        BaileyConfig.Ec2 ec2 = config.ec2();
        if (!ec2.enabled()) {
            return Set.of();
        }
        List<Ec2Query.Filter> filters = new ArrayList<>();
        filters.add(new Ec2Query.Filter("tag-key", List.of(Ec2Tags.SERVICE)));
        ec2.filters().orElse(List.of()).forEach(text -> filters.add(filter(text)));
        Set<Ec2Query> queries = new LinkedHashSet<>();
        for (String region : orOne(ec2.regions())) {
            for (String role : orOne(ec2.roles())) {
                queries.add(new Ec2Query(region, role, filters));
            }
        }
        return queries;
    }

    private static List<String> orOne(Optional<List<String>> values) {
        return values.filter(some -> !some.isEmpty()).orElse(List.of(""));
    }

    private static Ec2Query.Filter filter(String text) {
        int equals = text.indexOf('=');
        return new Ec2Query.Filter(
                text.substring(0, equals), List.of(text.substring(equals + 1).split("\\|", -1)));
    }

    public GuardRules guardRules() {
        BaileyConfig.Guard guard = config.guard();
        return new GuardRules(
                guard.enabled(), guard.window(), Share.parse(guard.maxShare()).orElseThrow(), guard.floor());
    }

    public CutoverRules cutoverRules() {
        return new CutoverRules(config.verdict().window(), config.verdict().dnsTtl());
    }

    public ExportRules exportRules() {
        BaileyConfig.Export export = config.export();
        return new ExportRules(
                config.cluster(),
                export.byDefault(),
                export.namespaces().stream().map(Glob::of).toList(),
                export.denyNamespaces().orElse(List.of()).stream().map(Glob::of).toList(),
                LabelSelector.parse(export.selector().orElse("")),
                export.namePattern(),
                export.prefix().orElse(""),
                export.tags().orElse(List.of()),
                export.ipFamily(),
                export.nodeAddress(),
                export.loadBalancerEndpoints(),
                export.ingress(),
                export.ingressAddresses(),
                export.checks());
    }
}
