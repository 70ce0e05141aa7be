package bridge.bailey.probe;

import bridge.bailey.model.Printable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Date;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Verifies certificates as the JDK does, and says in words what is wrong with one. The authorities are read when the first
 * certificate comes, which is on a worker thread: those of the JVM take a tenth of a second.
 */
final class TrustedCertificate extends X509ExtendedTrustManager {

    private final String ca;
    private X509ExtendedTrustManager verifier;

    /**
     * Reads nothing yet.
     *
     * @param ca the authorities in PEM; "" for those of the JVM
     */
    TrustedCertificate(String ca) {
        this.ca = ca;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        X509ExtendedTrustManager jdk = verifier();
        try {
            jdk.checkServerTrusted(chain, type, engine);
        } catch (CertificateException e) {
            throw new CertificateProblem(problem(jdk, chain, type, engine.getPeerHost()), e);
        }
    }

    private static String problem(X509ExtendedTrustManager jdk, X509Certificate[] chain, String type, String name) {
        X509Certificate leaf = chain[0];
        try {
            leaf.checkValidity();
        } catch (CertificateExpiredException e) {
            return "certificate expired on " + day(leaf.getNotAfter());
        } catch (CertificateNotYetValidException e) {
            return "certificate is not valid before " + day(leaf.getNotBefore());
        }
        try {
            jdk.checkServerTrusted(chain, type);
            return "certificate is not for " + Printable.of(name);
        } catch (CertificateException e) {
            return selfSigned(leaf) ? "certificate is self-signed" : "certificate is not from a trusted authority";
        }
    }

    private static LocalDate day(Date date) {
        return date.toInstant().atZone(ZoneOffset.UTC).toLocalDate();
    }

    private static boolean selfSigned(X509Certificate certificate) {
        try {
            certificate.verify(certificate.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private synchronized X509ExtendedTrustManager verifier() throws CertificateProblem {
        if (verifier == null) {
            verifier = read(ca);
        }
        return verifier;
    }

    private static X509ExtendedTrustManager read(String ca) throws CertificateProblem {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(ca.isEmpty() ? null : authorities(ca));
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateProblem("the probe's CA can't be read: it must hold certificates in PEM", e);
        }
    }

    private static KeyStore authorities(String ca) throws GeneralSecurityException, IOException {
        Collection<? extends Certificate> all = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(ca.getBytes(StandardCharsets.US_ASCII)));
        if (all.isEmpty()) {
            throw new CertificateException("no certificate");
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate one : all) {
            store.setCertificateEntry("ca-" + number++, one);
        }
        return store;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateProblem("not over a socket");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateProblem("not without its connection");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateProblem("not for clients");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateProblem("not for clients");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateProblem("not for clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
