package bridge.bailey.it;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.local.LocalConsul;
import bridge.bailey.probe.Authority;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The part of a Kubernetes API that Consul's auth method asks whether a service account's token is good. */
final class TokenReviews implements AutoCloseable {

    private static final String REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews";
    private static final String ACCOUNT = "/api/v1/namespaces/bailey/serviceaccounts/bailey";

    private final Vertx vertx = Vertx.vertx();
    private final Authority authority = new Authority("cluster");
    private final HttpServer server;
    private final Set<String> good = ConcurrentHashMap.newKeySet();

    TokenReviews() {
        Authority.Identity identity = authority.issue(Authority.ip("127.0.0.1"));
        PemKeyCertOptions certificate = new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(identity.certificate()))
                .addKeyValue(Buffer.buffer(identity.key()));
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setSsl(true)
                .setKeyCertOptions(certificate);
        server = vertx.createHttpServer(options)
                .requestHandler(this::answer)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** A token of the service account bailey in the namespace bailey, in the form of one; the API has yet to accept it. */
    static String bearer(String number) {
        return part("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + "."
                + part("{\"sub\":\"bailey\",\"jti\":\"" + number + "\"}") + "." + part("signature of " + number);
    }

    private static String part(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** From now on only this token is good. */
    void accept(String bearer) {
        good.clear();
        good.add(bearer);
    }

    /** Makes an auth method in Consul that asks here. */
    void makeAuthMethod(LocalConsul consul, String name) {
        new Acl(consul)
                .put(
                        "acl/auth-method",
                        Map.of(
                                "Name",
                                name,
                                "Type",
                                "kubernetes",
                                // The shortest that Consul allows.
                                "MaxTokenTTL",
                                "60s",
                                "Config",
                                Map.of(
                                        "Host",
                                        "https://127.0.0.1:" + server.actualPort(),
                                        "CACert",
                                        authority.certificate(),
                                        "ServiceAccountJWT",
                                        bearer("reviewer"))));
    }

    private void answer(HttpServerRequest request) {
        if (request.method().equals(HttpMethod.POST) && request.path().equals(REVIEWS)) {
            request.body().onSuccess(body -> review(request, body.toJsonObject()));
        } else if (request.path().equals(ACCOUNT)) {
            JsonObject metadata = new JsonObject().put("name", "bailey").put("namespace", "bailey");
            send(request, new JsonObject().put("kind", "ServiceAccount").put("metadata", metadata));
        } else {
            request.response().setStatusCode(404).end();
        }
    }

    private void review(HttpServerRequest request, JsonObject review) {
        String token = review.getJsonObject("spec").getString("token");
        assertThat(token).isNotEmpty();
        JsonObject status = good.contains(token)
                ? new JsonObject()
                        .put("authenticated", true)
                        .put("user", new JsonObject().put("username", "system:serviceaccount:bailey:bailey"))
                : new JsonObject().put("authenticated", false).put("error", "token " + token + " has expired");
        send(request, review.put("status", status));
    }

    private static void send(HttpServerRequest request, JsonObject body) {
        request.response().putHeader("Content-Type", "application/json").end(body.toBuffer());
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
