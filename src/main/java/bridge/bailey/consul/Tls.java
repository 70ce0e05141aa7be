package bridge.bailey.consul;

import com.orbitz.consul.Consul;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import okhttp3.internal.tls.OkHostnameVerifier;

/**
 * The TLS side of a client: own CA, client certificate, server name. PEM files are read by Vert.x, which knows keys in
 * PKCS #1, PKCS #8 and SEC 1, and certificates with their chain.
 */
public final class Tls {

    private final SSLContext context;
    private final X509TrustManager trust;
    private final Optional<HostnameVerifier> verifier;

    private Tls(SSLContext context, X509TrustManager trust, Optional<HostnameVerifier> verifier) {
        this.context = context;
        this.trust = trust;
        this.verifier = verifier;
    }

    /**
     * Reads the files of the settings; empty if Consul is not reached by HTTPS.
     *
     * @throws IllegalArgumentException if a file is not what it should be; the message names it, and quotes nothing of it
     */
    public static Optional<Tls> of(ConsulSettings settings) {
        if (!"https".equals(settings.address().getScheme())) {
            return Optional.empty();
        }
        Vertx vertx = Vertx.vertx();
        try {
            X509TrustManager trust = settings.verifyTls() ? trust(settings.caFile(), vertx) : new TrustAll();
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(settings, vertx), new TrustManager[] {trust}, null);
            return Optional.of(new Tls(context, trust, verifier(settings)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("TLS can't be set up: " + e.getMessage(), e);
        } finally {
            vertx.close();
        }
    }

    private static X509TrustManager trust(Optional<Path> caFile, Vertx vertx) throws GeneralSecurityException {
        TrustManagerFactory factory;
        if (caFile.isPresent()) {
            try {
                factory = new PemTrustOptions()
                        .addCertPath(caFile.get().toString())
                        .getTrustManagerFactory(vertx);
            } catch (Exception e) {
                throw new IllegalArgumentException(
                        "the CA file " + caFile.get() + " can't be read: it must hold certificates in PEM", e);
            }
        } else {
            factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
        }
        X509TrustManager found = Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow();
        if (found.getAcceptedIssuers().length == 0) {
            throw new IllegalArgumentException(
                    "the CA file " + caFile.map(Path::toString).orElse("of the system") + " holds no certificate");
        }
        return found;
    }

    private static KeyManager[] keys(ConsulSettings settings, Vertx vertx) {
        if (settings.clientCertificate().isEmpty() || settings.clientKey().isEmpty()) {
            return new KeyManager[0];
        }
        Path certificate = settings.clientCertificate().get();
        Path key = settings.clientKey().get();
        try {
            return new PemKeyCertOptions()
                    .setCertPath(certificate.toString())
                    .setKeyPath(key.toString())
                    .getKeyManagerFactory(vertx)
                    .getKeyManagers();
        } catch (Exception e) {
            // Without the cause, whose message may quote the key.
            throw new IllegalArgumentException("the client certificate " + certificate + " or its key " + key
                    + " can't be read: both must be PEM, and the key not encrypted");
        }
    }

    private static Optional<HostnameVerifier> verifier(ConsulSettings settings) {
        if (!settings.verifyTls()) {
            return Optional.of((host, session) -> true);
        }
        return settings.tlsServerName()
                .map(name -> (host, session) -> OkHostnameVerifier.INSTANCE.verify(name, session));
    }

    /** Configures our own client. */
    void configure(OkHttpClient.Builder client) {
        client.sslSocketFactory(context.getSocketFactory(), trust);
        verifier.ifPresent(client::hostnameVerifier);
    }

    /** Configures consul-client, likewise. */
    void configure(Consul.Builder client) {
        client.withSslContext(context).withTrustManager(trust);
        verifier.ifPresent(client::withHostnameVerifier);
    }

    /** For CONSUL_HTTP_SSL_VERIFY=false, which says that anybody may pose as Consul. */
    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
