package bridge.bailey.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code make kube_…} says and writes, without a cluster: where one is asked, a script plays kubectl. */
class KubeScriptTest {

    private record Result(int code, String out) {}

    private static Result run(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(arguments).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("IMAGE", "YES", "RENAME", "KUBECONFIG"));
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

    @Test
    void whatIsNoNameOfAnImageIsRefused() throws Exception {
        for (String image : List.of(
                "reg.example.com/bailey:",
                "reg.example.com/bai ley:1",
                "bailey:1'",
                "reg.example.com/bailey@sha256:abc")) {
            Result result = run(Map.of("IMAGE", image), "scripts/kube", "config", "dev");

            assertThat(result.code()).isNotZero();
            assertThat(result.out()).contains("IMAGE=" + image + " is not the name of an image");
        }
    }

    @Test
    void aKubeconfigThatIsNotThereIsNamed(@TempDir Path folder) throws Exception {
        Result result = inCluster(folder, "", Map.of("KUBECONFIG", "/is/not/there"), "diff", "dev");

        assertThat(result.code()).isNotZero();
        assertThat(result.out()).contains("KUBECONFIG=/is/not/there: there is no such file.");
    }

    @Test
    void aClusterInWhichBaileyHasAnotherNameIsLeftAlone(@TempDir Path folder) throws Exception {
        for (String action : List.of("diff", "apply", "delete")) {
            Result result = inCluster(folder, "", Map.of("YES", "yes"), action, "dev");

            assertThat(result.code()).isNotZero();
            assertThat(result.out())
                    .contains("Bailey runs as \"production\"", "BAILEY_CLUSTER=dev", "Nothing was changed.")
                    .doesNotContain("unexpected");
        }
    }

    @Test
    void whatAnotherOverlayLeftIsToldWithTheCommandThatRemovesIt(@TempDir Path folder) throws Exception {
        String left =
                """
                *"diff --server-side"*) exit 0 ;;
                *"get namespace bailey"*) ;;
                *"get -A -l"*)
                    echo "ClusterRole          <none>  bailey-export"
                    echo "ClusterRoleBinding   <none>  bailey-export-ingress"
                    echo "Ingress              bailey  bailey-board" ;;
                """;
        Result result = inCluster(folder, left, Map.of("RENAME", "yes"), "diff", "dev");

        assertThat(result.out())
                .contains("No difference.")
                .contains("not in k8s/overlays/dev: kubectl delete clusterrolebinding bailey-export-ingress\n")
                .contains("not in k8s/overlays/dev: kubectl -n bailey delete ingress bailey-board\n")
                .doesNotContain("delete clusterrole bailey-export", "unexpected");
        assertThat(result.code()).isZero();
    }

    /** With a kubectl that renders as the real one does, and knows of one Deployment and what these branches of a case say. */
    private static Result inCluster(Path folder, String branches, Map<String, String> more, String action, String env)
            throws IOException, InterruptedException {
        String path = System.getenv("PATH");
        Path kubectl = folder.resolve("kubectl");
        Files.writeString(
                kubectl,
                """
                #!/bin/sh
                case "$*" in
                %s
                *current-context*) echo test ;;
                *"config view"*) echo https://192.0.2.1 ;;
                kustomize*|"version --client"*) PATH='%s' exec kubectl "$@" ;;
                version*) ;;
                *"get deployment bailey"*configMapRef*) echo bailey-1 ;;
                *"get deployment bailey"*image*) echo reg.example.com/bailey:1 ;;
                *"get configmap bailey-1"*) echo production ;;
                *) echo "unexpected: $*"; exit 1 ;;
                esac
                """
                        .formatted(branches, path));
        assertThat(kubectl.toFile().setExecutable(true)).isTrue();
        Map<String, String> environment = new HashMap<>(more);
        environment.put("PATH", folder + File.pathSeparator + path);
        return run(environment, "scripts/kube", action, env);
    }
}
