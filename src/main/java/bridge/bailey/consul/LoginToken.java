package bridge.bailey.consul;

import bridge.bailey.model.Printable;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jboss.logging.Logger;

/**
 * A token that Consul gives to whoever logs in through an auth method.
 *
 * <ol>
 *   <li>The first request logs in; others wait for it.
 *   <li>After two thirds of a token's life the next request logs in again; others go on with the old one, and so do all if
 *       the login fails. The old one ends by itself: requests with it may be under way.
 *   <li>A token that Consul does not know, because somebody deleted it or it expired, is replaced at once, three times in a
 *       row, and then once in 20 seconds: so one that is always refused does not fill Consul with tokens.
 *   <li>After a failed login, none is tried for a second, then two, up to 15; requests fail with the same words meanwhile.
 * </ol>
 */
final class LoginToken implements Tokens {

    private static final Logger LOG = Logger.getLogger(LoginToken.class);

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final MediaType JSON = MediaType.get("application/json");

    private static final int REPLACED_AT_ONCE = 3;
    private static final long ONE_MORE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long FIRST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final Duration LOGOUT_WITHIN = Duration.ofSeconds(1);

    private static final int FORBIDDEN = 403;
    private static final int LONGEST_WORDS = 300;

    /** Shorter pieces of a bearer token are no secret, and may be words. */
    private static final int SECRET_PIECE = 9;

    private final ConsulSettings settings;
    private final Login login;
    private final OkHttpClient client;
    private final ConsulHttp.Observer observer;
    private final LongSupplier nanoTime;

    private final ReentrantLock lock = new ReentrantLock();
    private volatile Optional<Session> session = Optional.empty();
    private volatile boolean closed;

    // Below: guarded by the lock.
    private int failures;
    private long notBefore;
    private Optional<ConsulException> lastFailure = Optional.empty();
    private double replacements = REPLACED_AT_ONCE;
    private long countedAt;

    /** What a login gave; without a time to renew it, it has no end. */
    private record Session(String secret, String accessor, Optional<Long> renewAt) {
        @Override
        public String toString() {
            return "session " + accessor;
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Granted(
            @JsonProperty("AccessorID") String accessor,
            @JsonProperty("SecretID") String secret,
            @JsonProperty("CreateTime") String created,
            @JsonProperty("ExpirationTime") String expires) {

        @Override
        public String toString() {
            return "token " + accessor;
        }
    }

    /** The client must not ask us for a token. */
    LoginToken(
            ConsulSettings settings,
            Login login,
            OkHttpClient client,
            ConsulHttp.Observer observer,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.login = login;
        this.client = client;
        this.observer = observer;
        this.nanoTime = nanoTime;
        this.countedAt = nanoTime.getAsLong();
        this.notBefore = countedAt;
    }

    @Override
    public String origin() {
        return "token that the login by " + method() + " gave";
    }

    private String method() {
        return "auth method \"" + login.authMethod() + "\"";
    }

    @Override
    public Optional<String> current() throws ConsulException {
        refuseIfClosed();
        Optional<Session> now = session;
        if (now.isEmpty()) {
            return Optional.of(first().secret());
        }
        boolean due =
                now.get().renewAt().map(at -> nanoTime.getAsLong() - at >= 0).orElse(false);
        if (due && lock.tryLock()) {
            try {
                renew(now.get());
            } finally {
                lock.unlock();
            }
        }
        return Optional.of(session.orElse(now.get()).secret());
    }

    private void refuseIfClosed() throws ConsulException {
        if (closed) {
            throw new ConsulException(ConsulException.NO_ANSWER, "Bailey has logged out of " + settings);
        }
    }

    private Session first() throws ConsulException {
        lock.lock();
        try {
            refuseIfClosed();
            if (session.isEmpty()) {
                session = Optional.of(logIn());
            }
            return session.get();
        } finally {
            lock.unlock();
        }
    }

    /** The old token serves on while it can: a failure is told, and tried again. */
    private void renew(Session old) {
        if (closed || !session.equals(Optional.of(old)) || nanoTime.getAsLong() - notBefore < 0) {
            return;
        }
        boolean first = failures == 0;
        try {
            session = Optional.of(logIn());
        } catch (ConsulException e) {
            if (first) {
                LOG.warnf("%s; the last token serves until it ends, and tries go on", e.getMessage());
            }
        }
    }

    @Override
    public boolean replaced(String unknown) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            if (session.isPresent() && !session.get().secret().equals(unknown)) {
                return true;
            }
            if (!takeReplacement()) {
                return false;
            }
            Optional<Session> old = session;
            session = Optional.empty();
            LOG.infof("Consul does not know the token of %s any more; Bailey logs in again", method());
            // It may be one that only the server which was asked does not know, or not yet.
            old.ifPresent(this::logOut);
            session = Optional.of(logIn());
            return true;
        } catch (ConsulException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean takeReplacement() {
        long now = nanoTime.getAsLong();
        replacements = Math.min(REPLACED_AT_ONCE, replacements + (double) (now - countedAt) / ONE_MORE_NANOS);
        countedAt = now;
        if (replacements < 1) {
            return false;
        }
        replacements--;
        return true;
    }

    /** Logs in, unless that failed a moment ago. */
    private Session logIn() throws ConsulException {
        if (lastFailure.isPresent() && nanoTime.getAsLong() - notBefore < 0) {
            throw lastFailure.get();
        }
        try {
            Session granted = ask();
            failures = 0;
            lastFailure = Optional.empty();
            return granted;
        } catch (ConsulException e) {
            lastFailure = Optional.of(e);
            notBefore =
                    nanoTime.getAsLong() + Math.min(LONGEST_RETRY_NANOS, FIRST_RETRY_NANOS << Math.min(failures++, 4));
            throw e;
        }
    }

    private Session ask() throws ConsulException {
        String bearer = bearer();
        Request request = new Request.Builder()
                .url(url("login"))
                .post(RequestBody.create(body(bearer), JSON))
                .build();
        long start = System.nanoTime();
        int status = ConsulException.NO_ANSWER;
        try (Response response = client.newCall(request).execute()) {
            status = response.code();
            if (!response.isSuccessful()) {
                throw refused(status, words(response, bearer));
            }
            ResponseBody body = response.body();
            return session(MAPPER.readValue(body == null ? "{}" : body.string(), Granted.class));
        } catch (ConsulException e) {
            throw e;
        } catch (JsonProcessingException e) {
            // Without its message, which may quote the answer.
            throw failed("the answer can't be read");
        } catch (IOException e) {
            throw failed(settings + " does not answer: " + e.getClass().getSimpleName() + ": " + e.getMessage());
        } finally {
            observer.observed("login", status, (System.nanoTime() - start) / 1e9);
        }
    }

    private String bearer() throws ConsulException {
        String text;
        try {
            text = Files.readString(login.bearerTokenFile()).strip();
        } catch (IOException e) {
            throw failed("the bearer token file " + login.bearerTokenFile() + " can't be read");
        }
        if (text.isEmpty()) {
            throw failed("the bearer token file " + login.bearerTokenFile() + " is empty");
        }
        return text;
    }

    private byte[] body(String bearer) {
        try {
            return MAPPER.writeValueAsBytes(
                    Map.of("AuthMethod", login.authMethod(), "BearerToken", bearer, "Meta", login.meta()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts is no JSON");
        }
    }

    private HttpUrl url(String action) {
        HttpUrl.Builder url = HttpUrl.get(settings.address()).newBuilder().addPathSegments("v1/acl/" + action);
        settings.datacenter().ifPresent(dc -> url.addQueryParameter("dc", dc));
        return url.build();
    }

    private Session session(Granted granted) throws ConsulException {
        if (granted.secret() == null || granted.secret().isEmpty()) {
            throw failed("the answer has no token");
        }
        String accessor = granted.accessor() == null ? "" : granted.accessor();
        return new Session(
                granted.secret(),
                accessor,
                life(granted)
                        .map(life -> nanoTime.getAsLong()
                                + life.multipliedBy(2).dividedBy(3).toNanos()));
    }

    /** By Consul's clock alone: ours may be another. */
    private static Optional<Duration> life(Granted granted) {
        if (granted.created() == null || granted.expires() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.between(Instant.parse(granted.created()), Instant.parse(granted.expires())))
                    .filter(life -> !life.isNegative() && !life.isZero());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Consul passes on what the Kubernetes API said, which might repeat what it was asked. */
    private static String words(Response response, String bearer) throws IOException {
        String text = response.peekBody(LONGEST_WORDS * 4L).string().strip();
        String clean = text.replace(bearer, "…");
        for (String piece : bearer.split("\\.", -1)) {
            clean = piece.length() < SECRET_PIECE ? clean : clean.replace(piece, "…");
        }
        return Printable.of(clean, LONGEST_WORDS);
    }

    private ConsulException refused(int status, String words) {
        String hint = "";
        if (status == FORBIDDEN && words.contains(ConsulException.UNKNOWN_TOKEN)) {
            hint = "; Consul has no such auth method"
                    + settings.datacenter()
                            .map(dc -> " in datacenter \"" + dc + "\"")
                            .orElse("");
        } else if (status == FORBIDDEN) {
            hint = "; no binding rule of the auth method gives a role or policy to the service account of "
                    + login.bearerTokenFile();
        }
        return failed(settings + " answered " + status + ": " + words + hint);
    }

    /** Whatever the reason, there is no token: to those who ask it is as if Consul were away. */
    private ConsulException failed(String why) {
        return new ConsulException(ConsulException.NO_ANSWER, "the login to Consul by " + method() + " failed: " + why);
    }

    /** Best effort: what is not given back ends by itself, or with its auth method. */
    private void logOut(Session old) {
        Request request = new Request.Builder()
                .url(url("logout"))
                .header(ConsulHttp.TOKEN_HEADER, old.secret())
                .post(RequestBody.create(new byte[0], JSON))
                .build();
        OkHttpClient hasty = client.newBuilder().callTimeout(LOGOUT_WITHIN).build();
        long start = System.nanoTime();
        int status = ConsulException.NO_ANSWER;
        try (Response response = hasty.newCall(request).execute()) {
            status = response.code();
        } catch (IOException e) {
            LOG.debugf("The logout did not reach Consul: %s", e.getClass().getSimpleName());
        } finally {
            observer.observed("logout", status, (System.nanoTime() - start) / 1e9);
        }
    }

    @Override
    public void close() {
        closed = true;
        lock.lock();
        try {
            session.ifPresent(this::logOut);
            session = Optional.empty();
        } finally {
            lock.unlock();
        }
    }
}
