package bridge.bailey.desired;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.config.Configs;
import bridge.bailey.config.Settings;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.source.LegacyManifests;
import bridge.bailey.target.MirrorManifests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What the cluster should hold for given LegacyServices and EC2 tags. Each folder of src/test/resources/mirror is a case, and
 * its name says what is special in it. {@code in.yaml} has the LegacyServices, and what is in the cluster already; in a
 * document that begins with {@code played:} what EC2, Consul and the probes say; and in one that begins with {@code bailey:}
 * the configuration that differs from the defaults. {@code out.yaml} has what comes of it: the objects as the API gets them,
 * what is probed, and the status of each resource.
 *
 * <p>{@code mvn test -Dtest=MirrorGoldenTest -Dgolden.update=true} writes every {@code out.yaml}; then read the diff.
 */
class MirrorGoldenTest {

    private static final Path CASES = Path.of("src/test/resources/mirror");
    private static final Map<String, Settings> SETTINGS = new ConcurrentHashMap<>();
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");

    @TestFactory
    Stream<DynamicTest> theMirrorIsAsWritten() {
        assertThat(cases()).isNotEmpty();
        return cases().stream()
                .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> check(folder)));
    }

    private static void check(Path folder) throws IOException {
        List<String> documents = Arrays.stream(
                        Files.readString(folder.resolve("in.yaml")).split("(?m)^---\\R"))
                .filter(document -> !document.isBlank())
                .toList();
        Settings settings = SETTINGS.computeIfAbsent(
                documents.stream()
                        .filter(MirrorGoldenTest::isConfig)
                        .findFirst()
                        .orElse(""),
                Configs::settings);
        LegacyRules rules = settings.legacyRules();
        LegacyManifests in = LegacyManifests.of(
                documents.stream().filter(document -> !isConfig(document)).toList(),
                rules,
                settings.config().ec2().namespace());
        StringBuilder found = new StringBuilder();
        Set<ProbeTarget> probed = new TreeSet<>();
        in.views().forEach((key, view) -> {
            found.append(text(key, view, rules, in));
            probed.addAll(Merging.merge(view, rules).targets().keySet());
        });
        Path expected = folder.resolve("out.yaml");
        if (UPDATE) {
            Files.writeString(expected, found);
        }
        assertThat(names(folder)).containsExactly("in.yaml", "out.yaml");
        assertThat(in.unused(probed)).as("played, but asked by nobody").isEmpty();
        assertThat(found.toString()).isEqualTo(Files.readString(expected));
    }

    private static String text(ServiceKey key, LegacyView view, LegacyRules rules, LegacyManifests in) {
        Desired<MirrorItem> desired = new Mirror(rules).desired(view);
        return MirrorGolden.text(
                view, rules, desired, MirrorManifests.of(key, in.service(key), in.slices(key), desired.items()));
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
