package bridge.bailey.web;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Stands before all that is served, whoever serves it.
 *
 * <ol>
 *   <li>Everything is read-only: any method but GET, HEAD and OPTIONS is refused, with one exception: what an operator must
 *       say aloud ({@link #RELEASE}) is taken from this very pod, and from no browser, whose pages might be anybody's.
 *   <li>Nothing that is read takes a body.
 *   <li>Each answer forbids browsers what no page of ours needs, and all but our own files is kept by nobody.
 * </ol>
 */
@Singleton
public class HttpGuard {

    /** Before the filters of Quarkus itself, which has its own up to about 400. */
    private static final int FIRST = 10_000;

    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final String ALLOW = "GET, HEAD, OPTIONS";

    /** What may be written, and from loopback only. */
    private static final Pattern RELEASE = Pattern.compile("/api/release/[a-z-]{1,40}");

    /** Files with a part in their address that follows from their content; they name how long they may be kept. */
    private static final Pattern ASSET = Pattern.compile("/board\\.(css|js|svg)");

    /** What no form on a web page can send, so that no page in an operator's browser can give the word. */
    private static final String RELEASE_HEADER = "X-Bailey-Release";

    /** What proxies say of themselves. */
    private static final List<String> PROXIED = List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "Via");

    private static final int NO_CONTENT = 204;
    private static final int FORBIDDEN = 403;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int TOO_LARGE = 413;

    /** For each answer that says nothing else. */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Cross-Origin-Embedder-Policy",
            "require-corp",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Permissions-Policy",
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Referrer-Policy",
            "no-referrer",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY");

    void add(@Observes Filters filters) {
        filters.register(HttpGuard::check, FIRST);
    }

    private static void check(RoutingContext context) {
        context.addHeadersEndHandler(ignored -> protect(context));
        HttpServerRequest request = context.request();
        if (isRelease(request)) {
            checkRelease(context);
        } else if (!READING.contains(request.method())) {
            context.response().putHeader(HttpHeaders.ALLOW, ALLOW);
            refuse(context, METHOD_NOT_ALLOWED, "what is served here can only be read: " + ALLOW);
        } else if (hasBody(request)) {
            refuse(context, TOO_LARGE, "a request that reads takes no body");
        } else if (request.method().equals(HttpMethod.OPTIONS)) {
            end(context.response().setStatusCode(NO_CONTENT).putHeader(HttpHeaders.ALLOW, ALLOW), "");
        } else {
            context.next();
        }
    }

    private static boolean isRelease(HttpServerRequest request) {
        return request.method().equals(HttpMethod.POST)
                && request.path() != null
                && RELEASE.matcher(request.path()).matches();
    }

    /** Neither a neighbour, nor what came through a proxy in the pod, nor a page in a browser that a tunnel leads here. */
    private static void checkRelease(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!isLoopback(request) || PROXIED.stream().anyMatch(name -> request.getHeader(name) != null)) {
            refuse(context, FORBIDDEN, "a release is taken from the pod itself only: bailey release");
        } else if (request.getHeader(HttpHeaders.ORIGIN) != null || request.getHeader(RELEASE_HEADER) == null) {
            refuse(context, FORBIDDEN, "a release is taken from no browser, and with the header " + RELEASE_HEADER);
        } else {
            context.next();
        }
    }

    private static boolean isLoopback(HttpServerRequest request) {
        SocketAddress remote = request.connection().remoteAddress();
        return remote != null
                && remote.hostAddress() != null
                && LoopbackAddress.is(remote.hostAddress())
                && request.authority() != null
                && LoopbackAddress.is(request.authority().host());
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null || (length != null && !length.equals("0"));
    }

    private static void protect(RoutingContext context) {
        MultiMap headers = context.response().headers();
        HEADERS.forEach((name, value) -> {
            if (!headers.contains(name)) {
                headers.set(name, value);
            }
        });
        if (!headers.contains(HttpHeaders.CACHE_CONTROL)
                || !ASSET.matcher(path(context)).matches()) {
            headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        }
    }

    private static String path(RoutingContext context) {
        String path = context.request().path();
        return path == null ? "" : path;
    }

    /** The connection goes too: what the client still sends is not read. */
    private static void refuse(RoutingContext context, int status, String why) {
        context.response().putHeader(HttpHeaders.CONNECTION, "close");
        answer(context.response(), status, why);
    }

    private static void answer(HttpServerResponse response, int status, String error) {
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        end(response, new JsonObject().put("error", error).encode());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Whether an answer arrives is the client's concern.
    private static void end(HttpServerResponse response, String body) {
        response.end(body);
    }
}
