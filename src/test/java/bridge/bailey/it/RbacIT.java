package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bridge.bailey.deploy.Grants;
import bridge.bailey.deploy.Rendered;
import bridge.bailey.local.ApiCall;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What k8s/ renders against what Bailey really asks the API for. Bailey runs with the configuration that is rendered, all that is
 * enabled is exercised, each request recorded; and the permissions that are rendered must be exactly those. What other tests make
 * Bailey ask for is looked at when their {@link Cluster} is closed.
 */
class RbacIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String SHOP = "shop";
    private static final String BANK = "bank";

    private final AtomicBoolean refuseOneStatus = new AtomicBoolean(true);
    private Cluster cluster;
    private Bailey bailey;

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        assumeTrue(cluster.isLocal(), "the requests are recorded in this process");
        LegacyKube.install(cluster);
        cluster.local().intercept(this::refuse);
    }

    @AfterEach
    void stop() {
        if (bailey != null) {
            bailey.close();
        }
        cluster.close();
    }

    /** After a conflict a status is read before it is written again. */
    private Optional<MockResponse> refuse(RecordedRequest request) {
        boolean status = request.method() == HttpMethod.PUT && request.getPath().endsWith("/status");
        return status && refuseOneStatus.compareAndSet(true, false)
                ? Optional.of(new MockResponse()
                        .setResponseCode(409)
                        .setBody("{\"kind\": \"Status\", \"code\": 409, \"reason\": \"Conflict\"}"))
                : Optional.empty();
    }

    /** Runs Bailey as the pod of these manifests would, but for Consul and for the pace. */
    private void run(Rendered rendered) throws IOException {
        Map<String, String> options = new HashMap<>();
        Matcher key = Pattern.compile("`bailey\\.([a-z0-9.-]+)`<br>`([A-Z0-9_]+)`")
                .matcher(Files.readString(Path.of("docs", "configuration.md")));
        while (key.find()) {
            Optional.ofNullable(rendered.environment().get(key.group(2)))
                    .ifPresent(value -> options.put(key.group(1), value));
        }
        options.putIfAbsent("legacy.enabled", "true");
        // Where a pod finds its own namespace.
        options.put("leader.namespace", "bailey");
        options.put("leader.retry-period", "200ms");
        options.put("cluster", cluster.prefix());
        options.put("resync", "1s");
        bailey = new Bailey(
                        cluster.newClient(),
                        Map.of(
                                "CONSUL_HTTP_ADDR",
                                "127.0.0.1:" + SharedConsul.get().httpPort()),
                        options)
                .start();
    }

    /** Makes Bailey do all that it does to objects: tell of them, mirror them, change them, remove them. */
    private void exercise() {
        cluster.apply(service(SHOP, "odd", Map.of("bailey.bridge/port", "nonesuch")));
        cluster.apply(slice(SHOP, "odd-a", "odd", ready("10.1.0.1")));
        if (bailey.settings().config().legacy().enabled()) {
            mirror();
        }
    }

    private void mirror() {
        // An Event tells that this name is taken.
        cluster.apply(service(SHOP, "till"));
        declare(SHOP, "till", "10.20.0.31", 80);
        declare(SHOP, "billing", "10.20.0.11", 80);
        declare(BANK, "billing", "10.20.0.21", 80);
        awaitMirror(80, 1);
        declare(SHOP, "billing", "10.20.0.12", 81);
        awaitMirror(81, 1);
        LegacyKube.api(cluster.client(), SHOP, "billing").delete();
    }

    private void awaitMirror(int port, int slices) {
        await("the mirror with port " + port).atMost(SOON).untilAsserted(() -> {
            Service mirror = cluster.client()
                    .services()
                    .inNamespace(SHOP)
                    .withName("billing")
                    .get();
            assertThat(mirror).isNotNull();
            assertThat(mirror.getSpec().getPorts().get(0).getPort()).isEqualTo(port);
            assertThat(cluster.client()
                            .discovery()
                            .v1()
                            .endpointSlices()
                            .inNamespace(SHOP)
                            .withLabel("kubernetes.io/service-name", "billing")
                            .list()
                            .getItems())
                    .hasSize(slices);
        });
    }

    private void declare(String namespace, String name, String address, int port) {
        cluster.apply(LegacyKube.legacyService(
                namespace,
                name,
                "{ports: [{port: %d}], origins: [{static: {instances: [{address: %s}]}}]}".formatted(port, address)));
    }

    private void assertGrantedExactly(Rendered rendered) throws IOException {
        Grants grants = Grants.of(rendered);
        run(rendered);
        exercise();

        await("what is granted, and never asked for").atMost(SOON).untilAsserted(() -> assertThat(
                        grants.unused(cluster.local().calls()))
                .isEmpty());
        bailey.awaitFullPass();
        assertThat(grants.lacking(cluster.local().calls()))
                .as("what is asked for, and not granted")
                .isEmpty();
    }

    @Test
    void bothFlowsAskForWhatTheBaseGrants() throws IOException {
        assertGrantedExactly(Rendered.with());
    }

    @Test
    void theExportAsksForWhatItIsGranted() throws IOException {
        assertGrantedExactly(Rendered.with("export-only"));
    }

    @Test
    void ingressesAreReadOnlyWhereTheyAreExported() throws IOException {
        assertGrantedExactly(Rendered.with("export-only", "export-ingress"));
        assertThat(cluster.local().calls()).contains(new ApiCall("watch", "networking.k8s.io", "ingresses", "", ""));
    }

    @Test
    void theLegacySideAsksForWhatItIsGranted() throws IOException {
        assertGrantedExactly(Rendered.with("legacy-only"));
    }

    @Test
    void whereWritingIsNarrowedNothingIsWrittenElsewhere() throws IOException {
        assertGrantedExactly(Rendered.inShopAlone());
    }
}
