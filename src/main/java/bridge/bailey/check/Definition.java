package bridge.bailey.check;

import bridge.bailey.crd.LegacyService;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Whether the definition of LegacyService is installed, and is the one that belongs to this Bailey. */
final class Definition implements Check {

    private static final String NAME = LegacyService.PLURAL + "." + LegacyService.GROUP;
    private static final String WHAT = "CustomResourceDefinition " + NAME;
    private static final String FIX = "kubectl apply --server-side -k k8s/crd";
    private static final String AT = LegacyService.GROUP + "/" + LegacyService.VERSION;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MOST_TOLD = 5;

    private final KubernetesClient client;

    Definition(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public String area() {
        return "LegacyService";
    }

    @Override
    public void look(Report report) throws IOException {
        Optional<CustomResourceDefinition> installed;
        try {
            installed = Optional.ofNullable(client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName(NAME)
                    .get());
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            served(report);
            return;
        }
        Optional<JsonNode> schema = installed.flatMap(Definition::schema);
        if (schema.isEmpty()) {
            report.fail(
                    WHAT,
                    installed.isEmpty()
                            ? "is not installed"
                            : "is installed, and does not serve " + LegacyService.VERSION,
                    FIX);
        } else {
            compare(report, schema.get(), false);
        }
    }

    /** Bailey needs no right to read definitions; what is served anyone may see. */
    private void served(Report report) throws IOException {
        String resources = client.raw("/apis/" + AT);
        if (resources == null || !resources.contains("\"" + LegacyService.PLURAL + "\"")) {
            report.fail(WHAT, "is not installed", FIX);
            return;
        }
        String openApi = client.raw("/openapi/v3/apis/" + AT);
        Optional<JsonNode> schema = openApi == null ? Optional.empty() : schemaIn(MAPPER.readTree(openApi));
        if (schema.isPresent()) {
            compare(report, schema.get(), true);
        } else {
            report.ok(WHAT, "is installed; whether it is that of this version can't be told, as we may not read it");
        }
    }

    private static Optional<JsonNode> schemaIn(JsonNode openApi) {
        return StreamSupport.stream(openApi.at("/components/schemas").spliterator(), false)
                .filter(schema -> schema.at("/x-kubernetes-group-version-kind/0/kind")
                        .asText()
                        .equals(LegacyService.KIND))
                .findFirst();
    }

    private static Optional<JsonNode> schema(CustomResourceDefinition definition) {
        return definition.getSpec().getVersions().stream()
                .filter(version -> LegacyService.VERSION.equals(version.getName()))
                .filter(version -> Boolean.TRUE.equals(version.getServed()))
                .map(CustomResourceDefinitionVersion::getSchema)
                .map(schema -> MAPPER.<JsonNode>valueToTree(schema.getOpenAPIV3Schema()))
                .findFirst();
    }

    private static void compare(Report report, JsonNode served, boolean namesOnly) throws IOException {
        Map<String, String> ours = SchemaFields.of(schema(shipped()).orElseThrow());
        Map<String, String> theirs = SchemaFields.of(served);
        List<String> missing = only(ours, theirs.keySet());
        List<String> unknown = only(theirs, ours.keySet());
        List<String> other = namesOnly
                ? List.of()
                : ours.entrySet().stream()
                        .filter(field -> theirs.containsKey(field.getKey())
                                && !theirs.get(field.getKey()).equals(field.getValue()))
                        .map(Map.Entry::getKey)
                        .toList();
        if (missing.isEmpty() && unknown.isEmpty() && other.isEmpty()) {
            report.ok(WHAT, "is installed, and is that of this version");
        } else {
            report.warn(
                    WHAT,
                    "is not that of this version" + told("; it lacks ", missing) + told("; it has besides ", unknown)
                            + told("; it checks otherwise ", other),
                    FIX);
        }
    }

    private static List<String> only(Map<String, String> fields, Set<String> others) {
        return fields.keySet().stream().filter(path -> !others.contains(path)).toList();
    }

    private static String told(String what, List<String> paths) {
        return paths.isEmpty()
                ? ""
                : what
                        + String.join(", ", paths.stream().limit(MOST_TOLD).toList())
                        + (paths.size() > MOST_TOLD ? " and " + (paths.size() - MOST_TOLD) + " more" : "");
    }

    private static CustomResourceDefinition shipped() throws IOException {
        try (InputStream in = Definition.class.getResourceAsStream("/crd/" + NAME + ".yaml")) {
            return Serialization.unmarshal(in, CustomResourceDefinition.class);
        }
    }
}
