package bridge.bailey.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What can be known of the image without building it. */
class DockerfileTest {

    private final Dockerfile dockerfile = Dockerfile.read();

    @Test
    void eachBaseIsNamedWithADigestThatHasNoDefault() {
        assertThat(dockerfile.all("FROM"))
                .hasSize(2)
                .allMatch(from -> from.matches("\\$\\{\\w+_IMAGE}@\\$\\{\\w+_DIGEST}( AS \\w+)?"));
        assertThat(dockerfile.all("ARG"))
                .contains("JDK_DIGEST", "BASE_DIGEST")
                .noneMatch(arg -> arg.contains("DIGEST="));
    }

    @Test
    void itRunsAsANumberThatIsNotZero() {
        assertThat(dockerfile.last("USER")).hasSize(1).allMatch(user -> user.matches("[1-9][0-9]*:[1-9][0-9]*"));
    }

    @Test
    void nothingIsFetchedAndNoSecretIsAnArgument() {
        assertThat(dockerfile.all("ADD")).isEmpty();
        assertThat(dockerfile.all("RUN")).noneMatch(run -> run.matches(".*(curl|wget|apt|https?:).*"));
        List<String> values = new ArrayList<>(dockerfile.all("ARG"));
        values.addAll(dockerfile.all("ENV"));
        assertThat(values).noneMatch(value -> value.matches("(?i).*(secret|token|password|_key).*"));
    }

    @Test
    void whatIsCopiedIsThereAndIsNotIgnored() throws IOException {
        List<String> sent = Files.readAllLines(Path.of(".dockerignore"));
        assertThat(sent.get(0)).isEqualTo("*");
        List<String> copied = dockerfile.all("COPY").stream()
                .filter(copy -> !copy.startsWith("--from"))
                .map(copy -> copy.split(" ", -1)[0])
                .toList();
        assertThat(copied).isNotEmpty().allSatisfy(path -> {
            assertThat(sent).contains("!" + path);
            // What is built may not be there when this runs.
            assertThat(path.startsWith("target/") || Files.exists(Path.of(path)))
                    .as(path)
                    .isTrue();
        });
        assertThat(sent.subList(1, sent.size())).hasSameSizeAs(copied);
    }

    @Test
    void theEntrypointStartsTheJarThatTheDocsNameByFlagsThatTheVirtualMachineKnows() throws Exception {
        List<String> entrypoint = dockerfile.entrypoint();
        assertThat(entrypoint).startsWith("/opt/java/bin/java").endsWith("-jar", "/app/quarkus-run.jar");
        List<String> flags = entrypoint.subList(1, entrypoint.size() - 2);
        assertAccepted(flags);
        assertAccepted(words(Files.readString(Path.of("image", "bailey.args"))));
    }

    @Test
    void aCommandInheritsNothingOfTheDaemon() throws IOException {
        assertThat(dockerfile.all("ENV")).noneMatch(env -> env.matches(".*(JAVA_TOOL|JDK_JAVA|_JAVA)_OPTIONS.*"));
        assertThat(words(Files.readString(Path.of("image", "bailey.args")))).contains("-Xmx96m");
    }

    @Test
    void jibBuildsTheSame() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        assertThat(pom)
                .contains("<entrypoint>" + String.join(",", dockerfile.entrypoint()) + "</entrypoint>")
                .contains("<user>" + dockerfile.last("USER").get(0) + "</user>")
                .contains("<workingDirectory>" + dockerfile.last("WORKDIR").get(0) + "</workingDirectory>");
        for (String pair : dockerfile.last("ENV").get(0).split(" +", -1)) {
            String[] parts = pair.split("=", 2);
            assertThat(pom).contains("<" + parts[0] + ">" + parts[1] + "</" + parts[0] + ">");
        }
    }

    private static List<String> words(String file) {
        return Arrays.stream(file.replaceAll("(?m)^#.*$", "").strip().split("\\s+", -1))
                .filter(word -> !word.equals("-jar"))
                .toList();
    }

    /** By the Java of the tests, which may be older than the image's and know no such cache. */
    private static void assertAccepted(List<String> flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                flags.stream().filter(flag -> !flag.startsWith("-XX:AOTCache=")).toList());
        command.add("-version");
        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(java.getInputStream().readAllBytes(), UTF_8);
        assertThat(java.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(java.exitValue()).as(said).isZero();
    }
}
