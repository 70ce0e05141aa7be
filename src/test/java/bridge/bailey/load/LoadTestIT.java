package bridge.bailey.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** scripts/load-test with a real wrk, on tiny servers: one fast, one slow, one that fails now and then, and one that is a Bailey. */
class LoadTestIT {

    /** So much that no loaded machine blurs it; and where percentiles are not to be judged, so much may they differ. */
    private static final int SLOW_MILLIS = 200;

    private static final String LENIENT = "20";
    private static final int EACH = 10;

    private static final Vertx VERTX = Vertx.vertx();
    private static String fast;
    private static String slow;
    private static String flaky;
    private static String broken;
    private static String bailey;

    @TempDir
    Path reports;

    private record Result(int code, String out, String err) {}

    @BeforeAll
    static void serve() throws ExecutionException, InterruptedException {
        for (String tool : List.of("wrk", "curl", "jq")) {
            Assumptions.assumeTrue(isThere(tool), "The load test needs " + tool + ": apt-get install wrk curl jq");
        }
        fast = server(0, 200, Integer.MAX_VALUE);
        slow = server(SLOW_MILLIS, 200, Integer.MAX_VALUE);
        flaky = server(0, 503, EACH);
        broken = server(0, 503, 1);
        bailey = url(VERTX.createHttpServer().requestHandler(request -> request.response()
                .end("{\"instances\": [" + instance("legacy", fast) + "," + instance("legacy", fast) + ","
                        + instance("kubernetes", slow) + "]}")));
    }

    @AfterAll
    static void stop() throws ExecutionException, InterruptedException {
        VERTX.close().toCompletionStage().toCompletableFuture().get();
    }

    private static boolean isThere(String tool) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }

    /** Answers after so long, and each so-many-th time with this status. */
    private static String server(int millis, int status, int each) throws ExecutionException, InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        return url(VERTX.createHttpServer().requestHandler(request -> {
            request.response().setStatusCode(asked.incrementAndGet() % each == 0 ? status : 200);
            if (millis == 0) {
                request.response().end("ok");
            } else {
                VERTX.setTimer(millis, timer -> request.response().end("ok"));
            }
        }));
    }

    private static String url(HttpServer server) throws ExecutionException, InterruptedException {
        return "http://127.0.0.1:"
                + server.listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get()
                        .actualPort();
    }

    private static String instance(String side, String url) {
        return "{\"side\": \"" + side + "\", \"state\": \"healthy\", \"address\": \""
                + url.substring("http://".length()) + ",9100\"}";
    }

    private Result run(Map<String, String> variables) throws IOException, InterruptedException {
        Path out = Files.createTempFile(reports, "out", "");
        Path err = Files.createTempFile(reports, "err", "");
        ProcessBuilder builder = new ProcessBuilder("scripts/load-test")
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        Map<String, String> all = new HashMap<>(Map.of(
                "DURATION", "1",
                "ROUNDS", "1",
                "WARMUP", "0",
                "LOAD_REPORTS", reports.resolve("load").toString()));
        all.putAll(variables);
        builder.environment().putAll(all);
        int code = builder.start().waitFor();
        return new Result(code, Files.readString(out), Files.readString(err));
    }

    private List<String> report(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(reports.resolve("load"))) {
            return Files.readAllLines(files.filter(file -> file.toString().endsWith(suffix))
                    .findFirst()
                    .orElseThrow());
        }
    }

    @Test
    void slowerPodsThanMachinesAreWorse() throws IOException, InterruptedException {
        Result result = run(Map.of("SERVICE", "shop/users", "BAILEY_URL", bailey, "MAX_RATIO", "2"));

        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.out())
                .contains("This puts load on what really serves: 4 connections", "old: " + fast + "/ " + fast + "/")
                .containsPattern("WORSE; p50 is [0-9.]+ ms, [0-9.]+ times the [0-9.]+ ms of the old side");
        List<String> rows = report(".csv");
        assertThat(rows)
                .hasSize(5)
                .first()
                .isEqualTo("side,run,url,requests,requests_per_second,errors,p50_ms,p90_ms,p99_ms,p999_ms,max_ms");
        assertThat(p50(rows, "new,all,")).isGreaterThanOrEqualTo(SLOW_MILLIS);
        assertThat(p50(rows, "old,all,")).isLessThan(p50(rows, "new,all,") / 2);
        assertThat(report(".txt")).anyMatch(line -> line.startsWith("WORSE"));
    }

    private static double p50(List<String> rows, String start) {
        String row =
                rows.stream().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
        return Double.parseDouble(row.split(",", -1)[6]);
    }

    @Test
    void aFasterNewSideIsNotWorse() throws IOException, InterruptedException {
        Result result = run(Map.of("OLD_URL", slow + "/", "NEW_URL", fast + "/", "MAX_RATIO", LENIENT));

        assertThat(result.code()).as(result.out() + result.err()).isZero();
        assertThat(result.out()).contains("Not worse").containsPattern("new/old +[0-9.]+ +0\\.");
    }

    @Test
    void moreErrorsAreWorseHoweverFast() throws IOException, InterruptedException {
        Result result = run(Map.of("OLD_URL", slow + "/", "NEW_URL", flaky + "/", "MAX_RATIO", LENIENT));

        assertThat(result.code()).as(result.out() + result.err()).isEqualTo(2);
        assertThat(result.out())
                .containsPattern("WORSE;.* errors: [0-9]+ of [0-9]+ requests, on the old side 0 of [0-9]+\\.");
    }

    @Test
    void oneTargetIsMeasuredWithoutAVerdictAndSeveralRunsAreOneFigure() throws IOException, InterruptedException {
        Result result = run(Map.of("TARGET_URL", slow + "/", "ROUNDS", "2"));

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).doesNotContain("WORSE", "Not worse");
        List<String> rows = report(".csv");
        int both = requests(rows, "target,1,") + requests(rows, "target,2,");
        assertThat(requests(rows, "target,all,")).isEqualTo(both);
    }

    private static int requests(List<String> rows, String start) {
        String row =
                rows.stream().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
        return Integer.parseInt(row.split(",", -1)[3]);
    }

    @Test
    void whatOnlyFailsIsNotMeasured() throws IOException, InterruptedException {
        Result result = run(Map.of("TARGET_URL", broken + "/"));

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains(broken + "/ gives no good answer", "Nothing was measured.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TARGET_URL | http://user:secret@127.0.0.1/ | LOAD_AUTHORIZATION",
                "TARGET_URL | 127.0.0.1 | must begin with http:// or https://",
                "NEW_URL | http://127.0.0.1/ | OLD_URL and NEW_URL belong together",
                "DURATION | 10s | DURATION=10s: must be a whole number from 1 to 600.",
                "CONNECTIONS | 5000 | CONNECTIONS=5000: must be a whole number from 1 to 1000.",
                "MAX_RATIO | 150% | MAX_RATIO=150%: must be a number such as 1.5.",
                "ROUNDS | 3 | TARGET_URL=http://users.example.com/health"
            })
    void whatCantBeRunIsToldWithWhatIsAllowed(String name, String value, String told)
            throws IOException, InterruptedException {
        Result result = run(Map.of(name, value));

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains(told).doesNotContain("secret");
        assertThat(result.out()).isEmpty();
    }
}
