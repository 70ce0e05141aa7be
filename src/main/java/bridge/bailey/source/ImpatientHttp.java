package bridge.bailey.source;

import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The Kubernetes client's HTTP, which gives up connections on which nothing comes any more. A watch whose connection died
 * without a word (a firewall, a lost node) would otherwise go unnoticed until it is renewed, after 5 to 10 minutes.
 *
 * <p>The client's factory offers a method to override for such settings, but does not call it (7.5.2); so the options are
 * set where they pass: in the Vert.x that it is given. Requests are observed at the same place.
 */
public final class ImpatientHttp extends VertxHttpClientFactory {

    /** API servers send a bookmark on each watch about once a minute. */
    public static final Duration SILENCE = Duration.ofMinutes(2);

    /**
     * Makes a factory.
     *
     * @param silence after which a connection is given up; {@link #SILENCE} for real API servers
     */
    public ImpatientHttp(Vertx vertx, Duration silence) {
        this(vertx, silence, (verb, status, seconds) -> {});
    }

    /** Makes a factory whose clients are observed. */
    public ImpatientHttp(Vertx vertx, Duration silence, ApiObserver observer) {
        super(impatient(vertx, silence, observer));
    }

    private static Vertx impatient(Vertx vertx, Duration silence, ApiObserver observer) {
        return (Vertx) Proxy.newProxyInstance(
                Vertx.class.getClassLoader(), new Class<?>[] {Vertx.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("createHttpClient")
                            && arguments != null
                            && arguments[0] instanceof HttpClientOptions options) {
                        options.setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
                        options.setIdleTimeout((int) silence.toMillis());
                    }
                    try {
                        Object made = method.invoke(vertx, arguments);
                        return made instanceof HttpClient client
                                ? ObservedHttp.of(client, observer, System::nanoTime)
                                : made;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
