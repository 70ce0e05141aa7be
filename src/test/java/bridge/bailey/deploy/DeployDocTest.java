package bridge.bailey.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/deploy.md names what is there, and all of it. */
class DeployDocTest {

    private static String page() throws IOException {
        return Files.readString(Path.of("docs", "deploy.md"));
    }

    private static Set<String> found(String regex, String text) {
        Set<String> all = new TreeSet<>();
        Matcher matcher = Pattern.compile(regex).matcher(text);
        while (matcher.find()) {
            all.add(matcher.group(1));
        }
        return all;
    }

    @Test
    void everyFileThatItNamesIsThere() throws IOException {
        Set<String> files = found("\\b(k8s/[a-z0-9/.-]*[a-z0-9])", page());
        assertThat(files).hasSizeGreaterThan(10);
        assertThat(files).allSatisfy(file -> assertThat(Path.of(file)).exists());
        assertThat(found("`components/([a-z0-9-]+)`", page())).isSubsetOf(Everything.components());
    }

    @Test
    void everyComponentAndOverlayAndFileOfTheBaseIsInItsTables() throws IOException {
        String page = page();
        assertThat(Everything.components()).allSatisfy(c -> assertThat(page).contains("`" + c + "`"));
        assertThat(Everything.overlays()).allSatisfy(o -> assertThat(page).contains("`k8s/overlays/" + o + "`"));
        try (var files = Files.list(Path.of("k8s", "base"))) {
            assertThat(files.filter(f -> !f.endsWith("kustomization.yaml")))
                    .allSatisfy(f -> assertThat(page).contains("`" + f + "`"));
        }
    }

    @Test
    void everyTargetThatItNamesIsInTheMakefile() throws IOException {
        Set<String> targets = found("(?m)^([a-z_]+):", Files.readString(Path.of("Makefile")));
        assertThat(found("make (kube_[a-z_]+)", page())).hasSize(4).isSubsetOf(targets);
    }
}
