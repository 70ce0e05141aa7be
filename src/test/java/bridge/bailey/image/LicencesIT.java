package bridge.bailey.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The SBOM, which the build has made by then, tells of each jar that is shipped under which licence it may be. */
class LicencesIT {

    private static final Pattern PERMISSIVE = Pattern.compile("Apache-2\\.0|MIT|MIT-0|BSD-[23]-Clause|EPL-[12]\\.0");

    /** With a choice, or where the exception lets others link it. */
    private static final Pattern EXCEPTED = Pattern.compile(".*(?i:classpath.exception).*");

    private final JsonNode bom;

    LicencesIT() throws IOException {
        bom = new ObjectMapper().readTree(Path.of("target", "bom.json").toFile());
    }

    @Test
    void nothingThatIsShippedIsCopyleftAlone() {
        List<String> refused = new ArrayList<>();
        bom.path("components").forEach(component -> {
            List<String> licences = licences(component);
            if (licences.stream().noneMatch(LicencesIT::mayBeShipped)) {
                refused.add(component.path("purl").asText() + " " + licences);
            }
        });
        assertThat(refused).isEmpty();
    }

    private static boolean mayBeShipped(String licence) {
        return PERMISSIVE.matcher(licence).matches()
                || EXCEPTED.matcher(licence).matches();
    }

    private static List<String> licences(JsonNode component) {
        List<String> all = new ArrayList<>();
        component
                .path("licenses")
                .forEach(
                        one -> all.add(Stream.of(one.at("/license/id"), one.at("/license/name"), one.path("expression"))
                                .map(JsonNode::asText)
                                .filter(text -> !text.isEmpty())
                                .findFirst()
                                .orElse("none")));
        return all;
    }

    @Test
    void eachJarThatIsShippedIsInTheSbom() throws IOException {
        Set<String> known = new TreeSet<>();
        bom.path("components")
                .forEach(component -> known.add(component.path("group").asText() + "."
                        + component.path("name").asText() + "-"
                        + component.path("version").asText() + ".jar"));
        Set<String> shipped;
        try (Stream<Path> files = Files.walk(Path.of("target", "quarkus-app", "lib"))) {
            shipped = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    // A classifier is no part of a component's name.
                    .map(name -> name.replaceAll("-(linux|osx)-[a-z0-9_]+\\.jar$", ".jar"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        shipped.removeAll(known);
        assertThat(shipped).isEmpty();
    }
}
