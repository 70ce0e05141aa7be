package bridge.bailey.source;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.UpgradeRejectedException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.LongSupplier;

/**
 * Watches an HTTP client of Vert.x at work for the Kubernetes client. The latter's own interceptors are not told of the last
 * try of a request that can't be sent (7.5.2), which is just what an outage is.
 */
final class ObservedHttp {

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final double NANOS = 1e9;

    private final HttpClient client;
    private final ApiObserver observer;
    private final LongSupplier nanoTime;

    private ObservedHttp(HttpClient client, ApiObserver observer, LongSupplier nanoTime) {
        this.client = client;
        this.observer = observer;
        this.nanoTime = nanoTime;
    }

    /** The same client, observed. */
    static HttpClient of(HttpClient client, ApiObserver observer, LongSupplier nanoTime) {
        ObservedHttp observed = new ObservedHttp(client, observer, nanoTime);
        return (HttpClient) Proxy.newProxyInstance(
                HttpClient.class.getClassLoader(),
                new Class<?>[] {HttpClient.class},
                (proxy, method, arguments) -> observed.call(method, arguments));
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        long began = nanoTime.getAsLong();
        Object result;
        try {
            result = method.invoke(client, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (result instanceof Future<?> future && arguments != null && arguments.length == 1) {
            observe(method.getName(), arguments[0], future, began);
        }
        return result;
    }

    private void observe(String method, Object argument, Future<?> future, long began) {
        if (method.equals("request") && argument instanceof RequestOptions options) {
            String verb = ApiVerb.of(options.getMethod().name(), options.getURI());
            future.onFailure(failure -> tell(verb, 0, began))
                    .onSuccess(request -> observe(verb, (HttpClientRequest) request, began));
        } else if (method.equals("webSocket")) {
            future.onFailure(failure -> tell(ApiVerb.WATCH, status(failure), began))
                    .onSuccess(socket -> tell(ApiVerb.WATCH, SWITCHING_PROTOCOLS, began));
        }
    }

    private void observe(String verb, HttpClientRequest request, long began) {
        request.response()
                .onFailure(failure -> tell(verb, 0, began))
                .onSuccess(response -> observe(verb, response, began));
    }

    private void observe(String verb, HttpClientResponse response, long began) {
        int status = response.statusCode();
        // The body of a watch goes on for minutes; that of an error may be dropped.
        if (verb.equals(ApiVerb.WATCH) || status < 200 || status >= 300) {
            tell(verb, status, began);
        } else {
            response.end().onComplete(read -> tell(verb, read.succeeded() ? status : 0, began));
        }
    }

    private static int status(Throwable failure) {
        return failure instanceof UpgradeRejectedException rejected ? rejected.getStatus() : 0;
    }

    private void tell(String verb, int status, long began) {
        observer.requested(verb, status, (nanoTime.getAsLong() - began) / NANOS);
    }
}
