package bridge.bailey.image;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The instructions of the Dockerfile, with continued lines joined and without comments. */
final class Dockerfile {

    private final List<String> lines = new ArrayList<>();

    private Dockerfile(String text) {
        text.replaceAll("(?m)^\\s*#.*\\R", "")
                .replaceAll("\\\\\\R\\s*", "")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .forEach(lines::add);
    }

    static Dockerfile read() {
        try {
            return new Dockerfile(Files.readString(Path.of("Dockerfile")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The arguments of each such instruction. */
    List<String> all(String instruction) {
        return lines.stream()
                .filter(line -> line.startsWith(instruction + " "))
                .map(line -> line.substring(instruction.length() + 1).strip())
                .toList();
    }

    /** Those after the last FROM, of which the image is. */
    List<String> last(String instruction) {
        List<String> before = lines;
        int from = 0;
        for (int i = 0; i < before.size(); i++) {
            from = before.get(i).startsWith("FROM ") ? i : from;
        }
        return before.subList(from, before.size()).stream()
                .filter(line -> line.startsWith(instruction + " "))
                .map(line -> line.substring(instruction.length() + 1).strip())
                .toList();
    }

    /** The entrypoint, word by word. */
    List<String> entrypoint() {
        try {
            return new ObjectMapper().readValue(last("ENTRYPOINT").get(0), new TypeReference<>() {});
        } catch (IOException e) {
            throw new AssertionError("ENTRYPOINT is no list, so it would need a shell", e);
        }
    }
}
