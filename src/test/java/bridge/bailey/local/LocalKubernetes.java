package bridge.bailey.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A Kubernetes API in this process: fabric8's CRUD mock server, with the discovery documents that kubectl asks for. It
 * validates nothing, sets no defaults, and runs no controllers.
 */
public final class LocalKubernetes implements AutoCloseable {

    private final KubernetesMockServer server;
    private final Front front = new Front();

    private LocalKubernetes(int port) {
        server = new KubernetesMockServer(
                new Context(new ObjectMapper()), new MockWebServer(), new HashMap<>(), front, false);
        server.init(InetAddress.getLoopbackAddress(), port);
    }

    /** Starts an API on a free port. */
    public static LocalKubernetes start() {
        return new LocalKubernetes(0);
    }

    public static LocalKubernetes start(int port) {
        return new LocalKubernetes(port);
    }

    /** A new client; the caller closes it. */
    public KubernetesClient client() {
        return server.createClient();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    public int port() {
        return server.getPort();
    }

    /** Answers each request for which the function gives a response with that, until it is replaced. */
    public void intercept(Function<RecordedRequest, Optional<MockResponse>> interceptor) {
        front.interceptor = interceptor;
    }

    /** A kubeconfig that leads here. */
    public String kubeconfig() {
        return """
                apiVersion: v1
                kind: Config
                clusters: [{name: local, cluster: {server: "%s"}}]
                users: [{name: local, user: {}}]
                contexts: [{name: local, context: {cluster: local, user: local, namespace: default}}]
                current-context: local
                """
                .formatted(url());
    }

    @Override
    public void close() {
        server.destroy();
    }

    private static final class Front extends Dispatcher {

        private final KubernetesCrudDispatcher crud = new KubernetesCrudDispatcher();
        private final Map<String, Object> discovery = Discovery.documents();
        private final ObjectMapper mapper = new ObjectMapper();
        private volatile Function<RecordedRequest, Optional<MockResponse>> interceptor = request -> Optional.empty();

        @Override
        public MockResponse dispatch(RecordedRequest request) {
            Optional<MockResponse> intercepted = interceptor.apply(request);
            if (intercepted.isPresent()) {
                return intercepted.get();
            }
            Object document = discovery.get(request.getPath().replaceAll("[?].*", ""));
            return document != null && request.getMethod().equals("GET") ? json(document) : crud.dispatch(request);
        }

        private MockResponse json(Object document) {
            try {
                return new MockResponse()
                        .setResponseCode(200)
                        .addHeader("Content-Type", "application/json")
                        .setBody(mapper.writeValueAsString(document));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** What kubectl reads to learn which resources there are. */
    private static final class Discovery {

        private record Resource(String group, String version, String plural, String kind, String shortName) {}

        private static final List<Resource> RESOURCES = List.of(
                new Resource("", "v1", "services", "Service", "svc"),
                new Resource("", "v1", "events", "Event", "ev"),
                new Resource("", "v1", "nodes", "Node", "no"),
                new Resource("", "v1", "namespaces", "Namespace", "ns"),
                new Resource("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", "eps"),
                new Resource("networking.k8s.io", "v1", "ingresses", "Ingress", "ing"));

        static Map<String, Object> documents() {
            Map<String, Object> all = new HashMap<>();
            all.put("/version", Map.of("major", "1", "minor", "33", "gitVersion", "v1.33.0-local"));
            all.put("/api", Map.of("kind", "APIVersions", "versions", List.of("v1")));
            Map<String, List<Map<String, Object>>> byVersion = new LinkedHashMap<>();
            RESOURCES.forEach(r -> byVersion
                    .computeIfAbsent(version(r), v -> new ArrayList<>())
                    .add(resource(r)));
            List<Object> groups = new ArrayList<>();
            byVersion.forEach((version, resources) -> {
                all.put(
                        version.contains("/") ? "/apis/" + version : "/api/" + version,
                        Map.of(
                                "kind",
                                "APIResourceList",
                                "apiVersion",
                                "v1",
                                "groupVersion",
                                version,
                                "resources",
                                resources));
                if (version.contains("/")) {
                    Map<String, String> one =
                            Map.of("groupVersion", version, "version", version.substring(version.indexOf('/') + 1));
                    groups.add(Map.of(
                            "name", version.substring(0, version.indexOf('/')),
                            "versions", List.of(one),
                            "preferredVersion", one));
                }
            });
            all.put("/apis", Map.of("kind", "APIGroupList", "apiVersion", "v1", "groups", groups));
            return all;
        }

        private static String version(Resource resource) {
            return resource.group().isEmpty() ? resource.version() : resource.group() + "/" + resource.version();
        }

        private static Map<String, Object> resource(Resource r) {
            boolean namespaced = !r.kind().equals("Node") && !r.kind().equals("Namespace");
            return Map.of(
                    "name", r.plural(),
                    "singularName", r.kind().toLowerCase(Locale.ROOT),
                    "namespaced", namespaced,
                    "kind", r.kind(),
                    "shortNames", List.of(r.shortName()),
                    "verbs", List.of("get", "list", "create", "update", "patch", "delete"));
        }
    }
}
