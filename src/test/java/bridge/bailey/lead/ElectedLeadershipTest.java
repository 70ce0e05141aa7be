package bridge.bailey.lead;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The election, with an API server that does what it should not. */
class ElectedLeadershipTest {

    private HttpServer server;
    private volatile Lease lease;
    private volatile int version = 1;
    private volatile boolean putsFail;
    private KubernetesClient client;
    private ElectedLeadership leadership;
    private final Set<String> withheld = ConcurrentHashMap.newKeySet();
    private final AtomicInteger releases = new AtomicInteger();
    private final AtomicInteger putsRefused = new AtomicInteger();
    private volatile RuntimeException defect;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::answer);
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://localhost:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .withHttpClientFactory(new VertxHttpClientFactory())
                .build();
        leadership = new ElectedLeadership(
                client,
                new ElectedLeadership.Rules(
                        "bailey", "bailey", Duration.ofSeconds(4), Duration.ofSeconds(3), Duration.ofMillis(200)),
                "me",
                "start",
                new Bulletin() {
                    @Override
                    public Set<String> withheld() {
                        if (defect != null) {
                            RuntimeException e = defect;
                            defect = null;
                            throw e;
                        }
                        return withheld;
                    }

                    @Override
                    public void resume(Set<String> flows) {}

                    @Override
                    public boolean hasJudged(String flow) {
                        return true;
                    }

                    @Override
                    public void release(Set<String> flows) {
                        if (!flows.isEmpty()) {
                            releases.incrementAndGet();
                        }
                    }
                },
                System::nanoTime);
    }

    private synchronized void answer(HttpExchange x) throws IOException {
        String method = x.getRequestMethod();
        String path = x.getRequestURI().getPath();
        byte[] sent = x.getRequestBody().readAllBytes();
        int status = 200;
        String body;
        if (path.endsWith("/leases") && method.equals("GET")) {
            if (String.valueOf(x.getRequestURI().getQuery()).contains("watch=true")) {
                status = 500;
            }
            body =
                    "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"LeaseList\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}";
        } else if (method.equals("GET")) {
            status = lease == null ? 404 : 200;
            body = lease == null ? "{\"kind\":\"Status\",\"code\":404}" : Serialization.asJson(lease);
        } else if (putsFail) {
            putsRefused.incrementAndGet();
            status = 403;
            body = "{\"kind\":\"Status\",\"code\":403}";
        } else {
            Lease put = Serialization.unmarshal(new String(sent, UTF_8), Lease.class);
            put.getMetadata().setResourceVersion(Integer.toString(++version));
            put.getMetadata().setUid("uid");
            lease = put;
            body = Serialization.asJson(put);
        }
        byte[] bytes = body.getBytes(UTF_8);
        x.getResponseHeaders().add("Content-Type", "application/json");
        x.sendResponseHeaders(status, bytes.length);
        x.getResponseBody().write(bytes);
        x.close();
    }

    @AfterEach
    void close() {
        leadership.close();
        client.close();
        server.stop(0);
    }

    private void leads() {
        await().until(() -> leadership.term().isPresent());
    }

    @Test
    void aLeaseThatIsMissingForAMomentDoesNotEndTheLeadForEver() {
        leadership.start(() -> {});
        leads();
        synchronized (this) {
            lease = null;
            // Or the next try to renew it would make it anew before it is looked for.
            putsFail = true;
        }
        assertThat(leadership.confirmed()).isFalse();
        putsFail = false;
        await().until(() -> lease != null);
        assertThat(lease.getSpec().getHolderIdentity()).isEqualTo("me");
        leads();
    }

    @Test
    void aDefectInOneTryDoesNotEndTheElectionForEver() {
        defect = new IllegalStateException("once");
        lease = Serialization.unmarshal(
                "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{\"name\":\"bailey\",\"namespace\":\"bailey\",\"resourceVersion\":\"1\",\"uid\":\"uid\"},\"spec\":{}}",
                Lease.class);
        leadership.start(() -> {});
        leads();
    }

    @Test
    void whatIsWithheldAtTheEndIsPinned() {
        leadership.start(() -> {});
        leads();
        int before = version;
        await().until(() -> version > before);
        withheld.add("to-consul");
        leadership.close();
        assertThat(lease.getSpec().getHolderIdentity()).isNullOrEmpty();
        assertThat(lease.getMetadata().getAnnotations()).containsEntry(Bulletin.WITHHELD, "to-consul");
    }

    @Test
    void aReleaseIsHeardOnceThoughTheLeaseCanNotBeWrittenForATime() {
        leadership.start(() -> {});
        leads();
        synchronized (this) {
            lease.getMetadata().setAnnotations(new HashMap<>(Map.of(Bulletin.RELEASE, "to-consul")));
            putsFail = true;
        }
        await().until(() -> putsRefused.get() >= 2);
        assertThat(releases.get()).isZero();
        putsFail = false;

        await().until(() -> releases.get() > 0);
        int written = version;
        await().until(() -> version > written);
        assertThat(releases.get()).isEqualTo(1);
    }
}
