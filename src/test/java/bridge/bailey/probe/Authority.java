package bridge.bailey.probe;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority that lives as long as a test. */
public final class Authority {

    private static final AtomicLong SERIALS = new AtomicLong(1);

    private final X500Name name;
    private final KeyPair keys = keys();
    private final String certificate;

    /** A certificate and its key, in PEM. */
    public record Identity(String certificate, String key) {}

    public Authority(String commonName) {
        name = new X500Name("CN=" + commonName);
        certificate = sign(name, keys, name, true, valid(1), new GeneralName[0]);
    }

    /** Its own certificate, in PEM. */
    public String certificate() {
        return certificate;
    }

    public Identity issue(GeneralName... names) {
        return issue(valid(1), names);
    }

    /** A certificate that expired a day ago. */
    Identity issueExpired(GeneralName... names) {
        return issue(valid(-1), names);
    }

    /** A certificate that is valid from tomorrow on. */
    Identity issueEarly(GeneralName... names) {
        Instant now = Instant.now();
        return issue(new Validity(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2))), names);
    }

    private Identity issue(Validity validity, GeneralName... names) {
        KeyPair own = keys();
        return new Identity(sign(new X500Name("CN=server"), own, name, false, validity, names), pem(own));
    }

    /** A certificate that its own key has signed. */
    static Identity selfSigned(GeneralName... names) {
        KeyPair own = keys();
        X500Name self = new X500Name("CN=alone");
        return new Identity(sign(self, own, self, own, false, valid(1), names), pem(own));
    }

    public static GeneralName ip(String address) {
        return new GeneralName(GeneralName.iPAddress, address);
    }

    static GeneralName dns(String name) {
        return new GeneralName(GeneralName.dNSName, name);
    }

    private record Validity(Instant from, Instant to) {}

    private static Validity valid(int days) {
        Instant now = Instant.now();
        return new Validity(now.minus(Duration.ofDays(30)), now.plus(Duration.ofDays(days)));
    }

    private String sign(
            X500Name subject, KeyPair own, X500Name issuer, boolean ca, Validity validity, GeneralName... names) {
        return sign(subject, own, issuer, keys, ca, validity, names);
    }

    private static String sign(
            X500Name subject,
            KeyPair own,
            X500Name issuer,
            KeyPair signer,
            boolean ca,
            Validity validity,
            GeneralName... names) {
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    BigInteger.valueOf(SERIALS.getAndIncrement()),
                    Date.from(validity.from()),
                    Date.from(validity.to()),
                    subject,
                    own.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
            if (names.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            return pem(new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()))));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(KeyPair keys) {
        try {
            return pem(new JcaPKCS8Generator(keys.getPrivate(), null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
