package bridge.bailey.source;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.crd.CrdFromClasses;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Health;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDefaults;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever an API without checks lets through can be read: random objects in the shape of the schema, and beside it. */
class LegacyModelPropertyTest {

    private static final LegacyDefaults DEFAULTS =
            new LegacyDefaults(Duration.ofSeconds(10), Duration.ofSeconds(2), 2, 3, Health.UNHEALTHY, 0.3, List.of());

    private static final JSONSchemaProps SPEC = CrdFromClasses.make()
            .getSpec()
            .getVersions()
            .get(0)
            .getSchema()
            .getOpenAPIV3Schema()
            .getProperties()
            .get("spec");

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "http",
            "a",
            "A_B",
            "10.0.0.1",
            "::1",
            "10s",
            "500ms",
            "30%",
            "200-399",
            "999",
            "/",
            "HTTPS",
            "TCP",
            "UDP",
            "private",
            "public",
            "healthy",
            "eu-central-1",
            "a.example",
            "arn:aws:iam::123456789012:role/a",
            "-----BEGIN CERTIFICATE-----",
            "\u202e\n",
            "x".repeat(300));

    private static final List<Object> NUMBERS =
            List.of(0, 1, 80, 443, -1, 65_535, 65_536, 1.5, Long.MAX_VALUE, Double.MAX_VALUE);

    @Property(tries = 3000)
    void nothingThatTheApiCouldHoldIsTooMuch(@ForAll Random random) {
        GenericKubernetesResource resource = resource(value(SPEC, random));

        LegacyDeclaration read = LegacyModel.declaration(resource, DEFAULTS);

        assertThat(read.key()).isEqualTo(LegacyModel.claimed(resource));
        assertThat(read.findings())
                .allSatisfy(finding -> assertThat(finding.text()).startsWith("LegacyService shop/billing spec"));
        assertThat(read.ports()).allSatisfy(port -> assertThat(port.port()).isBetween(1, 65_535));
        assertThat(read.ports()).extracting(LegacyDeclaration.Port::name).doesNotHaveDuplicates();
        assertThat(read.probe().stream()).allSatisfy(probe -> {
            assertThat(probe.timeout()).isPositive().isLessThanOrEqualTo(probe.interval());
            assertThat(probe.rise()).isPositive();
        });
        assertThat(read.failOpenBelow()).isBetween(0.0, 1.0);
    }

    @Property(tries = 1000)
    void whatIsReadIsAlwaysTheSame(@ForAll Random random) {
        GenericKubernetesResource resource = resource(value(SPEC, random));

        assertThat(LegacyModel.declaration(resource, DEFAULTS)).isEqualTo(LegacyModel.declaration(resource, DEFAULTS));
    }

    /** So that the property above says something: most objects are read in part. */
    @Example
    void theRandomObjectsAreNeitherAllGoodNorAllBad() {
        Random random = new Random(1);
        List<LegacyDeclaration> read = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            read.add(LegacyModel.declaration(resource(value(SPEC, random)), DEFAULTS));
        }

        assertThat(read)
                .anyMatch(d -> d.probe().isPresent())
                .anyMatch(d -> d.ports().size() > 1);
        assertThat(read.stream()
                        .flatMap(d -> d.origins().stream())
                        .map(Object::getClass)
                        .collect(Collectors.toSet()))
                .hasSize(4);
        assertThat(read.stream()
                        .flatMap(d -> d.findings().stream())
                        .map(Finding::field)
                        .map(field -> field.replaceAll("\\d+", ""))
                        .collect(Collectors.toSet()))
                .hasSizeGreaterThan(40);
    }

    private static GenericKubernetesResource resource(Object spec) {
        GenericKubernetesResource resource = new GenericKubernetesResource();
        resource.setMetadata(new ObjectMetaBuilder()
                .withNamespace("shop")
                .withName("billing")
                .build());
        resource.setAdditionalProperty("spec", spec);
        return resource;
    }

    /** Mostly of the type that the schema names, and sometimes anything. */
    private static Object value(JSONSchemaProps schema, Random random) {
        if (random.nextInt(25) == 0) {
            return junk(random);
        }
        return switch (schema.getType()) {
            case "object" -> object(schema, random);
            case "array" -> list(schema, random);
            case "boolean" -> random.nextBoolean();
            case "integer" -> NUMBERS.get(random.nextInt(NUMBERS.size()));
            default ->
                schema.getEnum() != null && !schema.getEnum().isEmpty() && random.nextInt(4) > 0
                        ? schema.getEnum()
                                .get(random.nextInt(schema.getEnum().size()))
                                .asText()
                        : TEXTS.get(random.nextInt(TEXTS.size()));
        };
    }

    private static Map<String, Object> object(JSONSchemaProps schema, Random random) {
        Map<String, Object> object = new LinkedHashMap<>();
        boolean oneOf = schema.getProperties().containsKey("static")
                || schema.getProperties().containsKey("tcp");
        int share = oneOf ? 3 : 1;
        schema.getProperties().forEach((name, field) -> {
            boolean needed =
                    schema.getRequired() != null && schema.getRequired().contains(name);
            if (needed ? random.nextInt(10) > 0 : random.nextInt(share + 1) == 0) {
                object.put(name, value(field, random));
            }
        });
        return object;
    }

    private static List<Object> list(JSONSchemaProps schema, Random random) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(value(schema.getItems().getSchema(), random));
        }
        return list;
    }

    private static Object junk(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> NUMBERS.get(random.nextInt(NUMBERS.size()));
            case 3 -> new ArrayList<>(List.of("a", Map.of("b", 1)));
            case 4 -> Map.of("name", Map.of(), "instances", "x");
            default -> TEXTS.get(random.nextInt(TEXTS.size()));
        };
    }
}
