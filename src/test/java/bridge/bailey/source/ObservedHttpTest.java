package bridge.bailey.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import bridge.bailey.local.LocalKubernetes;
import bridge.bailey.local.Ports;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.mockwebserver.http.MockResponse;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is told of the Kubernetes client's requests, by an API in this process. */
class ObservedHttpTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private static Vertx vertx;
    private static LocalKubernetes api;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<Double> times = new CopyOnWriteArrayList<>();
    private final KubernetesClient client = client(api.url(), 0);

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        api = LocalKubernetes.start();
    }

    @AfterAll
    static void stop() {
        api.close();
        vertx.close();
    }

    @AfterEach
    void close() {
        api.intercept(request -> Optional.empty());
        client.close();
    }

    private KubernetesClient client(String url, int retries) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(url)
                .withRequestRetryBackoffLimit(retries)
                .withRequestRetryBackoffInterval(1)
                .build();
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new ImpatientHttp(vertx, ImpatientHttp.SILENCE, (verb, status, seconds) -> {
                    told.add(verb + " " + status);
                    times.add(seconds);
                }))
                .build();
    }

    private static Service service(String name) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();
    }

    private Resource<Service> resource(String name) {
        return client.services().inNamespace("shop").withName(name);
    }

    private void awaitTold(String... all) {
        await().atMost(SOON).untilAsserted(() -> assertThat(told).containsExactly(all));
        assertThat(times).allSatisfy(seconds -> assertThat(seconds).isBetween(0.0, 20.0));
    }

    @Test
    void eachRequestIsToldOnceWithItsVerbAndStatus() {
        client.services().resource(service("a")).create();
        client.services().inAnyNamespace().list();
        Service live = resource("a").get();
        live.getSpec().setExternalName("changed");
        client.resource(live).update();
        resource("a").delete();
        resource("a").get();

        awaitTold("create 201", "list 200", "get 200", "update 200", "delete 200", "get 404");
    }

    @Test
    void aWatchIsToldWhenItIsEstablishedAndNotWhenItEnds() {
        try (var watch = client.services().inAnyNamespace().watch(new Ignored())) {
            assertThat(watch).isNotNull();
            awaitTold("watch 101");
        }

        client.services().inAnyNamespace().list();
        awaitTold("watch 101", "list 200");
    }

    @Test
    void aWatchThatIsRefusedIsToldWithItsStatus() {
        api.intercept(request -> Optional.of(new MockResponse().setResponseCode(403)));

        assertThatThrownBy(() -> client.services().inAnyNamespace().watch(new Ignored()))
                .isInstanceOf(KubernetesClientException.class);

        await().atMost(SOON).untilAsserted(() -> assertThat(told).isNotEmpty().containsOnly("watch 403"));
    }

    @Test
    void eachTryIsToldAndTheLastTooIfNobodyListens() {
        try (KubernetesClient nowhere = client("http://127.0.0.1:" + Ports.free(), 2)) {
            assertThatThrownBy(() ->
                            nowhere.services().inNamespace("shop").withName("a").get())
                    .isInstanceOf(KubernetesClientException.class);
        }

        awaitTold("get 0", "get 0", "get 0");
    }

    @Test
    void anErrorOfTheServerIsToldAtEachTry() {
        api.intercept(request -> Optional.of(new MockResponse().setResponseCode(500)));
        try (KubernetesClient patient = client(api.url(), 1)) {
            assertThatThrownBy(() -> patient.services().inNamespace("shop").list())
                    .isInstanceOf(KubernetesClientException.class);
        }

        awaitTold("list 500", "list 500");
    }

    private static final class Ignored implements Watcher<Service> {
        @Override
        public void eventReceived(Action action, Service service) {}

        @Override
        public void onClose(WatcherException cause) {}
    }
}
