package bridge.bailey.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code make kube_…} says and writes where no cluster is needed. */
class KubeScriptTest {

    private record Result(int code, String out) {}

    private static Result run(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(arguments).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("IMAGE", "YES", "KUBECONFIG"));
        builder.environment().putAll(environment);
        Process process = builder.redirectInput(Path.of("/dev/null").toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out);
    }

    @Test
    void withoutAnEnvironmentItSaysWhichThereAre() throws Exception {
        Result result = run(Map.of(), "make", "-s", "kube_create_config");

        assertThat(result.code()).isNotZero();
        assertThat(result.out()).contains("dev production staging", "make kube_create_config ENV=staging");
    }

    @Test
    void anEnvironmentThatIsNotThereIsNamed() throws Exception {
        for (String wrong : List.of("prod", "../base", "dev/..")) {
            Result result = run(Map.of(), "make", "-s", "kube_diff", "ENV=" + wrong);

            assertThat(result.code()).isNotZero();
            assertThat(result.out()).contains("ENV=" + wrong, "dev production staging");
        }
    }

    @Test
    void theManifestsAreInOneFileWithTheImageThatWasAskedFor() throws Exception {
        Path file = Path.of("target/kube/staging.yaml");
        String digest = "sha256:" + "0a".repeat(32);
        for (String image : List.of("reg.example.com:5000/p/bailey:1.2", "reg.example.com/bailey@" + digest)) {
            Result result = run(Map.of("IMAGE", image), "scripts/kube", "config", "staging");

            assertThat(result).isEqualTo(new Result(0, file + ": 28 objects.\n"));
            assertThat(Files.readString(file)).contains("image: " + image + "\n");
        }
    }

    @Test
    void withoutAnImageTheyAreWhatKustomizeMakesOfTheOverlay() throws Exception {
        assertThat(run(Map.of(), "scripts/kube", "config", "dev").code()).isZero();

        assertThat(Rendered.parse(Files.readString(Path.of("target/kube/dev.yaml"))))
                .isEqualTo(Rendered.overlay("dev").objects());
    }

    @Test
    void anImageWithoutATagIsRefused() throws Exception {
        Result result = run(Map.of("IMAGE", "reg.example.com:5000/bailey"), "scripts/kube", "config", "dev");

        assertThat(result.code()).isNotZero();
        assertThat(result.out()).contains("IMAGE=reg.example.com:5000/bailey has neither a tag nor a digest.");
    }
}
