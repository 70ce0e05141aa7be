package bridge.bailey.consul;

import com.orbitz.consul.Consul;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.HostnameVerifier;
import okhttp3.OkHttpClient;
import okhttp3.internal.tls.OkHostnameVerifier;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** The TLS side of a client: own CA, client certificate, server name. */
final class Tls {

    private Tls() {}

    /**
     * Configures our own client.
     *
     * @throws IllegalArgumentException if a file can't be read as what it should be; the message names it
     */
    static void configure(OkHttpClient.Builder client, ConsulSettings settings) {
        HandshakeCertificates certificates = certificates(settings);
        client.sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager());
        verifier(settings).ifPresent(client::hostnameVerifier);
    }

    /** Configures consul-client, likewise. */
    static void configure(Consul.Builder client, ConsulSettings settings) {
        HandshakeCertificates certificates = certificates(settings);
        client.withSslContext(certificates.sslContext()).withTrustManager(certificates.trustManager());
        verifier(settings).ifPresent(client::withHostnameVerifier);
    }

    private static Optional<HostnameVerifier> verifier(ConsulSettings settings) {
        if (!settings.verifyTls()) {
            return Optional.of((host, session) -> true);
        }
        return settings.tlsServerName()
                .map(name -> (host, session) -> OkHostnameVerifier.INSTANCE.verify(name, session));
    }

    private static HandshakeCertificates certificates(ConsulSettings settings) {
        HandshakeCertificates.Builder builder = new HandshakeCertificates.Builder();
        if (!settings.verifyTls()) {
            builder.addInsecureHost(settings.address().getHost());
        }
        settings.caFile().ifPresentOrElse(file -> addAll(builder, file), builder::addPlatformTrustedCertificates);
        settings.clientCertificate().ifPresent(file -> {
            Path key = settings.clientKey()
                    .orElseThrow(() -> new IllegalArgumentException("a client certificate needs a client key"));
            builder.heldCertificate(held(file, key));
        });
        return builder.build();
    }

    private static void addAll(HandshakeCertificates.Builder builder, Path file) {
        try {
            for (Certificate certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))) {
                builder.addTrustedCertificate((X509Certificate) certificate);
            }
        } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException("the CA file " + file + " can't be read: " + e.getMessage(), e);
        }
    }

    private static HeldCertificate held(Path certificate, Path key) {
        try {
            return HeldCertificate.decode(Files.readString(certificate, StandardCharsets.US_ASCII)
                    + Files.readString(key, StandardCharsets.US_ASCII));
        } catch (IOException | IllegalArgumentException e) {
            // The cause's message may quote the key.
            throw new IllegalArgumentException(
                    "the client certificate " + certificate + " or its key " + key
                            + " can't be read: both must be PEM, the key in PKCS #8",
                    e instanceof IOException ? e : null);
        }
    }
}
