package bridge.bailey.probe;

import static bridge.bailey.probe.ProbeResult.LOCAL;
import static bridge.bailey.probe.ProbeResult.OTHER;
import static bridge.bailey.probe.ProbeResult.PROTOCOL;
import static bridge.bailey.probe.ProbeResult.REFUSED;
import static bridge.bailey.probe.ProbeResult.RESET;
import static bridge.bailey.probe.ProbeResult.TIMEOUT;
import static bridge.bailey.probe.ProbeResult.TLS;
import static bridge.bailey.probe.ProbeResult.UNREACHABLE;

import bridge.bailey.model.Printable;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.ssl.NotSslRecordException;
import io.vertx.core.VertxException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * What an exception says about a target. The system's own words are known by what every Linux says; of any other text only
 * the exception's class is told, since messages have ports and other people's bytes in them.
 */
final class Failures {

    private static final int DEEPEST = 12;

    private static final Pattern ALERT = Pattern.compile("fatal alert: ([a-z_]{1,40})");

    /** Words of the system, in lower case, and what they mean. */
    private record Words(String text, Outcome outcome) {}

    private static final List<Words> SYSTEM = List.of(
            words("connection refused", REFUSED, "connection refused"),
            words("too many open files", LOCAL, "Bailey has no file descriptor left"),
            words("unable to open a socket", LOCAL, "Bailey can't open a socket"),
            words("cannot assign requested address", LOCAL, "Bailey has no port or address left to connect from"),
            words("address already in use", LOCAL, "Bailey has no port or address left to connect from"),
            words("no buffer space", LOCAL, "Bailey's machine has no memory for sockets"),
            words("permission denied", LOCAL, "Bailey's machine forbids the connection"),
            words("operation not permitted", LOCAL, "Bailey's machine forbids the connection"),
            words("connection timed out", TIMEOUT, "the network gave up the connection"),
            words("no route to host", UNREACHABLE, "no route to the host"),
            words("host is unreachable", UNREACHABLE, "no route to the host"),
            words("network is unreachable", UNREACHABLE, "no route to the network"),
            words("connection reset", RESET, "connection reset"),
            words("broken pipe", RESET, "connection reset"));

    private static final Outcome CLOSED = new Outcome(RESET, "connection closed without an answer");

    private Failures() {}

    private static Words words(String text, ProbeResult result, String reason) {
        return new Words(text, new Outcome(result, reason));
    }

    static Outcome timedOut(Duration timeout) {
        return new Outcome(TIMEOUT, "timed out after " + text(timeout));
    }

    static Outcome outcome(Throwable failure, Duration timeout) {
        List<Throwable> chain = chain(failure);
        return first(chain, CertificateProblem.class, problem -> true)
                .map(problem -> new Outcome(TLS, problem.getMessage()))
                .or(() -> timeout(chain, timeout))
                .or(() -> system(chain))
                .or(() -> tls(chain))
                .or(() -> closed(chain))
                .or(() -> protocol(chain))
                .orElseGet(() -> unknown(failure));
    }

    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable at = failure; at != null && chain.size() < DEEPEST; at = at.getCause()) {
            chain.add(at);
        }
        return chain;
    }

    private static <T extends Throwable> Optional<T> first(List<Throwable> chain, Class<T> type, Predicate<T> which) {
        return chain.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(which)
                .findFirst();
    }

    private static Optional<Outcome> system(List<Throwable> chain) {
        return SYSTEM.stream()
                .filter(words -> chain.stream().anyMatch(at -> says(at, words.text())))
                .findFirst()
                .map(Words::outcome);
    }

    private static boolean says(Throwable failure, String text) {
        boolean ofTheSystem = failure instanceof IOException || failure.getCause() instanceof IOException;
        return ofTheSystem && message(failure).toLowerCase(Locale.ROOT).contains(text);
    }

    private static Optional<Outcome> timeout(List<Throwable> chain, Duration timeout) {
        return chain.stream().anyMatch(Failures::isTimeout) ? Optional.of(timedOut(timeout)) : Optional.empty();
    }

    private static boolean isTimeout(Throwable failure) {
        return failure instanceof TimeoutException
                || failure instanceof java.net.SocketTimeoutException
                || failure.getClass().getSimpleName().endsWith("TimeoutException");
    }

    private static Optional<Outcome> tls(List<Throwable> chain) {
        if (first(chain, NotSslRecordException.class, e -> true).isPresent()) {
            return Optional.of(new Outcome(TLS, "TLS handshake failed: the answer is not TLS"));
        }
        return first(chain, SSLException.class, e -> true).map(e -> handshake(message(e)));
    }

    private static Outcome handshake(String message) {
        Matcher alert = ALERT.matcher(message);
        if (alert.find()) {
            return new Outcome(TLS, "TLS handshake failed: the target says " + alert.group(1));
        }
        return new Outcome(TLS, "TLS handshake failed");
    }

    private static Optional<Outcome> closed(List<Throwable> chain) {
        boolean closed = chain.stream()
                .anyMatch(at -> at instanceof ClosedChannelException
                        || at instanceof StreamResetException
                        || (at instanceof VertxException && message(at).contains("closed")));
        return closed ? Optional.of(CLOSED) : Optional.empty();
    }

    private static Optional<Outcome> protocol(List<Throwable> chain) {
        boolean unreadable = chain.stream()
                .anyMatch(at -> at instanceof DecoderException
                        || at instanceof Http2Exception
                        || at instanceof IllegalArgumentException);
        return unreadable ? Optional.of(new Outcome(PROTOCOL, "the answer can't be read")) : Optional.empty();
    }

    private static Outcome unknown(Throwable failure) {
        return new Outcome(OTHER, Printable.of("failed: " + failure.getClass().getSimpleName()));
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? "" : failure.getMessage();
    }

    private static String text(Duration time) {
        long millis = time.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1000.0 + " s";
    }
}
