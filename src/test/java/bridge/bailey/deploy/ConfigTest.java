package bridge.bailey.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bridge.bailey.config.ConfigException;
import bridge.bailey.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The environment that is rendered is a configuration with which Bailey starts, and every variable in it means something. */
class ConfigTest {

    /** Besides the variables of docs/configuration.md: the JVM's, the AWS SDK's, and one that another refers to. */
    private static final Set<String> OTHERS = Set.of("AWS_REGION", "HOST_IP");

    @TempDir
    Path mounts;

    static Stream<Rendered> rendered() {
        return Everything.rendered();
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void baileyStartsWithIt(Rendered rendered) {
        assertThatCode(() -> settings(rendered.environment())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void everyVariableIsDocumented(Rendered rendered) throws IOException {
        Set<String> known = new TreeSet<>(OTHERS);
        Matcher variable =
                Pattern.compile("`([A-Z][A-Z0-9_]+)`").matcher(Files.readString(Path.of("docs/configuration.md")));
        while (variable.find()) {
            known.add(variable.group(1));
        }
        assertThat(known).contains("BAILEY_CLUSTER", "CONSUL_HTTP_ADDR");

        assertThat(known).containsAll(rendered.environment().keySet());
    }

    @Test
    void aKeyThatIsMisspeltStopsTheStartAndSaysWhichWasMeant() {
        Map<String, String> misspelt = new HashMap<>(Rendered.with().environment());
        misspelt.put("BAILEY_EXPORT_NAMESPACE", "shop");

        assertThatThrownBy(() -> settings(misspelt))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("BAILEY_EXPORT_NAMESPACE")
                .hasMessageContaining("did you mean bailey.export.namespaces?");
    }

    @Test
    void theBaseAloneDoesNotStartForItHasNoName() {
        Map<String, String> nameless = new HashMap<>(Rendered.with().environment());
        nameless.remove("BAILEY_CLUSTER");

        assertThatThrownBy(() -> settings(nameless)).hasMessageContaining("bailey.cluster");
    }

    @Test
    void eachEnvironmentHasANameOfItsOwn() {
        assertThat(Everything.overlays())
                .extracting(overlay -> Rendered.overlay(overlay).environment().get("BAILEY_CLUSTER"))
                .doesNotHaveDuplicates();
    }

    @Test
    void whatAComponentSaysCounts() throws Exception {
        assertThat(settings(Rendered.with("export-only").environment())
                        .config()
                        .legacy()
                        .enabled())
                .isFalse();
        assertThat(settings(Rendered.with("legacy-only").environment())
                        .config()
                        .export()
                        .enabled())
                .isFalse();
        assertThat(settings(Rendered.overlay("production").environment())
                        .consul()
                        .toString())
                .contains("https://consul.example.com:8501");
    }

    private Settings settings(Map<String, String> environment) throws ConfigException {
        return PodConfig.settings(environment, mounts);
    }
}
