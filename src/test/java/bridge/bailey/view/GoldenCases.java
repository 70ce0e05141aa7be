package bridge.bailey.view;

import bridge.bailey.config.Configs;
import bridge.bailey.config.Settings;
import bridge.bailey.desired.BridgedExport;
import bridge.bailey.desired.Desired;
import bridge.bailey.desired.Mapping;
import bridge.bailey.desired.Mirror;
import bridge.bailey.model.BridgedService;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ClusterService;
import bridge.bailey.model.Item;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Plan;
import bridge.bailey.source.LegacyManifests;
import bridge.bailey.source.Manifests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The golden cases of both directions, each as everything that is known of its services. */
final class GoldenCases {

    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Map<String, Settings> SETTINGS = new ConcurrentHashMap<>();

    /** One service of a case. */
    record Known(String name, Settings settings, BridgedService service) {

        /** What is known of it while the targets hold nothing yet, or all that they should. */
        Seen seen(boolean held) {
            return new Seen(
                    service.key(),
                    standing(service, new BridgedExport(settings.exportRules(), settings.legacyRules()), held),
                    service.legacy()
                            .map(view -> standing(view, new Mirror(settings.legacyRules()), held))
                            .orElseGet(() -> Standing.idle(Optional.empty(), "nothing declares it")),
                    Map.of());
        }

        private static <S, T extends Item> Standing<S, T> standing(S source, Mapping<S, T> mapping, boolean held) {
            Desired<T> desired = mapping.desired(source);
            List<Change<T>> changes = new ArrayList<>();
            if (!held) {
                desired.items().forEach(item -> changes.add(new Change.Create<>(item)));
            }
            return new Standing<>(
                    Optional.of(source),
                    desired,
                    held ? desired.items() : List.of(),
                    new Plan<>(changes, List.of()),
                    desired.findings());
        }

        Desired<CatalogEntry> inConsul() {
            return seen(true).toConsul().desired();
        }

        Desired<MirrorItem> inCluster() {
            return seen(true).toKubernetes().desired();
        }
    }

    private GoldenCases() {}

    /** The Services of the cases in {@code export}. */
    static List<Known> ofExport() {
        List<Known> all = new ArrayList<>();
        for (Path folder : folders("export")) {
            List<String> documents = documents(folder);
            Settings settings = settings(documents);
            Manifests.of(objects(documents))
                    .services(settings.exportRules().ingress())
                    .forEach((key, service) -> all.add(new Known(
                            folder.getFileName().toString(),
                            settings,
                            new BridgedService(key, Optional.of(service), Optional.empty()))));
        }
        return all;
    }

    /** The legacy services of the cases in {@code mirror}. */
    static List<Known> ofMirror() {
        List<Known> all = new ArrayList<>();
        for (Path folder : folders("mirror")) {
            List<String> documents = documents(folder);
            Settings settings = settings(documents);
            Map<ServiceKey, LegacyView> views = LegacyManifests.of(
                            objects(documents),
                            settings.legacyRules(),
                            settings.config().ec2().namespace())
                    .views();
            views.forEach((key, view) -> all.add(new Known(
                    folder.getFileName().toString(),
                    settings,
                    new BridgedService(
                            key,
                            view.service()
                                    .map(service -> new ClusterService(service, view.slices(), Map.of(), List.of())),
                            Optional.of(view)))));
        }
        return all;
    }

    private static List<Path> folders(String kind) {
        try (Stream<Path> files = Files.list(RESOURCES.resolve(kind))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> documents(Path folder) {
        try {
            return Arrays.stream(Files.readString(folder.resolve("in.yaml")).split("(?m)^---\\R"))
                    .filter(document -> !document.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Settings settings(List<String> documents) {
        return SETTINGS.computeIfAbsent(
                documents.stream().filter(GoldenCases::isConfig).findFirst().orElse(""), Configs::settings);
    }

    private static List<String> objects(List<String> documents) {
        return documents.stream().filter(document -> !isConfig(document)).toList();
    }

    private static boolean isConfig(String document) {
        return document.lines().anyMatch("bailey:"::equals);
    }
}
