package bridge.bailey.check;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.config.BaileyConfig;
import bridge.bailey.deploy.Grants;
import bridge.bailey.deploy.PodConfig;
import bridge.bailey.deploy.Rendered;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code check} looks for is what k8s/ grants: no less, or it would pass too early, and no more, or it would never pass. */
class NeededTest {

    @TempDir
    Path mounts;

    static Stream<Rendered> rendered() {
        return Stream.of(
                Rendered.with(),
                Rendered.with("export-only"),
                Rendered.with("export-only", "export-ingress"),
                Rendered.with("legacy-only"),
                Rendered.inShopAlone());
    }

    private BaileyConfig config(Rendered rendered) throws Exception {
        return PodConfig.settings(rendered.environment(), mounts).config();
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void checkLooksForExactlyWhatIsGranted(Rendered rendered) throws Exception {
        Set<Grants.Grant> needed = Needed.by(config(rendered), "bailey").stream()
                .flatMap(one -> one.verbs().stream()
                        .map(verb -> new Grants.Grant(
                                verb,
                                one.group(),
                                one.path(),
                                one.namespace().isEmpty() ? "*" : one.namespace(),
                                one.name())))
                .collect(Collectors.toSet());

        assertThat(needed)
                .containsExactlyInAnyOrderElementsOf(
                        Set.copyOf(Grants.of(rendered).all()));
    }

    @Test
    void aResourceThatIsWrittenInNamedNamespacesIsALineForEach() throws Exception {
        List<String> lines = Needed.by(config(Rendered.inShopAlone()), "bailey").stream()
                .map(one -> one.text() + ": " + String.join(", ", one.verbs()))
                .toList();

        assertThat(lines)
                .contains("services: list, watch", "services in namespace shop: get, create, update, delete")
                .contains("legacyservices/status (bailey.bridge) in namespace shop: update");
    }
}
