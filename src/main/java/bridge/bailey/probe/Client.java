package bridge.bailey.probe;

import bridge.bailey.model.Probe;
import bridge.bailey.model.Probe.Encryption;
import bridge.bailey.model.ProbeTarget;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.TrustOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Performs probes of one kind, with the same encryption and time-out, to any number of targets.
 *
 * @param <C> the kind
 */
interface Client<C extends Probe.Check> {

    void run(ProbeTarget target, C check, Attempt attempt);

    void close();

    /** The attempt's own time-out gives the verdict; these see to it that a connection ends which is not there yet. */
    static void limit(ClientOptionsBase options, Duration timeout) {
        int millis = (int) Math.max(1, timeout.toMillis());
        options.setConnectTimeout(millis);
        options.setSslHandshakeTimeout(millis).setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    /** Keys are exchanged and certificates verified on worker threads: a millisecond each, for thousands of targets. */
    static void encrypt(ClientOptionsBase options, Encryption encryption) {
        if (encryption instanceof Encryption.None) {
            return;
        }
        options.setSsl(true).setSslEngineOptions(new JdkSSLEngineOptions().setUseWorkerThread(true));
        options.setTrustOptions(TrustOptions.wrap(
                encryption instanceof Encryption.Verified verified
                        ? new TrustedCertificate(verified.ca())
                        : new AnyCertificate()));
    }

    static boolean verifies(Encryption encryption) {
        return encryption instanceof Encryption.Verified;
    }
}
