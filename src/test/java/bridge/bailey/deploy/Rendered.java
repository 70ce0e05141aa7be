package bridge.bailey.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The objects that kustomize makes of a folder of k8s/, or of the base with some components. */
public final class Rendered {

    private static final Path K8S = Path.of("k8s").toAbsolutePath();
    private static final Path WORK = Path.of("target", "kustomize").toAbsolutePath();
    private static final Map<Path, Rendered> KNOWN = new ConcurrentHashMap<>();

    private final String name;
    private final List<JsonNode> objects;

    private Rendered(String name, List<JsonNode> objects) {
        this.name = name;
        this.objects = List.copyOf(objects);
    }

    /** One of k8s/overlays. */
    public static Rendered overlay(String name) {
        return folder(K8S.resolve("overlays").resolve(name));
    }

    /** The base in the cluster "east", with these components. */
    public static Rendered with(String... components) {
        return with(List.of(components), List.of(), List.of("BAILEY_CLUSTER=east"));
    }

    /** Writing in the namespace "shop" alone, as docs/deploy.md says to do it. */
    public static Rendered inShopAlone() {
        write(WORK.resolve("shop"), "namespace: shop\nresources: [../../../k8s/components/namespaced/writer]\n");
        return with(
                List.of("namespaced"),
                List.of("../shop"),
                List.of("BAILEY_CLUSTER=east", "BAILEY_LEGACY_NAMESPACES=shop"));
    }

    private static Rendered with(List<String> components, List<String> resources, List<String> literals) {
        String name = components.isEmpty() ? "base" : String.join("+", components);
        String all = Stream.concat(Stream.of("../../../k8s/base"), resources.stream())
                .collect(Collectors.joining(", "));
        write(
                WORK.resolve(name),
                """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                resources: [%s]
                components: [%s]
                configMapGenerator:
                - {name: bailey, namespace: bailey, behavior: merge, literals: [%s]}
                """
                        .formatted(
                                all,
                                components.stream()
                                        .map(c -> "../../../k8s/components/" + c)
                                        .collect(Collectors.joining(", ")),
                                String.join(", ", literals)));
        return folder(WORK.resolve(name));
    }

    private static void write(Path folder, String kustomization) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("kustomization.yaml"), kustomization);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Rendered folder(Path folder) {
        return KNOWN.computeIfAbsent(
                folder,
                f -> new Rendered(String.valueOf(f.getFileName()), parse(run("scripts/kustomize", f.toString()))));
    }

    /** The objects in some YAML. */
    static List<JsonNode> parse(String yaml) {
        List<JsonNode> all = new ArrayList<>();
        try (var documents =
                new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(new YAMLFactory().createParser(yaml))) {
            documents.forEachRemaining(document -> {
                if (document.isObject()) {
                    all.add(document);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static String run(String... command) {
        try {
            Path err = Files.createTempFile("kustomize", ".err");
            Process process =
                    new ProcessBuilder(command).redirectError(err.toFile()).start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(Arrays.toString(command) + " failed: " + Files.readString(err));
            }
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public List<JsonNode> objects() {
        return objects;
    }

    /** Those of one kind. */
    public List<JsonNode> all(String kind) {
        return objects.stream()
                .filter(o -> o.path("kind").asText().equals(kind))
                .toList();
    }

    /** The only one of a kind that is called so. */
    JsonNode one(String kind, String name) {
        List<JsonNode> found =
                all(kind).stream().filter(o -> nameOf(o).equals(name)).toList();
        if (found.size() != 1) {
            throw new AssertionError(this.name + " has " + found.size() + " of " + kind + " " + name);
        }
        return found.get(0);
    }

    JsonNode deployment() {
        return one("Deployment", "bailey");
    }

    /** What the pods are made of. */
    JsonNode pod() {
        return deployment().at("/spec/template");
    }

    JsonNode container() {
        return pod().at("/spec/containers/0");
    }

    /** The environment of the container: the ConfigMap, and what the Deployment sets itself. */
    public Map<String, String> environment() {
        String map = container().at("/envFrom/0/configMapRef/name").asText();
        Map<String, String> all = new TreeMap<>();
        one("ConfigMap", map)
                .get("data")
                .properties()
                .forEach(e -> all.put(e.getKey(), e.getValue().asText()));
        container()
                .path("env")
                .forEach(e -> all.put(e.get("name").asText(), e.path("value").asText()));
        return all;
    }

    static String nameOf(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    static String namespaceOf(JsonNode object) {
        return object.at("/metadata/namespace").asText();
    }

    /** Kind, namespace and name. */
    static String titleOf(JsonNode object) {
        return object.path("kind").asText() + " " + namespaceOf(object) + "/" + nameOf(object);
    }

    @Override
    public String toString() {
        return name;
    }
}
