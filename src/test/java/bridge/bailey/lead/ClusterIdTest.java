package bridge.bailey.lead;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterIdTest {

    private HttpServer server;
    private KubernetesClient client;
    private volatile int status = 200;
    private final AtomicInteger questions = new AtomicInteger();

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/namespaces/kube-system", exchange -> {
            questions.incrementAndGet();
            byte[] body = (status == 200
                            ? "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"kube-system\",\"uid\":\"u-1\"}}"
                            : "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":" + status + "}")
                    .getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://localhost:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .withHttpClientFactory(new VertxHttpClientFactory())
                .build();
    }

    @AfterEach
    void close() {
        client.close();
        server.stop(0);
    }

    @Test
    void theUidOfKubeSystemIsAskedForOnce() {
        ClusterId id = new ClusterId(client);

        assertThat(id.get()).contains("u-1");
        assertThat(id.isSettled()).isTrue();
        assertThat(questions).hasValue(1);
    }

    @Test
    void aFailureSettlesNothing() {
        ClusterId id = new ClusterId(client);
        status = 500;
        assertThat(id.get()).isEmpty();
        assertThat(id.isSettled()).isFalse();

        status = 200;
        assertThat(id.isSettled()).isTrue();
        assertThat(id.get()).contains("u-1");
    }

    @Test
    void whereItMayNotBeReadItIsDoneWithout() {
        status = 403;
        ClusterId id = new ClusterId(client);

        assertThat(id.isSettled()).isTrue();
        assertThat(id.get()).isEmpty();
    }
}
