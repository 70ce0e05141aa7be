package bridge.bailey.source;

import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
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
 * set where they pass: in the Vert.x that it is given.
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
        super(impatient(vertx, silence));
    }

    private static Vertx impatient(Vertx vertx, Duration silence) {
        return (Vertx) Proxy.newProxyInstance(
                Vertx.class.getClassLoader(), new Class<?>[] {Vertx.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("createHttpClient")
                            && arguments != null
                            && arguments[0] instanceof HttpClientOptions options) {
                        options.setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
                        options.setIdleTimeout((int) silence.toMillis());
                    }
                    try {
                        return method.invoke(vertx, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
