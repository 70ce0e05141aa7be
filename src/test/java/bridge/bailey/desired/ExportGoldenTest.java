package bridge.bailey.desired;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.config.Configs;
import bridge.bailey.source.Manifests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What Consul should hold for given Kubernetes objects. Each folder of src/test/resources/export is a case, and its name
 * says what is special in it: {@code in.yaml} has the objects and, in a document that begins with {@code bailey:}, the
 * configuration that differs from the defaults; {@code out.yaml} has what comes of it.
 *
 * <p>{@code mvn test -Dtest=ExportGoldenTest -Dgolden.update=true} writes every {@code out.yaml}; then read the diff.
 */
class ExportGoldenTest {

    private static final Path CASES = Path.of("src/test/resources/export");
    private static final Map<String, ExportRules> RULES = new ConcurrentHashMap<>();
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");

    @TestFactory
    Stream<DynamicTest> theDesiredCatalogIsAsWritten() {
        assertThat(cases()).isNotEmpty();
        return cases().stream()
                .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> check(folder)));
    }

    private static void check(Path folder) throws IOException {
        List<String> documents = Arrays.stream(
                        Files.readString(folder.resolve("in.yaml")).split("(?m)^---\\R"))
                .filter(document -> !document.isBlank())
                .toList();
        ExportRules rules = rules(documents.stream()
                .filter(ExportGoldenTest::isConfig)
                .findFirst()
                .orElse(""));
        Manifests manifests = Manifests.of(
                documents.stream().filter(document -> !isConfig(document)).toList());
        Export export = new Export(rules);
        StringBuilder found = new StringBuilder();
        manifests
                .services(rules.ingress())
                .forEach((key, service) -> found.append(Golden.text(key, export.desired(service))));
        Path expected = folder.resolve("out.yaml");
        if (UPDATE) {
            Files.writeString(expected, found);
        }
        assertThat(names(folder)).containsExactly("in.yaml", "out.yaml");
        assertThat(found.toString()).isEqualTo(Files.readString(expected));
    }

    private static ExportRules rules(String config) {
        return RULES.computeIfAbsent(config, Configs::exportRules);
    }

    private static boolean isConfig(String document) {
        return document.lines().anyMatch("bailey:"::equals);
    }

    private static List<Path> cases() {
        try (Stream<Path> files = Files.list(CASES)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
