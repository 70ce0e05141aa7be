package bridge.bailey.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;

/** What the mock server lacks and kubectl needs: discovery, and server-side apply as far as merging goes. */
final class KubectlFront extends Dispatcher {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    private final KubernetesCrudDispatcher crud = new KubernetesCrudDispatcher();
    private final Map<String, Object> discovery = Discovery.documents();
    private volatile Function<RecordedRequest, Optional<MockResponse>> interceptor = request -> Optional.empty();

    private final Set<ApiCall> calls = new ConcurrentSkipListSet<>();

    /** What Bailey has asked for, be it in this process or in one of its own. */
    Set<ApiCall> calls() {
        return Set.copyOf(calls);
    }

    void intercept(Function<RecordedRequest, Optional<MockResponse>> next) {
        interceptor = next;
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        if (String.valueOf(request.getHeader("User-Agent")).startsWith(LocalKubernetes.BAILEY)) {
            ApiCall.of(request.method(), request.getPath()).ifPresent(calls::add);
        }
        Optional<MockResponse> intercepted = interceptor.apply(request);
        if (intercepted.isPresent()) {
            return intercepted.get();
        }
        String path = request.getPath().replaceAll("[?].*", "");
        try {
            if (request.method() == HttpMethod.GET && discovery.containsKey(path)) {
                return answer(200, JSON.writeValueAsString(discovery.get(path)));
            }
            String type = String.valueOf(request.getHeader("Content-Type"));
            if (request.method() == HttpMethod.PATCH && type.startsWith("application/apply-patch")) {
                return apply(request, path);
            }
        } catch (JsonProcessingException e) {
            return answer(400, "{\"kind\":\"Status\",\"code\":400,\"message\":\"can't be read\"}");
        }
        return crud.dispatch(request);
    }

    /** Merges what is applied into what there is; lists are replaced, and no field has an owner. */
    private MockResponse apply(RecordedRequest request, String path) throws JsonProcessingException {
        JsonNode applied = YAML.readTree(request.getUtf8Body());
        MockResponse existing = crud.handleGet(path);
        if (existing.code() == 404) {
            String collection = path.substring(0, path.lastIndexOf('/'));
            return crud.dispatch(like(request, HttpMethod.POST, collection, applied));
        }
        JsonNode merged =
                merged(JSON.readTree(new String(existing.getBody().getBytes(), StandardCharsets.UTF_8)), applied);
        return crud.dispatch(like(request, HttpMethod.PUT, path, merged));
    }

    private static JsonNode merged(JsonNode into, JsonNode from) {
        if (!(into instanceof ObjectNode target) || !from.isObject()) {
            return from;
        }
        from.properties().forEach(field -> {
            JsonNode before = target.get(field.getKey());
            target.set(field.getKey(), before == null ? field.getValue() : merged(before, field.getValue()));
        });
        return target;
    }

    private static RecordedRequest like(RecordedRequest request, HttpMethod method, String path, JsonNode body)
            throws JsonProcessingException {
        return new RecordedRequest(
                request.getHttpVersion(),
                method,
                path,
                request.getHeaders()
                        .newBuilder()
                        .setHeader("Content-Type", "application/json")
                        .build(),
                new Buffer(JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8)));
    }

    private static MockResponse answer(int status, String body) {
        return new MockResponse()
                .setResponseCode(status)
                .addHeader("Content-Type", "application/json")
                .setBody(body);
    }
}
