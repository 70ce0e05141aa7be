package bridge.bailey.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** scripts/coredns-consul, with a kubectl that keeps one ConfigMap in a file: nothing of the Corefile is lost. */
class CorednsConsulTest {

    private static final ObjectMapper YAML = new YAMLMapper();
    private static final String KUBEADM =
            """
            .:53 {
                errors
                health {
                   lameduck 5s
                }
                kubernetes cluster.local in-addr.arpa ip6.arpa {
                   pods insecure
                   ttl 30
                }
                forward . /etc/resolv.conf {
                   max_concurrent 1000
                }
                cache 30
                reload
            }
            """;

    @TempDir
    Path folder;

    private Path corefile;
    private Path patch;

    private record Result(int code, String said) {}

    @BeforeEach
    void kubectl() throws IOException {
        corefile = folder.resolve("Corefile");
        patch = folder.resolve("patch.yaml");
        String script =
                """
                #!/bin/sh
                case "$*" in
                *" get configmap "*) echo 41; cat %1$s ;;
                *" patch configmap "*--type\\ merge*) for last; do :; done; cp "$last" %2$s ;;
                esac
                """
                        .formatted(corefile, patch);
        Path kubectl = Files.writeString(folder.resolve("kubectl"), script);
        Files.setPosixFilePermissions(kubectl, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(corefile, KUBEADM);
    }

    private Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("scripts/coredns-consul"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("KUBECTL", folder.resolve("kubectl").toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), said);
    }

    /** What the patch makes of the Corefile, which becomes what the next run reads. */
    private String patched() throws IOException {
        JsonNode tree = YAML.readTree(patch.toFile());
        assertThat(tree.at("/metadata/resourceVersion").asText())
                .as("so that nobody's change is lost")
                .isEqualTo("41");
        assertThat(tree.path("data")).as("other keys stay as they are").hasSize(1);
        String text = tree.at("/data/Corefile").asText();
        Files.writeString(corefile, text);
        return text;
    }

    @Test
    void theBlockIsAddedAfterWhatIsThereAndTakenOutAgain() throws IOException, InterruptedException {
        assertThat(run("add", "10.0.0.1:8600", "[2001:db8::1]:8600").code()).isZero();

        assertThat(patched())
                .startsWith(KUBEADM)
                .contains(
                        "\nconsul:53 {\n",
                        "\n    forward . 10.0.0.1:8600 [2001:db8::1]:8600 {\n",
                        "\n        force_tcp\n    }\n}\n")
                .doesNotContain("10.20.0.11");

        assertThat(run("remove").code()).isZero();
        assertThat(patched()).isEqualTo(KUBEADM);
    }

    @Test
    void addingTwiceChangesNothingAndOtherAddressesReplaceThose() throws IOException, InterruptedException {
        run("add", "10.0.0.1:8600");
        String once = patched();
        Files.delete(patch);

        assertThat(run("add", "10.0.0.1:8600")).isEqualTo(new Result(0, "Nothing to change.\n"));
        assertThat(patch).doesNotExist();

        run("add", "10.0.0.2:8600");
        assertThat(patched()).isEqualTo(once.replace("10.0.0.1", "10.0.0.2"));
    }

    @Test
    void thePortAndTheBindOfTheClusterAreKept() throws IOException, InterruptedException {
        Files.writeString(
                corefile, "# Mine\n.:1053 {\n    bind 169.254.20.10 10.96.0.10\n    forward . /etc/resolv.conf\n}");

        run("add", "10.0.0.1");

        assertThat(patched())
                .startsWith("# Mine\n.:1053 {\n")
                .contains("}\n# Begin", "consul:1053 {\n    bind 169.254.20.10 10.96.0.10\n    errors\n");
    }

    @Test
    void aDiffChangesNothing() throws IOException, InterruptedException {
        Result result = run("diff", "10.0.0.1:8600");

        assertThat(result.code()).isZero();
        assertThat(result.said().lines().skip(2)).contains("+consul:53 {").noneMatch(line -> line.startsWith("-"));
        assertThat(patch).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"consul:53 {", "consul.:53 {", "consul {", "example.org consul:53 {", "dns://consul:53 {"})
    void aBlockForConsulThatIsNotOursIsLeftAlone(String block) throws IOException, InterruptedException {
        Files.writeString(corefile, KUBEADM + block + "\n    forward . 10.9.9.9\n}\n");

        Result result = run("add", "10.0.0.1:8600");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.said()).contains("kube-system/coredns already has a server block for consul");
        assertThat(patch).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"consul.example.com:8600", "10.0.0.1:8600; rm", "10.0.0.1/8", ""})
    void whatIsNoAddressIsRefused(String address) throws IOException, InterruptedException {
        Result result = run("add", address);

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.said()).contains("CoreDNS forwards to IP addresses");
        assertThat(patch).doesNotExist();
    }

    @Test
    void aConfigMapWithoutACorefileIsLeftAlone() throws IOException, InterruptedException {
        Files.writeString(corefile, "");

        Result result = run("add", "10.0.0.1:8600");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.said()).contains("ConfigMap kube-system/coredns has no Corefile", "Nothing was changed");
    }
}
