package bridge.bailey.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Optional;

/**
 * The API's models as fabric8 has them, without their mercy: they take unknown fields in by an any-setter, and make a number of
 * a text. Here both fail.
 */
final class StrictModels {

    private static final KubernetesSerialization KINDS = new KubernetesSerialization();

    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .annotationIntrospector(new WithoutAnySetter())
            .build();

    private StrictModels() {}

    /** What is wrong with an object; empty if nothing is. */
    static Optional<String> problem(JsonNode object) {
        String version = object.path("apiVersion").asText();
        String kind = object.path("kind").asText();
        Class<?> model = KINDS.getRegisteredKubernetesResource(version, kind);
        if (model == null) {
            return Optional.of("there is no model of " + version + " " + kind);
        }
        try {
            STRICT.treeToValue(object, model);
            return Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.of(Rendered.titleOf(object) + ": " + e.getMessage());
        }
    }

    private static final class WithoutAnySetter extends JacksonAnnotationIntrospector {
        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }
}
