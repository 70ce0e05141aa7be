package bridge.bailey.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bridge.bailey.consul.ConsulSettings;
import bridge.bailey.consul.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The variables of Consul's own tools: https://developer.hashicorp.com/consul/commands#environment-variables. */
class ConsulEnvironmentTest {

    private static final String TOKEN = "2ea1b9a8-s3cr3t";

    @TempDir
    private Path folder;

    private String file;

    @BeforeEach
    void writeFile() throws IOException {
        file = Files.writeString(folder.resolve("file"), "x").toString();
    }

    @Test
    void withoutVariablesItIsTheAgentOfThisMachine() throws ConfigException {
        ConsulSettings consul = consul(Map.of());
        assertThat(consul.address()).hasToString("http://127.0.0.1:8500");
        assertThat(consul.verifyTls()).isTrue();
        assertThat(consul.token()).isEmpty();
        assertThat(consul.tokenFile()).isEmpty();
        assertThat(consul.caFile()).isEmpty();
        assertThat(consul.clientCertificate()).isEmpty();
        assertThat(consul.clientKey()).isEmpty();
        assertThat(consul.tlsServerName()).isEmpty();
    }

    @ParameterizedTest(name = "{0}, SSL {1}: {2}")
    @CsvSource({
        "consul:8500,               ,      http://consul:8500",
        "consul:8501,               true,  https://consul:8501",
        "consul:8501,               1,     https://consul:8501",
        "consul:8501,               false, http://consul:8501",
        "10.0.0.9:8500,             ,      http://10.0.0.9:8500",
        "[fd00::9]:8500,            ,      http://[fd00::9]:8500",
        "consul,                    ,      http://consul:8500",
        "http://consul:8500,        ,      http://consul:8500",
        "http://consul:8500/,       ,      http://consul:8500",
        "http://consul:8501,        true,  https://consul:8501",
        "https://consul:8501,       ,      https://consul:8501",
        "https://consul:8501,       false, https://consul:8501",
        "https://consul.example.com, ,     https://consul.example.com:443",
        "http://consul.example.com, ,      http://consul.example.com:80",
    })
    void theAddressIsReadAsConsulsToolsReadIt(String address, String ssl, String expected) throws ConfigException {
        Map<String, String> variables = ssl == null
                ? Map.of("CONSUL_HTTP_ADDR", address)
                : Map.of("CONSUL_HTTP_ADDR", address, "CONSUL_HTTP_SSL", ssl);
        assertThat(consul(variables).address()).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unix:///var/run/consul.sock",
                "ftp://consul:8500",
                "http://consul:8500/proxy",
                "consul:port",
                "http://",
                "con sul:8500",
                ":8500"
            })
    void anAddressThatCannotBeReadIsAProblem(String address) {
        assertThat(onlyProblem(Map.of("CONSUL_HTTP_ADDR", address)).text())
                .startsWith("CONSUL_HTTP_ADDR = \"" + address + "\"; allowed: host:port, http://host:port or https://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://admin:s3cr3t@consul:8500", "admin:s3cr3t@consul:8500", "http://s3cr3t@con sul"})
    void credentialsInTheAddressAreAProblemAndNotShown(String address) {
        assertThat(onlyProblem(Map.of("CONSUL_HTTP_ADDR", address)).toString()).doesNotContain("s3cr3t");
    }

    @ParameterizedTest
    @CsvSource({"CONSUL_HTTP_SSL, yes", "CONSUL_HTTP_SSL_VERIFY, no"})
    void aSwitchIsTrueOrFalse(String name, String value) {
        assertThat(onlyProblem(Map.of(name, value)).text())
                .isEqualTo(name + " = \"" + value + "\"; allowed: true or false");
    }

    @ParameterizedTest
    @CsvSource({"false, false", "0, false", "true, true", "1, true", "'', true"})
    void theCertificateIsVerifiedUnlessTurnedOff(String value, boolean expected) throws ConfigException {
        assertThat(consul(Map.of("CONSUL_HTTP_SSL_VERIFY", value)).verifyTls()).isEqualTo(expected);
    }

    @Test
    void theFilesOfTlsAreRead() throws ConfigException {
        ConsulSettings consul = consul(Map.of(
                "CONSUL_CACERT", file,
                "CONSUL_CLIENT_CERT", file,
                "CONSUL_CLIENT_KEY", file,
                "CONSUL_TLS_SERVER_NAME", "server.dc1.consul"));
        assertThat(consul.caFile()).hasValue(Path.of(file));
        assertThat(consul.clientCertificate()).hasValue(Path.of(file));
        assertThat(consul.clientKey()).hasValue(Path.of(file));
        assertThat(consul.tlsServerName()).hasValue("server.dc1.consul");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONSUL_CACERT", "CONSUL_HTTP_TOKEN_FILE"})
    void aFileThatIsMissingIsAProblem(String name) {
        assertThat(onlyProblem(Map.of(name, "/no/such/file")).text())
                .isEqualTo(name + " = \"/no/such/file\"; allowed: the path of a readable file");
    }

    @ParameterizedTest
    @CsvSource({"CONSUL_CLIENT_CERT, CONSUL_CLIENT_KEY", "CONSUL_CLIENT_KEY, CONSUL_CLIENT_CERT"})
    void aClientCertificateAndItsKeyGoTogether(String given, String missing) {
        Problem problem = onlyProblem(Map.of(given, file));
        assertThat(problem.key()).isEqualTo(missing);
        assertThat(problem.text()).contains("has no value", "go together");
    }

    @Test
    void theTokenIsReadAndNeverShown() throws ConfigException {
        ConsulSettings consul = consul(Map.of("CONSUL_HTTP_TOKEN", TOKEN));
        assertThat(consul.token()).hasValue(TOKEN);
        assertThat(consul.toString()).doesNotContain(TOKEN);
        assertThat(consul.withMaxOps(OptionalInt.of(3)).toString()).doesNotContain(TOKEN);
    }

    @Test
    void theTokenIsInNoProblem() {
        ConfigException e = catchThrowableOfType(
                ConfigException.class,
                () -> Configs.settings(
                        List.of(Configs.properties(Map.of("bailey.resync", "often", "bailey.consul.tokn", TOKEN))),
                        Map.of(
                                "CONSUL_HTTP_TOKEN",
                                TOKEN,
                                "CONSUL_HTTP_ADDR",
                                "http://x:" + TOKEN + "@consul",
                                "CONSUL_CACERT",
                                "/no/such/file",
                                "KUBECONFIG",
                                "/no/such/file")));
        assertThat(e.problems()).hasSize(5).allSatisfy(problem -> assertThat(problem.toString())
                .doesNotContain(TOKEN));
        assertThat(e.toString()).doesNotContain(TOKEN);
    }

    @Test
    void theTokenFileOfOurKeyCountsForMore() throws ConfigException, IOException {
        String other = Files.writeString(folder.resolve("other"), "x").toString();
        assertThat(consul(Map.of("CONSUL_HTTP_TOKEN_FILE", file)).tokenFile()).hasValue(Path.of(file));
        assertThat(Configs.settings(
                                List.of(Configs.properties(Map.of("bailey.consul.token-file", other))),
                                Map.of("CONSUL_HTTP_TOKEN_FILE", file))
                        .consul()
                        .tokenFile())
                .hasValue(Path.of(other));
    }

    @Test
    void aLoginNamesItsAuthMethodAndWhoLogsIn() throws ConfigException {
        Login login = Configs.settings(
                        List.of(Configs.properties(Map.of(
                                "bailey.consul.login.auth-method",
                                "kube",
                                "bailey.consul.login.bearer-token-file",
                                file))),
                        Map.of())
                .consul()
                .login()
                .orElseThrow();
        assertThat(login).isEqualTo(new Login("kube", Path.of(file), Map.of("bailey-cluster", Configs.CLUSTER)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONSUL_HTTP_TOKEN", "CONSUL_HTTP_TOKEN_FILE", "bailey.consul.token-file"})
    void aLoginAndATokenExcludeEachOther(String given) {
        Map<String, String> keys = new HashMap<>(
                Map.of("bailey.consul.login.auth-method", "kube", "bailey.consul.login.bearer-token-file", file));
        Map<String, String> variables = new HashMap<>();
        (given.startsWith("bailey") ? keys : variables).put(given, file);
        ConfigException e = catchThrowableOfType(
                ConfigException.class, () -> Configs.settings(List.of(Configs.properties(keys)), variables));
        assertThat(e.problems()).singleElement().satisfies(problem -> assertThat(problem.text())
                .isEqualTo("bailey.consul.login.auth-method = \"kube\"; a login gives a token, but one is given by "
                        + given + " too: remove either"));
    }

    @Test
    void aLoginNeedsItsBearerToken() {
        ConfigException e = catchThrowableOfType(
                ConfigException.class,
                () -> Configs.settings(
                        List.of(Configs.properties(Map.of(
                                "bailey.consul.login.auth-method", "kube",
                                "bailey.consul.login.bearer-token-file", "/no/such/file"))),
                        Map.of()));
        assertThat(e.problems()).singleElement().satisfies(problem -> assertThat(problem.text())
                .startsWith("bailey.consul.login.bearer-token-file = \"/no/such/file\""));
    }

    @ParameterizedTest
    @CsvSource({
        "http://user:p/s3cr3t@consul:8500, http://…@consul:8500",
        "http://consul:8500/?token=s3cr3t, http://consul:8500/?…",
        "user:s3cr3t@consul:8500, …@consul:8500"
    })
    void whatMayBeASecretInTheAddressIsNotShown(String address, String shown) {
        assertThat(onlyProblem(Map.of("CONSUL_HTTP_ADDR", address)).text())
                .startsWith("CONSUL_HTTP_ADDR = \"" + shown + "\"; ")
                .doesNotContain("s3cr3t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONSUL_HTTP_TOKEN_FILE", "CONSUL_CACERT", "bailey.consul.token-file"})
    void whoeverGivesASecretForAFileDoesNotReadItInAnError(String name) {
        String secret = "-----BEGIN KEY-----\nc2VjcmV0/YWJj\n";
        Map<String, String> keys = name.startsWith("bailey") ? Map.of(name, secret) : Map.of();
        Map<String, String> variables = name.startsWith("bailey") ? Map.of() : Map.of(name, secret);
        ConfigException e = catchThrowableOfType(
                ConfigException.class, () -> Configs.settings(List.of(Configs.properties(keys)), variables));
        assertThat(e.getMessage()).contains(name + " = \"…\"").doesNotContain("c2Vj");
    }

    @Test
    void anEmptyVariableIsAsGoodAsNone() throws ConfigException {
        ConsulSettings consul = consul(Map.of(
                "CONSUL_HTTP_ADDR", "",
                "CONSUL_HTTP_TOKEN", "",
                "CONSUL_CACERT", "",
                "CONSUL_HTTP_SSL", "",
                "CONSUL_CLIENT_KEY", " "));
        assertThat(consul.address()).hasToString("http://127.0.0.1:8500");
        assertThat(consul.token()).isEmpty();
        assertThat(consul.caFile()).isEmpty();
    }

    private static ConsulSettings consul(Map<String, String> variables) throws ConfigException {
        return Configs.settings(List.of(), variables).consul();
    }

    private static Problem onlyProblem(Map<String, String> variables) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> consul(variables));
        assertThat(e).as("an exception that lists the problems").isNotNull();
        assertThat(e.problems()).hasSize(1);
        return e.problems().get(0);
    }
}
