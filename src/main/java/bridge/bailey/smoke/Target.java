package bridge.bailey.smoke;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** What is tested: where it is, and how it is asked. Credentials are sent, and never told. */
public final class Target {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ALL = Duration.ofSeconds(15);
    private static final int MOST_BYTES = 64 << 20;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private final String url;
    private final Optional<String> authorization;

    private Target(String url, Optional<String> authorization) {
        this.url = url;
        this.authorization = authorization;
    }

    /**
     * Reads where it is.
     *
     * @param text such as {@code https://user:password@bailey.example.com/prefix}
     * @param token sent as a bearer token; user and password of the URL win
     * @throws IllegalArgumentException if that is no URL; the message has no credentials
     */
    public static Target of(String text, Optional<String> token) {
        try {
            URI uri = new URI(text.strip());
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
                throw wrong(text);
            }
            String path = Optional.ofNullable(uri.getRawPath()).orElse("").replaceAll("/+$", "");
            String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            Optional<String> basic = Optional.ofNullable(uri.getUserInfo())
                    .map(user -> "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8)));
            return new Target(
                    scheme + "://" + uri.getHost() + port + path,
                    basic.or(() -> token.map(given -> "Bearer " + given)));
        } catch (URISyntaxException e) {
            throw wrong(text);
        }
    }

    private static IllegalArgumentException wrong(String text) {
        String shown = text.replaceAll("//[^/]*@", "//…@").replaceAll("[?#].*", "");
        return new IllegalArgumentException("TARGET_URL = \"" + shown
                + "\": must be like http://localhost:8080 or https://bailey.example.com/prefix");
    }

    /** Asks for a path. A redirect and a refusal are failures that waiting does not mend. */
    Answer get(String path) throws Failure, InterruptedException {
        HttpResponse<InputStream> response = send(path);
        String type = response.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        Answer answer = new Answer(path, response.statusCode(), type, body(path, response));
        int status = answer.status();
        if (status >= 300 && status < 400) {
            throw Failure.lasting(
                    path + " redirects" + location(response) + ": give the address behind that as TARGET_URL");
        }
        if (status == UNAUTHORIZED || status == FORBIDDEN) {
            throw Failure.lasting(path + " answers with status " + status + ": "
                    + (authorization.isPresent()
                            ? "the credentials that were given are not accepted"
                            : "it asks for credentials: user and password in TARGET_URL, or SMOKE_TOKEN"));
        }
        return answer;
    }

    private static String location(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Location")
                .map(to -> " to " + to.replaceAll("[?#].*", "").replaceAll("//[^/]*@", "//"))
                .orElse("");
    }

    private HttpResponse<InputStream> send(String path) throws Failure, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(ALL)
                .header("Accept", "application/json, text/plain;q=0.9, */*;q=0.5")
                .header("User-Agent", "bailey-smoke");
        authorization.ifPresent(value -> request.header("Authorization", value));
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw Failure.passing(url + " does not answer: " + reason(e));
        }
    }

    private URI uri(String path) throws Failure {
        try {
            return URI.create(url + path);
        } catch (IllegalArgumentException e) {
            throw Failure.lasting(path + " is no path");
        }
    }

    /** Read elsewhere, as the time-out of a request ends with its head. */
    private static String body(String path, HttpResponse<InputStream> response) throws Failure, InterruptedException {
        CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> {
            try (InputStream in = response.body()) {
                return new String(in.readNBytes(MOST_BYTES), UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try {
            return read.get(ALL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            closeQuietly(response.body());
            throw Failure.passing(path + " took more than " + ALL.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw Failure.passing(path + ": the answer broke off");
        }
    }

    private static void closeQuietly(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // Nobody waits for it any more.
        }
    }

    private static String reason(IOException e) {
        if (e instanceof HttpTimeoutException) {
            return "time-out";
        }
        if (e instanceof SSLException) {
            return "TLS: " + e.getMessage()
                    + "; a company's own CA is given by JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStore=FILE";
        }
        if (e instanceof ConnectException) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return cause instanceof UnresolvedAddressException ? "there is no such host" : "connection refused";
        }
        return String.valueOf(e.getMessage());
    }

    /** Where it is, without credentials. */
    @Override
    public String toString() {
        return url;
    }
}
