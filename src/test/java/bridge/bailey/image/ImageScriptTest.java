package bridge.bailey.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code make docker_build} and {@code docker_push}, with an engine that only tells how it was called. */
class ImageScriptTest {

    @TempDir
    private Path bin;

    private record Result(int code, String text) {}

    private Result run(String action, Map<String, String> settings) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("scripts/image", action).redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeAll(Set.of(
                        "REGISTRY", "IMAGE", "TAG", "ENGINE", "JDK_IMAGE", "JDK_DIGEST", "BASE_IMAGE", "BASE_DIGEST"));
        builder.environment().putAll(settings);
        builder.environment().merge("PATH", bin + ":", (path, first) -> first + path);
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), text);
    }

    private void engine(String name, String script) throws IOException {
        Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(bin.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void latestIsNotPushed() throws Exception {
        engine("podman", "echo \"$@\"");
        Result result = run("push", Map.of("ENGINE", "podman", "REGISTRY", "example.com", "TAG", "latest"));
        assertThat(result.code()).isOne();
        assertThat(result.text()).contains("TAG=latest is not pushed").doesNotContain("push example.com");
    }

    @Test
    void theNameIsMadeOfRegistryImageAndTagOrIsGivenWhole() throws Exception {
        engine("podman", "echo \"$@\"");
        assertThat(run("push", Map.of("ENGINE", "podman", "REGISTRY", "example.com/team/", "TAG", "0.1.0"))
                        .text())
                .contains("push example.com/team/bailey:0.1.0\n");
        assertThat(run("push", Map.of("ENGINE", "podman", "IMAGE", "example.com:5000/b:1.2.3"))
                        .text())
                .contains("push example.com:5000/b:1.2.3\n");
    }

    /** The application is not built for this: the script only looks whether it is there. */
    private Result build(Map<String, String> settings) throws IOException, InterruptedException {
        Path jar = Path.of("target/quarkus-app/quarkus-run.jar");
        boolean missing = !Files.exists(jar);
        if (missing) {
            Files.createDirectories(jar.getParent());
            Files.createFile(jar);
        }
        try {
            return run("build", settings);
        } finally {
            if (missing) {
                Files.delete(jar);
            }
        }
    }

    @Test
    void digestsThatAreNotGivenAreLookedUpAndTold() throws Exception {
        String one = "sha256:" + "1".repeat(64);
        String two = "sha256:" + "2".repeat(64);
        engine(
                "podman",
                """
                case $1 in
                    image) echo "example.com/other@%s" ;;
                    build) echo "$@" ;;
                esac"""
                        .formatted(one));
        Result result = build(Map.of("ENGINE", "podman", "TAG", "0.1.0", "BASE_DIGEST", two));
        assertThat(result.code()).as(result.text()).isZero();
        assertThat(result.text())
                .contains("JDK_DIGEST=" + one + "\n", "BASE_DIGEST=" + two + "\n", "Built bailey:0.1.0.")
                .containsPattern("build --build-arg JDK_IMAGE=\\S+ --build-arg JDK_DIGEST=" + one
                        + " --build-arg BASE_IMAGE=\\S+ --build-arg BASE_DIGEST=" + two + " .* --tag bailey:0.1.0 \\.");
    }

    @Test
    void buildahTellsDigestsByWordsOfItsOwn() throws Exception {
        String digest = "sha256:" + "3".repeat(64);
        engine(
                "buildah",
                """
                case $1 in
                    inspect) printf %%s "%s" ;;
                    build) echo "$@" ;;
                esac"""
                        .formatted(digest));
        assertThat(build(Map.of("ENGINE", "buildah")).text())
                .contains("--build-arg JDK_DIGEST=" + digest, "--build-arg BASE_DIGEST=" + digest);
    }

    @Test
    void aBaseThatCanNotBePulledOrHasNoDigestStopsTheBuild() throws Exception {
        engine("podman", "[ $1 != pull ]");
        Result away = build(Map.of("ENGINE", "podman"));
        assertThat(away.code()).isOne();
        assertThat(away.text()).contains("can't be pulled").contains("JDK_DIGEST or BASE_DIGEST");

        engine("podman", "[ $1 != build ] || echo built");
        Result local = build(Map.of("ENGINE", "podman"));
        assertThat(local.code()).isOne();
        assertThat(local.text()).contains("JDK_DIGEST= is no digest").doesNotContain("built");
    }

    @Test
    void withoutATagItIsTheVersion() throws Exception {
        engine("podman", "echo \"$@\"");
        assertThat(run("push", Map.of("ENGINE", "podman", "REGISTRY", "example.com"))
                        .text())
                .containsPattern("push example\\.com/bailey:[0-9]+\\.[0-9]+\\.[0-9]+");
    }

    @Test
    void aClientOfDockerWithoutItsDaemonIsNoEngine() throws Exception {
        engine("docker", "exit 1");
        Result result = run("push", Map.of("ENGINE", "docker", "REGISTRY", "example.com"));
        assertThat(result.code()).isOne();
        assertThat(result.text()).contains("its daemon does not answer").contains("make image_tar");
    }
}
