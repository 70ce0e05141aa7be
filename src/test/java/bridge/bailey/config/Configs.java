package bridge.bailey.config;

import bridge.bailey.desired.ExportRules;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Configurations for tests: the defaults, but for what a test says. */
public final class Configs {

    /** The cluster's name in tests. */
    public static final String CLUSTER = "east";

    /** What a pod sees: enough for Bailey to find its cluster. */
    static final Map<String, String> IN_A_POD = Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1");

    private Configs() {}

    /** The export rules that application.yaml with this text gives. */
    public static ExportRules exportRules(String yaml) {
        return settings(yaml).exportRules();
    }

    /** The settings that application.yaml with this text gives. */
    public static Settings settings(String yaml) {
        try {
            return settings(List.of(yaml(yaml)), Map.of());
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static ConfigSource yaml(String text) {
        return new YamlConfigSource("application.yaml", text);
    }

    static ConfigSource properties(Map<String, String> properties) {
        return new PropertiesConfigSource(properties, "test.properties", 100);
    }

    static ConfigSource environment(Map<String, String> variables) {
        return new EnvConfigSource(variables, 300);
    }

    /** Settings of a pod in the cluster "east", unless a source or a variable says otherwise. */
    static Settings settings(List<ConfigSource> sources, Map<String, String> variables) throws ConfigException {
        Map<String, String> all = new HashMap<>(IN_A_POD);
        all.putAll(variables);
        return Settings.of(
                config(sources, new PropertiesConfigSource(Map.of("bailey.cluster", CLUSTER), "cluster", 1)), all);
    }

    static SmallRyeConfig config(List<ConfigSource> sources, ConfigSource... further) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(sources.toArray(ConfigSource[]::new))
                .withSources(further)
                .build();
    }
}
