package bridge.bailey.crd;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The LegacyServices that docs/, k8s/ and examples/ show. */
public final class Examples {

    private static final ObjectMapper YAML = new YAMLMapper();
    private static final Pattern BLOCK = Pattern.compile("(?s)```yaml\\n(.*?)```");

    private Examples() {}

    /** Each as it stands there, and in the order in which it does. */
    public static List<Map<String, Object>> all() throws IOException {
        List<Map<String, Object>> all = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(Path.of("docs/legacyservice.md")));
        while (block.find()) {
            addTo(all, block.group(1));
        }
        addTo(all, Files.readString(Path.of("k8s/dns/consul-dns.yaml")));
        Path folder = Path.of("examples/legacy");
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".yaml"))
                        .sorted()
                        .toList()) {
                    addTo(all, Files.readString(file));
                }
            }
        }
        return all;
    }

    private static void addTo(List<Map<String, Object>> all, String text) {
        Stream.of(text.split("(?m)^---.*$"))
                .filter(document -> document.contains("kind: LegacyService"))
                .forEach(document -> all.add(read(document)));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> read(String document) {
        try {
            return YAML.readValue(document, Map.class);
        } catch (IOException e) {
            throw new UncheckedIOException(document, e);
        }
    }
}
