package bridge.bailey.model;

import java.time.Duration;

/**
 * How the instances of a legacy service are probed.
 *
 * @param interval between the beginnings of two probes of one instance
 * @param timeout of one probe, from its beginning to its verdict
 * @param rise passes in a row until an instance is healthy
 * @param fall failures in a row until it is unhealthy
 * @param initially what a new instance is taken for until its first verdict
 */
public record Probe(Check check, Duration interval, Duration timeout, int rise, int fall, Health initially) {

    /** What one probe does. */
    public sealed interface Check {

        /** The name of the Service's port that is probed; "" for the first one. */
        String port();

        /** What it does, in a few words. */
        String text();

        /** Passes if a connection is accepted. */
        record Tcp(String port) implements Check {
            @Override
            public String text() {
                return "TCP connection";
            }
        }

        /**
         * Passes if a GET is answered with an expected status. Redirects are not followed: they have a status too.
         *
         * @param host the Host header, and with TLS the name in the certificate; "" for the instance's address
         * @param least the least expected status, and
         * @param most the greatest
         */
        record Http(String port, String path, String host, int least, int most, Encryption encryption)
                implements Check {
            @Override
            public String text() {
                return (encryption instanceof Encryption.None ? "HTTP" : "HTTPS") + " GET " + path
                        + (host.isEmpty() ? "" : " of " + host) + ", expecting "
                        + (least == most ? least : least + "-" + most);
            }
        }

        /**
         * Passes if the service of the gRPC health checking protocol ({@code grpc.health.v1.Health/Check}) says SERVING.
         *
         * @param service the service asked about; "" for the server as a whole
         */
        record Grpc(String port, String service, Encryption encryption) implements Check {
            @Override
            public String text() {
                return "gRPC health check" + (service.isEmpty() ? "" : " of " + service)
                        + (encryption instanceof Encryption.None ? "" : ", with TLS");
            }
        }
    }

    /** Whether a probe speaks TLS, and whose certificates it trusts. */
    public sealed interface Encryption {
        /** No TLS. */
        record None() implements Encryption {}

        /** TLS with a certificate that is not looked at. */
        record Unverified() implements Encryption {}

        /**
         * TLS with a verified certificate.
         *
         * @param ca the trusted certificate authorities in PEM; "" for those of the JVM
         */
        record Verified(String ca) implements Encryption {}
    }
}
