package bridge.bailey.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The CustomResourceDefinition that the classes of this package describe: what fabric8's generator makes of them, with what
 * it has no annotation for or leaves out, and with fields and columns in the order in which the classes declare them.
 */
public final class CrdFromClasses {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build();

    private CrdFromClasses() {}

    /** Makes the definition anew. */
    public static CustomResourceDefinition make() {
        CustomResourceDefinition crd = generated();
        crd.getMetadata().setAnnotations(null);
        CustomResourceDefinitionVersion version = crd.getSpec().getVersions().get(0);
        version.setAdditionalPrinterColumns(columns(version.getAdditionalPrinterColumns()));
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        root.setDescription(
                LegacyService.class.getAnnotation(JsonClassDescription.class).value());
        Map<String, JSONSchemaProps> parts = new LinkedHashMap<>();
        parts.put("spec", root.getProperties().get("spec"));
        parts.put("status", root.getProperties().get("status"));
        root.setProperties(parts);
        root.setRequired(List.of("spec"));
        complete(parts.get("spec"), LegacyServiceSpec.class);
        complete(parts.get("status"), LegacyServiceStatus.class);
        return crd;
    }

    private static CustomResourceDefinition generated() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        int made = new CRDGenerator()
                .customResourceClasses(LegacyService.class)
                .forCRDVersions("v1")
                .withImplicitPreserveUnknownFields(false)
                .withOutput(new CRDGenerator.CRDOutput<>() {
                    @Override
                    public OutputStream outputFor(String name) {
                        return written;
                    }

                    @Override
                    public void close() {}
                })
                .generate();
        if (made != 1) {
            throw new IllegalStateException("The generator made " + made + " definitions; see its log.");
        }
        return Serialization.unmarshal(written.toString(StandardCharsets.UTF_8), CustomResourceDefinition.class);
    }

    private static List<CustomResourceColumnDefinition> columns(List<CustomResourceColumnDefinition> generated) {
        List<String> order = Arrays.stream(LegacyService.class.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        return generated.stream()
                .sorted(Comparator.comparingInt(column -> order.indexOf(column.getName())))
                .toList();
    }

    /** Walks the schema and its class side by side. */
    private static void complete(JSONSchemaProps schema, Class<?> type) {
        Optional.ofNullable(type.getAnnotation(JsonClassDescription.class))
                .filter(description -> schema.getDescription() == null)
                .ifPresent(description -> schema.setDescription(description.value()));
        Map<String, JSONSchemaProps> ordered = new LinkedHashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = nameOf(component);
            JSONSchemaProps field = schema.getProperties().get(name);
            ordered.put(name, field);
            completeField(field, component);
        }
        if (ordered.size() != schema.getProperties().size()) {
            throw new IllegalStateException(type + " has " + ordered.keySet() + ", its schema "
                    + schema.getProperties().keySet());
        }
        schema.setProperties(ordered);
        if (schema.getRequired() != null && schema.getRequired().isEmpty()) {
            schema.setRequired(null);
        }
    }

    private static void completeField(JSONSchemaProps field, RecordComponent component) {
        Class<?> type = component.getType();
        ListKeys keys = keysOf(component);
        if (keys != null) {
            field.setXKubernetesListType("map");
            field.setXKubernetesListMapKeys(List.of(keys.value()));
        }
        if (type.isRecord()) {
            complete(field, type);
        } else if (type == List.class) {
            Type element = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
            if (((Class<?>) element).isRecord()) {
                complete(field.getItems().getSchema(), (Class<?>) element);
            }
        }
    }

    private static ListKeys keysOf(RecordComponent component) {
        try {
            return component
                    .getDeclaringRecord()
                    .getDeclaredField(component.getName())
                    .getAnnotation(ListKeys.class);
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String nameOf(RecordComponent component) {
        JsonProperty given = component.getAccessor().getAnnotation(JsonProperty.class);
        return given == null ? component.getName() : given.value();
    }

    /** The definition as YAML. */
    public static String yaml(CustomResourceDefinition crd) throws JsonProcessingException {
        return YAML.writeValueAsString(crd).replaceAll("(m(?:ax|in)imum: \\d+)\\.0\\b", "$1");
    }
}
