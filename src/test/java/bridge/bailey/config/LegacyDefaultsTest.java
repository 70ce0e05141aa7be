package bridge.bailey.config;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.Health;
import bridge.bailey.model.LegacyDefaults;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LegacyDefaultsTest {

    @Test
    void whatALegacyServiceLeavesOpenIsConfigured() throws ConfigException {
        String yaml =
                """
                bailey:
                  probe: {interval: 5s, timeout: 1s, rise: 4, fall: 5, initially: healthy, fail-open-below: 12.5%}
                  ec2: {regions: [eu-central-1, eu-west-1]}
                """;

        assertThat(Configs.settings(List.of(Configs.yaml(yaml)), Map.of()).legacyDefaults())
                .isEqualTo(new LegacyDefaults(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        4,
                        5,
                        Health.HEALTHY,
                        0.125,
                        List.of("eu-central-1", "eu-west-1")));
    }
}
