package bridge.bailey.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ExplainCommandTest {

    private static final String DETAIL =
            """
            {"takenAt": "2026-11-23T08:00:00Z",
             "service": {"namespace": "shop", "name": "billing", "status": "DEGRADED",
               "legacy": {"healthy": 2, "unhealthy": 1, "draining": 0, "unknown": 0},
               "since": "2026-11-23T07:00:00Z", "changed": "2026-11-23T07:59:20Z",
               "verdict": {"shift": %s, "stopVms": false, "reasons": []}},
             "consulNames": ["billing"], "staleSources": [],
             "rules": [{"rule": "vms-unhealthy", "blocks": ["stop-vms"], "text": "1 of 3 VMs unhealthy for 40 s"}],
             "notes": ["cron jobs are not seen"], "toConsul": "exported", "toKubernetes": "mirrored",
             "decisions": [{"about": "name", "value": "billing", "by": "bailey.export.name-pattern {name}"}],
             "serviceType": "", "mirrorType": "ClusterIP", "declaredBy": ["LegacyService shop/billing"],
             "origins": [{"origin": "static", "instances": 3, "error": ""}],
             "ports": [{"side": "legacy", "name": "http", "port": 80, "protocol": "TCP", "targetPorts": [8080]}],
             "instances": [{"side": "legacy", "id": "@|red billing-1|@", "address": "10.20.0.11:8080",
               "origin": "static", "node": "", "zone": "a", "state": "unhealthy", "since": "2026-11-23T07:59:20Z",
               "reason": "connection refused\\nFORGED", "disagreement": false,
               "opinions": [{"by": "probe", "state": "unhealthy", "why": "connection refused"}],
               "became": [{"in": "kubernetes", "how": "held", "name": "shop/billing/10.20.0.11:8080", "why": "not ready"},
                          {"in": "consul", "how": "left-out", "name": "", "why": "no LegacyService asks for it"}],
               "probe": {"target": "10.20.0.11:8080", "check": "TCP connection", "intervalSeconds": 10.0,
                 "timeoutSeconds": 0.5, "rise": 2, "fall": 3, "measured": "unhealthy", "suspected": true,
                 "failures": [{"at": "2026-11-23T07:59:50Z", "reason": "connection refused"}]}}],
             "changes": [], "withheld": [], "findings": ["LegacyService shop/billing spec: to be mended"]}
            """;

    private final AtomicReference<String> body = new AtomicReference<>(DETAIL.formatted("true"));
    private final AtomicReference<String> asked = new AtomicReference<>("");
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private HttpServer server;
    private int status = 200;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.set(exchange.getRequestURI().toString());
            byte[] bytes = body.get().getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private int execute(String... arguments) {
        return executeAt("http://127.0.0.1:" + server.getAddress().getPort() + "/", arguments);
    }

    private int executeAt(String url, String... arguments) {
        CommandLine line = Cli.line(null);
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--url";
        all[arguments.length + 1] = url;
        return line.execute(all);
    }

    @Test
    void explainLaysOutWhatTheDaemonTells() {
        assertThat(execute("explain", "shop/billing")).isZero();
        assertThat(asked.get()).isEqualTo("/api/services/shop/billing");
        assertThat(out.toString())
                .isEqualTo(
                        """
                        shop/billing  DEGRADED
                          in Consul       billing
                                          exported
                          in the cluster  mirror of type ClusterIP
                          mirror          mirrored
                          declared by     LegacyService shop/billing
                          origin          static, instances: 3
                          port            legacy http 80 → 8080 TCP
                          seen since      2026-11-23T07:00:00Z
                          last change     2026-11-23T07:59:20Z
                          taken at        2026-11-23T08:00:00Z

                                      healthy  unhealthy  draining  unknown
                          kubernetes  -        -          -         -
                          legacy      2        1          0         0

                        Verdict
                          safe to shift: yes
                          safe to stop the VMs: no
                            - 1 of 3 VMs unhealthy for 40 s (vms-unhealthy)
                          note: cron jobs are not seen

                        Instances
                          legacy @|red billing-1|@ 10.20.0.11:8080 unhealthy since 2026-11-23T07:59:20Z
                            why            connection refused\uFFFDFORGED
                            from           static, zone a
                            says probe     unhealthy: connection refused
                            in kubernetes  held: shop/billing/10.20.0.11:8080, not ready
                            in consul      left-out: no LegacyService asks for it
                            probe          TCP connection of 10.20.0.11:8080, every 10 s within 0.5 s, rise 2, fall 3; \
                        the last good verdict is kept: too many fail at once
                            failed         2026-11-23T07:59:50Z connection refused

                        Decided
                          name  billing  bailey.export.name-pattern {name}

                        To be mended
                          LegacyService shop/billing spec: to be mended
                        """);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theVerdictEndsWithZeroOnlyIfEachStepAskedForIsSafe() {
        assertThat(execute("verdict", "shop/billing")).isEqualTo(2);
        assertThat(execute("verdict", "shop/billing", "--for", "shift")).isZero();
        assertThat(execute("verdict", "shop/billing", "--for", "stop-vms")).isEqualTo(2);
        body.set(DETAIL.formatted("false"));
        assertThat(execute("verdict", "shop/billing", "--for", "shift")).isEqualTo(2);
    }

    @Test
    void theVerdictAsJsonHasBothStepsAndTheRules() throws Exception {
        assertThat(execute("verdict", "-o", "json", "shop/billing")).isEqualTo(2);
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.get("shift").asBoolean()).isTrue();
        assertThat(json.get("stopVms").asBoolean()).isFalse();
        assertThat(json.at("/rules/0/rule").asText()).isEqualTo("vms-unhealthy");
        assertThat(json.get("namespace").asText()).isEqualTo("shop");
    }

    @Test
    void namesAreEncodedSoThatTheyAskForNothingElse() {
        execute("explain", "a b/..?x=1#y");
        assertThat(asked.get()).isEqualTo("/api/services/a%20b/..%3Fx%3D1%23y");
    }

    @Test
    void anUnknownServiceIsAnErrorInTheDaemonsWords() {
        status = 404;
        body.set("{\"error\": \"Service a/b is unknown\"}");
        assertThat(execute("verdict", "a/b")).isEqualTo(1);
        assertThat(err.toString()).contains("Service a/b is unknown");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void anotherServerThanBaileyIsToldApart() {
        status = 404;
        body.set("<html>nothing here</html>");
        assertThat(execute("explain", "a/b")).isEqualTo(1);
        assertThat(err.toString()).contains("is no Bailey that has this command: status 404");
        status = 200;
        body.set("[1, 2]");
        assertThat(execute("explain", "a/b")).isEqualTo(1);
    }

    @Test
    void anErrorOfTheDaemonIsTold() {
        status = 503;
        body.set("{\"error\": \"not now\"}");
        assertThat(execute("explain", "a/b")).isEqualTo(1);
        assertThat(err.toString()).contains("status 503: not now");
    }

    @Test
    void noDaemonIsAnErrorThatSaysWhereItWasLookedFor() {
        server.stop(0);
        assertThat(execute("explain", "a/b")).isEqualTo(1);
        assertThat(err.toString()).contains("Bailey at http://127.0.0.1:", "does not answer", "BAILEY_URL");
    }

    @Test
    void anAddressThatIsNoneIsToldAsSuch() {
        for (String url : new String[] {"nonsense", "ftp://x", "http://", "http://a b"}) {
            assertThat(executeAt(url, "explain", "a/b")).as(url).isEqualTo(1);
        }
        assertThat(err.toString()).contains("--url = \"nonsense\"", "must be like http://localhost:8080");
    }

    @Test
    void coloursAreForTerminals() {
        assertThat(new Colours(false).of("no", "no")).isEqualTo("no");
        assertThat(new Colours(true).of("no", "no")).contains("\u001b[").contains("no");
        assertThat(new Colours(true).of("something else", "x")).isEqualTo("x");
    }
}
