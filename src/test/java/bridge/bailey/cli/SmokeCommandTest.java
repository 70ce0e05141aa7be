package bridge.bailey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.smoke.TinyServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command {@code smoke}: what it prints, writes and ends with. */
class SmokeCommandTest {

    private final TinyServer server = new TinyServer();
    private final StringWriter said = new StringWriter();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        server.close();
    }

    private int execute(String... arguments) {
        CommandLine line = Cli.line(null);
        line.setOut(new PrintWriter(said));
        line.setErr(new PrintWriter(said, true));
        return line.execute(arguments);
    }

    @Test
    void eachStepIsALineAndThePasswordIsInNoneOfThemNorInTheReport() throws Exception {
        server.json("/health", "{\"status\": \"UP\"}").text("/metrics", "up 1\nup{ 2\n");
        Path report = folder.resolve("smoke.xml");

        int code = execute(
                "smoke",
                "--url",
                "http://user:secret@" + server.address(),
                "--wait",
                "0",
                "--report",
                report.toString());

        assertThat(code).isEqualTo(1);
        assertThat(said.toString().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("Smoke test of " + server.url()),
                        line -> assertThat(line).matches("  (✓|ok {3}) answers +[0-9.]+ s  no Bailey.*"),
                        line -> assertThat(line).matches("  (✓|ok {3}) health +[0-9.]+ s  UP"),
                        line -> assertThat(line)
                                .matches("  (✗|FAIL) metrics +[0-9.]+ s  /metrics, line 2 can't be read.*"),
                        line -> assertThat(line).matches("  - +info +[0-9.]+ s  /info is not there"),
                        line -> assertThat(line).isEqualTo("2 passed, 1 failed, 1 skipped"),
                        line -> assertThat(line).isEqualTo("Report: " + report));
        assertThat(Files.readString(report)).contains("metrics").doesNotContain("secret");
        assertThat(server.authorizations()).allMatch(sent -> sent.startsWith("Basic "));
    }

    @Test
    void allWellEndsWithZero() {
        server.json("/health", "{\"status\": \"UP\"}");

        assertThat(execute("smoke", "--url", server.url(), "--wait", "0")).isZero();
        assertThat(said.toString()).endsWith("2 passed, 0 failed, 2 skipped" + System.lineSeparator());
    }

    @Test
    void withoutATargetItSaysWhatToGive() {
        assertThat(execute("smoke", "--url", "")).isEqualTo(1);
        assertThat(said.toString()).contains("Give TARGET_URL");
    }

    @Test
    void whatIsNoAddressIsToldWithoutItsPassword() {
        assertThat(execute("smoke", "--url", "https://user:secret@ho st")).isEqualTo(1);
        assertThat(said.toString())
                .contains("must be like http://localhost:8080")
                .doesNotContain("secret");
    }

    @Test
    void aVariableThatIsEmptyIsNoneAndAWrongOneIsToldWithWhatIsAllowed() {
        server.json("/health", "{}");

        assertThat(execute("smoke", "--url", server.url(), "--wait", "0", "--dns", "", "--report", ""))
                .isZero();
        assertThat(execute("smoke", "--url", server.url(), "--wait", "0", "--dns", "consul"))
                .isEqualTo(1);
        assertThat(said.toString()).contains("must be host:port, such as 127.0.0.1:8600");
        assertThat(execute("smoke", "--url", server.url(), "--wait", "-1")).isEqualTo(1);
        assertThat(said.toString()).contains("--wait = -1: must be a number of seconds, 0 or more.");
    }
}
