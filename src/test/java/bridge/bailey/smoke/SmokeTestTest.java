package bridge.bailey.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.groups.Tuple.tuple;

import bridge.bailey.local.Ports;
import bridge.bailey.smoke.Result.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Rcode;

/** What is told of a target, by a real socket; time passes only while the test waits. */
class SmokeTestTest {

    private static final Duration WAIT = Duration.ofSeconds(30);

    private final TinyServer server = new TinyServer();
    private final AtomicLong clock = new AtomicLong();
    private final List<Runnable> meanwhile = new ArrayList<>();

    @AfterEach
    void stop() {
        server.close();
    }

    private List<Result> run() throws InterruptedException {
        return run(server.url(), Optional.empty(), Set.of());
    }

    private List<Result> run(String url, Optional<String> dns, Set<String> names) throws InterruptedException {
        Patience patience = new Patience(WAIT, clock::get, time -> {
            clock.addAndGet(time.toNanos());
            meanwhile.forEach(Runnable::run);
        });
        List<Result> told = new ArrayList<>();
        List<Result> results = new SmokeTest(Target.of(url, Optional.of("t0ken")), dns, names, patience).run(told::add);
        assertThat(told).isEqualTo(results);
        assertThat(results.toString()).doesNotContain("t0ken", "secret");
        return results;
    }

    private static Result only(List<Result> results, String name) {
        return results.stream()
                .filter(result -> result.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void ofAServiceWhatIsThereIsLookedAtAndTheRestIsSkipped() throws InterruptedException {
        server.json("/health", "{\"status\": \"UP\"}").text("/metrics", "up 1\n");

        List<Result> results = run();

        assertThat(results)
                .extracting(Result::name, Result::verdict, Result::detail)
                .containsExactly(
                        tuple(
                                "answers",
                                Verdict.PASSED,
                                "no Bailey; what it has of /health, /metrics and /info is looked at"),
                        tuple("health", Verdict.PASSED, "UP"),
                        tuple("metrics", Verdict.PASSED, "1 series of 1 names"),
                        tuple("info", Verdict.SKIPPED, "/info is not there"));
        assertThat(SmokeTest.passed(results)).isTrue();
        assertThat(clock.get()).isZero();
    }

    @Test
    void whereNothingIsThereTheAddressIsDoubted() throws InterruptedException {
        List<Result> results = run();

        assertThat(SmokeTest.passed(results)).isFalse();
        assertThat(results.get(results.size() - 1).detail()).contains("is it the right TARGET_URL?");
    }

    @Test
    void whatIsNotYetWellIsAskedAgainForAsLongAsOneMayWait() throws InterruptedException {
        server.json("/info", "{\"version\": \"7\"}").page("/health", 503, "application/json", "{\"status\": \"DOWN\"}");
        meanwhile.add(() -> {
            if (clock.get() > WAIT.toNanos() / 2) {
                server.json("/health", "{\"status\": \"UP\"}");
            }
        });

        assertThat(SmokeTest.passed(run())).isTrue();
        assertThat(Duration.ofNanos(clock.get())).isBetween(WAIT.dividedBy(2), WAIT);
    }

    @Test
    void theWaitIsOneForAllStepsTogether() throws InterruptedException {
        server.page("/health", 500, "text/plain", "broken").page("/metrics", 500, "text/plain", "broken");

        List<Result> results = run();

        assertThat(results).filteredOn(Result::failed).extracting(Result::name).containsExactly("health", "metrics");
        assertThat(only(results, "health").detail()).isEqualTo("/health answers with status 500: broken");
        assertThat(Duration.ofNanos(clock.get())).isLessThanOrEqualTo(WAIT);
    }

    @Test
    void aServiceThatSaysThatItIsDownIsNotWellWhateverItsStatus() throws InterruptedException {
        server.json("/health", "{\"status\": \"DOWN\"}");

        assertThat(only(run(), "health").detail()).isEqualTo("/health says DOWN");
    }

    @Test
    void whoDoesNotAnswerIsAskedNothingMore() throws InterruptedException {
        int nobody = Ports.free();

        List<Result> results = run("http://user:secret@127.0.0.1:" + nobody, Optional.empty(), Set.of());

        assertThat(results).hasSize(1);
        assertThat(results.get(0).detail())
                .isEqualTo("http://127.0.0.1:" + nobody + " does not answer: connection refused");
        assertThat(Duration.ofNanos(clock.get())).isGreaterThan(WAIT.minusSeconds(1));
    }

    @Test
    void aWebSiteARedirectAndALoginAreToldAtOnce() throws InterruptedException {
        server.page("/info", 200, "text/html", "<!doctype html><title>Shop</title>");
        assertThat(only(run(), "answers").detail()).contains("is a page for people (HTML)", "a login or a proxy");

        server.redirect("/info", "https://user:secret@sso.example.com/login?token=secret");
        assertThat(only(run(), "answers").detail())
                .isEqualTo(
                        "/info redirects to https://sso.example.com/login: give the address behind that as TARGET_URL");

        server.page("/info", 401, "text/plain", "");
        assertThat(only(run(), "answers").detail())
                .contains("status 401", "credentials that were given are not accepted");
        assertThat(clock.get()).as("nobody waited").isZero();
    }

    @Test
    void credentialsAreSentAndNeverTold() throws InterruptedException {
        run();
        assertThat(server.authorizations()).containsOnly("Bearer t0ken");
        server.authorizations().clear();

        run("http://user:secret@" + server.address() + "/", Optional.empty(), Set.of());
        assertThat(server.authorizations()).containsOnly("Basic dXNlcjpzZWNyZXQ=");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8080",
        "ftp://user:secret@host",
        "http://",
        "http://user:secret@ho st",
        "//host",
        "http:///path?token=secret"
    })
    void whatIsNoAddressIsToldWithoutItsSecrets(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Target.of(url, Optional.empty()))
                .withMessageContaining("TARGET_URL = \"")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }

    private void bailey(String instances) {
        server.json("/info", "{\"name\": \"bailey\", \"version\": \"1\", \"revision\": \"r\", \"cluster\": \"c\"}")
                .json(
                        "/api/services",
                        "{\"services\": [{\"namespace\": \"shop\", \"name\": \"users\", \"consulName\": \"users\","
                                + " \"status\": \"UP\"}]}")
                .json("/api/services/shop/users", "{\"instances\": [" + instances + "]}");
    }

    private static String entry(String address, String status) {
        return "{\"became\": [{\"in\": \"consul\", \"how\": \"held\", \"name\": \"c/shop/users/" + address
                + ":8080\", \"why\": \"" + status + "\"}]}";
    }

    @Test
    void whatIsMissingInABaileyIsToldByName() throws InterruptedException {
        bailey("");
        server.text("/metrics", "bailey_leader 1\n");

        List<Result> results = run();

        assertThat(only(results, "answers").detail()).isEqualTo("bailey 1 (r), cluster c");
        assertThat(only(results, "metrics").detail())
                .startsWith("/metrics lacks bailey_build_info, bailey_owned, bailey_passes_total");
        assertThat(only(results, "ready").detail()).isEqualTo("/health/ready answers with status 404");
        assertThat(only(results, "api").verdict()).isEqualTo(Verdict.PASSED);
        assertThat(only(results, "board").verdict()).isEqualTo(Verdict.FAILED);
    }

    @Test
    void theAnswersOfDnsAreComparedWithWhatBaileyRegistered() throws InterruptedException {
        bailey(entry("10.0.0.1", "passing") + "," + entry("10.0.0.2", "warning") + "," + entry("10.0.0.3", "critical"));
        try (TinyDns dns = new TinyDns().name("users.service.consul", "10.0.0.1", "10.0.0.2", "10.0.9.9")) {
            assertThat(dns(dns).detail()).as("all of them, by TCP").isEqualTo("3 addresses, 1 of them not Bailey's");

            dns.name("users.service.consul", "10.0.0.1");
            assertThat(dns(dns).detail())
                    .isEqualTo("users.service.consul lacks 10.0.0.2, which Bailey says is registered and serves");

            dns.name("users.service.consul", "10.0.0.1", "10.0.0.2", "10.0.0.3");
            assertThat(dns(dns).detail())
                    .isEqualTo("users.service.consul has 10.0.0.3, which Bailey says is critical: does a resolver keep"
                            + " answers?");

            dns.name("users.service.consul");
            assertThat(dns(dns).verdict()).isEqualTo(Verdict.FAILED);
        }
    }

    private Result dns(TinyDns dns) throws InterruptedException {
        return only(run(server.url(), Optional.of(dns.address()), Set.of()), "dns users");
    }

    @Test
    void aServerThatDoesNotAskConsulIsToldAsSuch() throws InterruptedException {
        bailey(entry("10.0.0.1", "passing"));
        try (TinyDns dns = new TinyDns().refusing(Rcode.REFUSED)) {
            assertThat(dns(dns).detail()).contains("answers Refused(5) for users.service.consul: does it ask Consul?");
        }
    }

    @Test
    void aNameThatWasAskedForAndIsNotExportedIsAFailure() throws InterruptedException {
        bailey(entry("10.0.0.1", "passing"));
        try (TinyDns dns = new TinyDns().name("users.service.consul", "10.0.0.1")) {
            List<Result> results = run(server.url(), Optional.of(dns.address()), Set.of("users", "user"));

            assertThat(only(results, "dns users").verdict()).isEqualTo(Verdict.PASSED);
            assertThat(only(results, "dns user").detail()).isEqualTo("Bailey exports no service of this name");
        }
    }

    @Test
    void namesOfAServiceThatIsNoBaileyAreAskedFor() throws InterruptedException {
        server.json("/health", "{}");
        try (TinyDns dns = new TinyDns().name("users.service.consul", "10.0.0.1")) {
            List<Result> results = run(server.url(), Optional.of(dns.address()), Set.of("users", "gone"));

            assertThat(only(results, "dns users").detail()).isEqualTo("1 address");
            assertThat(only(results, "dns gone").detail()).isEqualTo("gone.service.consul has no address");
        }
    }
}
