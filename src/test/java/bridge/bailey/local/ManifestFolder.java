package bridge.bailey.local;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A folder of YAML manifests that are applied, and applied again when a file is saved; what a file drops is deleted. */
public final class ManifestFolder {

    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private final Path folder;
    private final KubernetesClient client;
    private final Consumer<String> log;

    /** What was applied, by file and then by {@code kind namespace/name}. */
    private final Map<Path, Map<String, HasMetadata>> applied = new TreeMap<>();

    public ManifestFolder(Path folder, KubernetesClient client, Consumer<String> log) {
        this.folder = folder;
        this.client = client;
        this.log = log;
    }

    /** Applies every file once. */
    public void apply() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(ManifestFolder::isManifest).sorted().forEach(this::apply);
        }
    }

    /** Applies files as they change, until the thread is interrupted. */
    public void watch() throws IOException, InterruptedException {
        try (WatchService watcher = FileSystems.getDefault().newWatchService()) {
            folder.register(
                    watcher,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
            while (true) {
                WatchKey key = watcher.take();
                key.pollEvents().stream()
                        .map(event -> folder.resolve((Path) event.context()))
                        .filter(ManifestFolder::isManifest)
                        .distinct()
                        .forEach(this::apply);
                key.reset();
            }
        }
    }

    private static boolean isManifest(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml"));
    }

    private void apply(Path file) {
        Map<String, HasMetadata> wanted = new LinkedHashMap<>();
        try {
            if (Files.exists(file)) {
                for (HasMetadata object : read(file)) {
                    wanted.put(nameOf(object), object);
                }
            }
        } catch (IOException | RuntimeException e) {
            log.accept(file.getFileName() + " can't be read, and what it held stays as it was: " + e.getMessage());
            return;
        }
        Map<String, HasMetadata> before = applied.getOrDefault(file, Map.of());
        wanted.forEach((name, object) -> {
            if (!object.equals(before.get(name))) {
                attempt(file, name, () -> put(object));
            }
        });
        before.forEach((name, object) -> {
            if (!wanted.containsKey(name)) {
                attempt(file, name, () -> client.resource(object).delete());
            }
        });
        applied.put(file, wanted);
    }

    private static List<HasMetadata> read(Path file) throws IOException {
        List<HasMetadata> all = new ArrayList<>();
        for (String document : Files.readString(file).split("(?m)^---\\s*$", -1)) {
            if (document.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#"))) {
                all.add(SERIALIZATION.unmarshal(document));
            }
        }
        return all;
    }

    private void attempt(Path file, String name, Runnable change) {
        try {
            change.run();
        } catch (KubernetesClientException e) {
            log.accept(file.getFileName() + ": " + name + " can't be applied: " + e.getMessage());
        }
    }

    private void put(HasMetadata object) {
        Resource<HasMetadata> resource = client.resource(object);
        HasMetadata existing = resource.get();
        if (existing == null) {
            resource.create();
        } else {
            resource.update();
        }
    }

    private static String nameOf(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getNamespace() + "/"
                + object.getMetadata().getName();
    }
}
