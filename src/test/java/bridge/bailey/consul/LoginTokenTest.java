package bridge.bailey.consul;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often Bailey logs in, by a clock that the test moves. What the real Consul does is in {@code LoginIT}. */
class LoginTokenTest {

    private static final String BEARER = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJiYWlsZXkifQ.c2lnbmF0dXJl";
    private static final String LOGIN = "/v1/acl/login";

    @TempDir
    private Path folder;

    private final WireMockServer server = new WireMockServer(wireMockConfig().dynamicPort());
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
    private Path bearer;
    private ConsulHttp consul;

    @BeforeEach
    void start() throws IOException {
        server.start();
        bearer = Files.writeString(folder.resolve("bearer"), BEARER + "\n");
        consul = new ConsulHttp(settings(Optional.empty()), (kind, status, seconds) -> {}, nanos::get);
    }

    @AfterEach
    void stop() {
        consul.close();
        server.stop();
    }

    private ConsulSettings settings(Optional<String> datacenter) {
        return new ConsulSettings(
                URI.create(server.baseUrl()),
                datacenter,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Login("kube", bearer, Map.of("bailey-cluster", "east"))),
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(20),
                OptionalInt.empty());
    }

    /** Logins give the tokens s1, s2, …, each of which lives for a minute. */
    private void grant() {
        for (int i = 1; i <= 20; i++) {
            server.stubFor(post(urlPathEqualTo(LOGIN))
                    .inScenario("login")
                    .whenScenarioStateIs(i == 1 ? Scenario.STARTED : "s" + i)
                    .willSetStateTo("s" + (i + 1))
                    .willReturn(okJson(
                            """
                                    {"AccessorID": "a%d", "SecretID": "s%d", "CreateTime": "2026-11-23T10:00:00.5Z",
                                     "ExpirationTime": "2026-11-23T10:01:00.5Z"}"""
                                    .formatted(i, i))));
        }
        server.stubFor(post(urlPathEqualTo("/v1/acl/logout")).willReturn(okJson("true")));
        answer("[]");
    }

    private void answer(String nodes) {
        server.stubFor(get(urlPathEqualTo("/v1/catalog/nodes")).willReturn(okJson(nodes)));
    }

    private void unknown(String token) {
        server.stubFor(get(urlPathEqualTo("/v1/catalog/nodes"))
                .withHeader("X-Consul-Token", equalTo(token))
                .willReturn(aResponse().withStatus(403).withBody("ACL not found")));
    }

    private void ask() throws ConsulException {
        consul.nodes(Map.of());
    }

    private String lastToken() {
        return server.getAllServeEvents().stream()
                .map(event -> event.getRequest())
                .filter(request -> request.getUrl().startsWith("/v1/catalog"))
                .findFirst()
                .orElseThrow()
                .getHeader("X-Consul-Token");
    }

    private int logins() {
        return server.countRequestsMatching(
                        postRequestedFor(urlPathEqualTo(LOGIN)).build())
                .getCount();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void theFirstRequestLogsInAndTheNextOnesUseItsToken() throws ConsulException {
        grant();
        assertThat(logins()).isZero();
        ask();
        ask();
        assertThat(logins()).isEqualTo(1);
        assertThat(lastToken()).isEqualTo("s1");
        server.verify(postRequestedFor(urlPathEqualTo(LOGIN))
                .withoutHeader("X-Consul-Token")
                .withQueryParam("dc", absent())
                .withRequestBody(matchingJsonPath("$.AuthMethod", equalTo("kube")))
                .withRequestBody(matchingJsonPath("$.BearerToken", equalTo(BEARER)))
                .withRequestBody(matchingJsonPath("$.Meta.bailey-cluster", equalTo("east"))));
    }

    @Test
    void theLoginGoesToTheDatacenterThatIsWrittenTo() throws ConsulException {
        grant();
        try (ConsulHttp other = new ConsulHttp(settings(Optional.of("dc2")), (kind, status, seconds) -> {})) {
            other.nodes(Map.of());
        }
        server.verify(postRequestedFor(urlPathEqualTo(LOGIN)).withQueryParam("dc", equalTo("dc2")));
    }

    @Test
    void afterTwoThirdsOfItsLifeATokenIsRenewedWithTheBearerOfThen() throws IOException {
        grant();
        ask();
        Files.writeString(bearer, "renewed-bearer");
        pass(Duration.ofSeconds(39));
        ask();
        assertThat(logins()).isEqualTo(1);
        pass(Duration.ofSeconds(2));
        ask();
        assertThat(lastToken()).isEqualTo("s2");
        server.verify(postRequestedFor(urlPathEqualTo(LOGIN))
                .withRequestBody(matchingJsonPath("$.BearerToken", equalTo("renewed-bearer"))));
    }

    @Test
    void aTokenWithoutAnEndIsKept() throws ConsulException {
        server.stubFor(
                post(urlPathEqualTo(LOGIN)).willReturn(okJson("{\"AccessorID\": \"a1\", \"SecretID\": \"s1\"}")));
        answer("[]");
        ask();
        pass(Duration.ofDays(100));
        ask();
        assertThat(logins()).isEqualTo(1);
    }

    @Test
    void whileTheRenewalFailsTheOldTokenServesAndTriesGoOn() throws ConsulException {
        grant();
        ask();
        server.stubFor(post(urlPathEqualTo(LOGIN))
                .inScenario("login")
                .whenScenarioStateIs("s2")
                .willReturn(aResponse().withStatus(500).withBody("No cluster leader")));
        pass(Duration.ofSeconds(41));
        for (int i = 0; i < 5; i++) {
            ask();
        }
        assertThat(lastToken()).isEqualTo("s1");
        assertThat(logins()).isEqualTo(2);

        server.setScenarioState("login", "s3");
        pass(Duration.ofSeconds(2));
        ask();
        assertThat(lastToken()).isEqualTo("s3");
    }

    @Test
    void aTokenThatConsulNoLongerKnowsIsReplacedWithinTheRequest() throws ConsulException {
        grant();
        ask();
        unknown("s1");
        ask();
        assertThat(lastToken()).isEqualTo("s2");
        assertThat(logins()).isEqualTo(2);
    }

    @Test
    void tokensThatAreAlwaysUnknownLeadToFewLogins() {
        grant();
        for (int i = 1; i <= 20; i++) {
            unknown("s" + i);
        }
        for (int i = 0; i < 50; i++) {
            assertThatThrownBy(this::ask)
                    .hasMessageContaining(
                            "Consul does not know the token that the login by auth method \"kube\" gave, or no longer")
                    .isInstanceOfSatisfying(ConsulException.class, e -> assertThat(e.tokenIsUnknown())
                            .isTrue());
        }
        assertThat(logins()).isEqualTo(4);
        pass(Duration.ofSeconds(21));
        for (int i = 0; i < 50; i++) {
            assertThatThrownBy(this::ask).isInstanceOf(ConsulException.class);
        }
        assertThat(logins()).isEqualTo(5);
    }

    @Test
    void aRequestThatIsForbiddenLogsInNobody() {
        grant();
        server.stubFor(get(urlPathEqualTo("/v1/catalog/nodes"))
                .willReturn(aResponse().withStatus(403).withBody("Permission denied")));
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(this::ask).hasMessageContaining("403").hasMessageContaining("Permission denied");
        }
        assertThat(logins()).isEqualTo(1);
    }

    @Test
    void aFailedLoginIsTriedAgainAfterAPauseAndNamesTheAuthMethodAndConsulsWords() {
        server.stubFor(post(urlPathEqualTo(LOGIN))
                .willReturn(aResponse().withStatus(500).withBody("lookup failed: token " + BEARER + " expired")));
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(this::ask)
                    .hasMessage("the login to Consul by auth method \"kube\" failed: Consul at " + server.baseUrl()
                            + " answered 500: lookup failed: token … expired")
                    .isInstanceOfSatisfying(
                            ConsulException.class, e -> assertThat(e.status()).isEqualTo(ConsulException.NO_ANSWER));
        }
        assertThat(logins()).isEqualTo(1);
        pass(Duration.ofMillis(1100));
        assertThatThrownBy(this::ask).isInstanceOf(ConsulException.class);
        assertThat(logins()).isEqualTo(2);

        grant();
        pass(Duration.ofSeconds(16));
        assertThatCode(this::ask).doesNotThrowAnyException();
    }

    @Test
    void piecesOfTheBearerAreNotRepeatedEither() {
        server.stubFor(post(urlPathEqualTo(LOGIN))
                .willReturn(aResponse().withStatus(500).withBody("bad payload eyJzdWIiOiJiYWlsZXkifQ\nforged")));
        assertThatThrownBy(this::ask).hasMessageEndingWith("answered 500: bad payload …\uFFFDforged");
    }

    @Test
    void aBearerFileThatIsMissingOrEmptyIsNamed() throws IOException {
        Files.writeString(bearer, "");
        assertThatThrownBy(this::ask).hasMessageEndingWith("failed: the bearer token file " + bearer + " is empty");
        Files.delete(bearer);
        pass(Duration.ofSeconds(2));
        assertThatThrownBy(this::ask).hasMessageEndingWith("the bearer token file " + bearer + " can't be read");
    }

    @Test
    void theTokenIsGivenBackAtTheEndAndNoneIsGotAfterwards() throws ConsulException {
        grant();
        ask();
        consul.close();
        server.verify(
                1, postRequestedFor(urlPathEqualTo("/v1/acl/logout")).withHeader("X-Consul-Token", equalTo("s1")));
        assertThatThrownBy(this::ask).hasMessageContaining("has logged out");
        assertThat(logins()).isEqualTo(1);
    }

    @Test
    void anAnswerThatIsNoneIsNotQuoted() {
        server.stubFor(post(urlPathEqualTo(LOGIN)).willReturn(okJson("{\"SecretID\": \"s3cr3t\"")));
        assertThatThrownBy(this::ask)
                .hasMessageEndingWith("failed: the answer can't be read")
                .hasMessageNotContaining("s3cr3t")
                .hasNoCause();
    }
}
