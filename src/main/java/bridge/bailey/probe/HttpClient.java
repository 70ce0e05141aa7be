package bridge.bailey.probe;

import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Printable;
import bridge.bailey.model.Probe.Check;
import bridge.bailey.model.Probe.Encryption;
import bridge.bailey.model.ProbeTarget;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Asks by HTTP/1.1 for a status. Each time by a new connection: one that is kept may outlive the machine behind it, or go on
 * to a process that accepts no others any more. It is closed as soon as the head of the answer is there.
 */
final class HttpClient implements Client<Check.Http> {

    private static final int FIRST_ERROR = 400;

    /** Anything else would end the request's line or a header's: Vert.x sends a path as it is given. */
    private static final Pattern SENDABLE = Pattern.compile("[\\x21-\\x7e]*");

    /** To one address and port, which several services may probe at once. */
    private static final int CONNECTIONS = 64;

    private final io.vertx.core.http.HttpClient client;
    private final boolean encrypted;

    /**
     * Opens nothing yet.
     *
     * @param named whether targets are asked for by a name, which TLS then sends; addresses are not to be sent
     */
    HttpClient(Vertx vertx, Encryption encryption, boolean named, Duration timeout) {
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAlive(false)
                .setMaxPoolSize(CONNECTIONS)
                .setForceSni(named)
                .setVerifyHost(Client.verifies(encryption));
        Client.limit(options, timeout);
        Client.encrypt(options, encryption);
        encrypted = options.isSsl();
        // Without it Vert.x logs an error for each connection that is reset.
        client = vertx.httpClientBuilder()
                .with(options)
                .withConnectHandler(connection -> connection.exceptionHandler(ignored -> {}))
                .build();
    }

    @Override
    public void run(ProbeTarget target, Check.Http check, Attempt attempt) {
        if (!check.path().startsWith("/") || !sendable(check.path()) || !sendable(check.host())) {
            attempt.failed(ProbeResult.OTHER, "the probe's path or host can't be sent as it is");
            return;
        }
        client.request(options(target, check)).onFailure(attempt::failed).onSuccess(request -> {
            attempt.connected(() -> request.connection().close());
            ask(request, check, attempt);
        });
    }

    private static boolean sendable(String text) {
        return SENDABLE.matcher(text).matches();
    }

    private RequestOptions options(ProbeTarget target, Check.Http check) {
        String name = check.host().isEmpty() ? target.address() : check.host();
        String header = check.host().isEmpty() ? CatalogEntry.endpoint(target.address(), target.port()) : check.host();
        return new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(target.port(), target.address()))
                .setHost(name)
                .setPort(target.port())
                .setSsl(encrypted)
                .setURI(check.path())
                .putHeader(HttpHeaders.HOST, header)
                .putHeader(HttpHeaders.USER_AGENT, "bailey-probe")
                .putHeader(HttpHeaders.ACCEPT, "*/*");
    }

    private static void ask(HttpClientRequest request, Check.Http check, Attempt attempt) {
        request.send().onFailure(attempt::failed).onSuccess(response -> {
            // Without it Vert.x logs an error for each body that is cut off by our closing the connection.
            response.exceptionHandler(ignored -> {});
            judge(response.statusCode(), check, attempt);
        });
    }

    private static void judge(int status, Check.Http check, Attempt attempt) {
        if (status >= check.least() && status <= check.most()) {
            attempt.passed();
        } else {
            attempt.failed(ProbeResult.STATUS, reason(status, check));
        }
    }

    /** Without the query, which may hold what is nobody's business. */
    private static String reason(int status, Check.Http check) {
        String path = Printable.of(check.path().split("\\?", 2)[0]);
        String expected = status >= FIRST_ERROR ? "" : " (expected " + check.least() + "-" + check.most() + ")";
        return "HTTP " + status + " from " + path + expected;
    }

    @Override
    public void close() {
        client.close();
    }
}
