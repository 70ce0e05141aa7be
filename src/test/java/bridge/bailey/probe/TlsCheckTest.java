package bridge.bailey.probe;

import static bridge.bailey.probe.Authority.dns;
import static bridge.bailey.probe.Authority.ip;
import static bridge.bailey.probe.Checking.HOST;
import static bridge.bailey.probe.Checking.SHORT;
import static bridge.bailey.probe.Checking.await;
import static bridge.bailey.probe.ProbeResult.TIMEOUT;
import static bridge.bailey.probe.ProbeResult.TLS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.Probe.Check;
import bridge.bailey.model.Probe.Encryption;
import bridge.bailey.probe.Authority.Identity;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TlsCheckTest {

    private static final Authority AUTHORITY = new Authority("Bailey test");

    private final Checking checking = new Checking();
    private final BlockingQueue<String> serverNames = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        checking.close();
    }

    private static Check get(String host, Encryption encryption) {
        return new Check.Http("", "/health", host, 200, 299, encryption);
    }

    private static Encryption trusted() {
        return new Encryption.Verified(AUTHORITY.certificate());
    }

    private int serve(Identity identity) {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setSni(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(identity.certificate()))
                        .addKeyValue(Buffer.buffer(identity.key())));
        return await(checking.vertx
                        .createHttpServer(options)
                        .requestHandler(request -> {
                            serverNames.add(String.valueOf(request.connection().indicatedServerName()));
                            request.response().end();
                        })
                        .listen(0, HOST))
                .actualPort();
    }

    private static Outcome problem(String reason) {
        return new Outcome(TLS, reason);
    }

    @Test
    void aCertificateOfTheGivenAuthorityForTheAddressPasses() {
        int port = serve(AUTHORITY.issue(ip(HOST)));

        assertThat(checking.run(port, get("", trusted()))).isEqualTo(Outcome.PASSED);
        assertThat(serverNames).containsExactly("null");
    }

    @Test
    void theHostIsTheNameThatIsAskedForAndVerified() throws InterruptedException {
        int port = serve(AUTHORITY.issue(dns("billing.internal"), dns("billing")));

        assertThat(checking.run(port, get("billing.internal", trusted()))).isEqualTo(Outcome.PASSED);
        assertThat(serverNames.poll(20, SECONDS)).isEqualTo("billing.internal");
        assertThat(checking.run(port, get("billing", trusted()))).isEqualTo(Outcome.PASSED);
        assertThat(serverNames.poll(20, SECONDS)).isEqualTo("billing");
    }

    @Test
    void aCertificateForAnotherNameFails() {
        int port = serve(AUTHORITY.issue(dns("users.internal")));

        assertThat(checking.run(port, get("billing.internal", trusted())))
                .isEqualTo(problem("certificate is not for billing.internal"));
        assertThat(checking.run(port, get("", trusted()))).isEqualTo(problem("certificate is not for 127.0.0.1"));
    }

    @Test
    void anExpiredCertificateFailsWithItsDay() {
        int port = serve(AUTHORITY.issueExpired(ip(HOST)));

        LocalDate yesterday = LocalDate.now(ZoneOffset.UTC).minusDays(1);
        assertThat(checking.run(port, get("", trusted())).reason())
                .isIn("certificate expired on " + yesterday, "certificate expired on " + yesterday.minusDays(1));
    }

    @Test
    void aCertificateOfTomorrowFails() {
        int port = serve(AUTHORITY.issueEarly(ip(HOST)));

        assertThat(checking.run(port, get("", trusted())).reason()).startsWith("certificate is not valid before ");
    }

    @Test
    void aSelfSignedCertificateFailsUnlessItIsTheAuthority() {
        Identity alone = Authority.selfSigned(ip(HOST));
        int port = serve(alone);

        assertThat(checking.run(port, get("", trusted()))).isEqualTo(problem("certificate is self-signed"));
        assertThat(checking.run(port, get("", new Encryption.Verified(""))))
                .isEqualTo(problem("certificate is self-signed"));
        assertThat(checking.run(port, get("", new Encryption.Verified(alone.certificate()))))
                .isEqualTo(Outcome.PASSED);
    }

    @Test
    void aCertificateOfAnotherAuthorityFails() {
        int port = serve(new Authority("Somebody").issue(ip(HOST)));

        assertThat(checking.run(port, get("", trusted())))
                .isEqualTo(problem("certificate is not from a trusted authority"));
        assertThat(checking.run(port, get("", new Encryption.Verified(""))))
                .isEqualTo(problem("certificate is not from a trusted authority"));
    }

    @Test
    void withoutVerificationAnyCertificatePasses() {
        int port = serve(new Authority("Somebody").issueExpired(dns("other.internal")));

        assertThat(checking.run(port, get("billing.internal", new Encryption.Unverified())))
                .isEqualTo(Outcome.PASSED);
        assertThat(checking.run(port, get("", new Encryption.Unverified()))).isEqualTo(Outcome.PASSED);
    }

    @Test
    void anAuthorityThatCantBeReadFailsTheProbeAndSaysSo() {
        int port = serve(AUTHORITY.issue(ip(HOST)));

        for (String ca : new String[] {"nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
            assertThat(checking.run(port, get("", new Encryption.Verified(ca))))
                    .isEqualTo(problem("the probe's CA can't be read: it must hold certificates in PEM"));
        }
    }

    @Test
    void aServerThatSpeaksNoTlsIsToldAsThat() {
        int port = await(checking.vertx
                        .createHttpServer()
                        .requestHandler(request -> request.response().end())
                        .listen(0, HOST))
                .actualPort();

        assertThat(checking.run(port, get("", trusted())))
                .isEqualTo(problem("TLS handshake failed: the answer is not TLS"));
    }

    @Test
    void aHandshakeThatNobodyAnswersTimesOut() {
        int port = await(checking.vertx
                        .createNetServer()
                        .connectHandler(socket -> {})
                        .listen(0, HOST))
                .actualPort();

        assertThat(checking.run(port, get("", trusted()), SHORT))
                .isEqualTo(new Outcome(TIMEOUT, "timed out after 1 s"));
    }
}
