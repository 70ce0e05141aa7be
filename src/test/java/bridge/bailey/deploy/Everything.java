package bridge.bailey.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every overlay, and every combination of components that makes sense and is not merely two that don't meet. */
final class Everything {

    /** Not for an overlay: it makes a Job of the Deployment. */
    static final String PURGE = "purge";

    private static final List<List<String>> COMBINATIONS = List.of(
            List.of(),
            List.of("export-only"),
            List.of("export-only", "export-ingress", "consul-login", "consul-tls"),
            List.of("legacy-only"),
            List.of("legacy-only", "ec2", "egress"),
            List.of("ec2", "consul-token", "consul-tls", "consul-node-agent", "monitoring", "board-ingress"),
            List.of("export-ingress", "consul-login", "consul-node-agent", "egress", "board-ingress"));

    private Everything() {}

    static Stream<Rendered> rendered() {
        return Stream.of(
                        overlays().stream().map(Rendered::overlay),
                        COMBINATIONS.stream().map(c -> Rendered.with(c.toArray(String[]::new))),
                        Stream.of(Rendered.inShopAlone()))
                .flatMap(s -> s);
    }

    static Set<String> overlays() {
        return folders(Path.of("k8s", "overlays"));
    }

    static Set<String> components() {
        return folders(Path.of("k8s", "components"));
    }

    /** The components that some combination has. */
    static Set<String> combined() {
        Set<String> all = COMBINATIONS.stream().flatMap(List::stream).collect(Collectors.toCollection(TreeSet::new));
        all.add("namespaced");
        return all;
    }

    private static Set<String> folders(Path path) {
        try (Stream<Path> all = Files.list(path)) {
            return all.map(p -> p.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
