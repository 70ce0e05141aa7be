package bridge.bailey.probe;

import java.security.cert.CertificateException;

/** Why a certificate is not accepted; the message is for people. */
final class CertificateProblem extends CertificateException {

    CertificateProblem(String reason) {
        super(reason);
    }

    CertificateProblem(String reason, Throwable cause) {
        super(reason, cause);
    }
}
