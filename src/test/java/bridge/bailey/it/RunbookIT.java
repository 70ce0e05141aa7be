package bridge.bailey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bridge.bailey.local.Ports;
import bridge.bailey.local.RunLocal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Does what docs/migration-runbook.md says, in its order, in {@code make run_local}, and compares what it shows. */
@DisabledIfEnvironmentVariable(
        named = "BAILEY_TEST_KUBECONFIG",
        matches = ".+",
        disabledReason = "the rehearsal has machines on loopback addresses, which a real API server refuses")
class RunbookIT {

    private static final Path RUNBOOK = Path.of("docs", "migration-runbook.md");
    private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    /** These are not done twice; all others are repeated until they show what they should. */
    private static final Pattern CHANGES = Pattern.compile("kubectl (patch|apply|delete)|curl -s -X POST");

    @TempDir
    static Path run;

    private static Process local;

    /**
     * A command of the runbook.
     *
     * @param shown the lines below it
     */
    private record Command(String text, List<String> shown) {

        /** An ellipsis stands for anything in its line; on a line of its own, for any lines. */
        Pattern pattern() {
            return Pattern.compile(shown.stream()
                    .map(line -> line.equals("…")
                            ? "(?s:.*?)"
                            : Stream.of(line.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*"))
                                    + "\\s*?(\\n|\\z)")
                    .collect(Collectors.joining()));
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (local != null) {
            local.destroy();
            if (!local.waitFor(10, TimeUnit.SECONDS)) {
                local.destroyForcibly().waitFor();
            }
        }
    }

    private static List<MatchResult> blocks() throws IOException {
        Matcher blocks = BLOCK.matcher(Files.readString(RUNBOOK));
        List<MatchResult> all = new ArrayList<>();
        while (blocks.find()) {
            all.add(blocks.toMatchResult());
        }
        return all;
    }

    @Test
    void whatIsNotExecutedSaysWhatItNeeds() throws IOException {
        for (MatchResult block : blocks()) {
            if (!block.group(1).equals("console")) {
                assertThat(block.group(1)).isEqualTo("sh");
                assertThat(block.group(2)).startsWith("# elsewhere: ");
            }
        }
    }

    @Test
    void eachCommandShowsWhatTheRunbookSays() throws Exception {
        assumeTrue(isThere("kubectl"), "kubectl is not on the PATH");
        assumeTrue(isThere("dig"), "dig is not on the PATH");
        List<Command> commands = new ArrayList<>();
        for (MatchResult block : blocks()) {
            if (block.group(1).equals("console")) {
                commands.addAll(commands(block.group(2)));
            }
        }
        assertThat(commands).hasSizeGreaterThan(20);

        startLocal();
        for (Command command : commands) {
            if (CHANGES.matcher(command.text()).find()) {
                assertThat(execute(command.text())).as(command.text()).matches(command.pattern());
            } else {
                await(command.text()).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> assertThat(
                                execute(command.text()))
                        .as(command.text())
                        .matches(command.pattern()));
            }
        }
    }

    private static List<Command> commands(String block) {
        List<Command> all = new ArrayList<>();
        for (String line : block.lines().toList()) {
            if (line.startsWith("$ ")) {
                all.add(new Command(line.substring(2), new ArrayList<>()));
            } else {
                all.get(all.size() - 1).shown().add(line);
            }
        }
        return all;
    }

    private static boolean isThere(String program) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "command -v " + program).start().waitFor() == 0;
    }

    private static void startLocal() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        RunLocal.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(run.resolve("log").toFile());
        builder.environment().remove("KUBECONFIG");
        builder.environment().remove("CONSUL_HTTP_ADDR");
        builder.environment()
                .putAll(Map.of(
                        "RUN_FOLDER", run.toString(),
                        "HTTP_PORT", port(),
                        "CONSUL_PORT", port(),
                        "DNS_PORT", port(),
                        "KUBERNETES_PORT", port(),
                        "MACHINES_PORT", port(),
                        "EC2_PORT", port(),
                        "PROMETHEUS_PORT", port(),
                        "BAILEY_VERDICT_WINDOW", "5s",
                        "BAILEY_VERDICT_DNS_TTL", "3s"));
        local = builder.start();
        await().until(() -> {
            assertThat(local.isAlive()).as(Files.readString(run.resolve("log"))).isTrue();
            return Files.readString(run.resolve("log")).contains("Stop with Ctrl-C.");
        });
    }

    private static String port() {
        return Integer.toString(Ports.free());
    }

    private static String execute(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", ". " + run.resolve("env") + "; " + command)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
