package bridge.bailey.view;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.desired.Desired;
import bridge.bailey.model.Item;
import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.view.Fate.Kind;
import bridge.bailey.view.Fate.Place;
import bridge.bailey.view.GoldenCases.Known;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What became of each instance of each golden case. Each reason for which one is left out is in
 * src/test/resources/left-out.txt; {@code mvn test -Dtest=FatesGoldenTest -Dgolden.update=true} writes it; then read the diff.
 */
class FatesGoldenTest {

    private static final Path REASONS = Path.of("src/test/resources/left-out.txt");

    private final List<Known> all = Stream.concat(GoldenCases.ofExport().stream(), GoldenCases.ofMirror().stream())
            .toList();

    @Test
    void everyInstanceIsInTheOtherWorldOrHasAReasonOfItsOwn() {
        for (Known known : all) {
            for (boolean held : List.of(true, false)) {
                Seen seen = known.seen(held);
                for (InstanceView instance : instances(known, seen)) {
                    assertThat(instance.fates())
                            .as("%s: %s", known.name(), instance)
                            .isNotEmpty()
                            .allSatisfy(fate -> check(fate, desired(seen, fate), held));
                }
            }
        }
    }

    private static void check(Fate fate, Desired<? extends Item> desired, boolean held) {
        assertThat(fate.why()).isNotEqualTo("null");
        if (fate.kind() == Kind.LEFT_OUT) {
            assertThat(fate.name()).isEmpty();
            assertThat(fate.why()).isNotBlank();
            assertThat(desired.wanted() && desired.reason().equals(fate.why()))
                    .as("the reason \"%s\" is that of the whole service, which is wanted", fate.why())
                    .isFalse();
        } else {
            assertThat(fate.kind()).isEqualTo(held ? Kind.HELD : Kind.PENDING);
            assertThat(desired.items()).anyMatch(item -> item.id().equals(fate.name()));
        }
    }

    private static Desired<? extends Item> desired(Seen seen, Fate fate) {
        return fate.place() == Place.CONSUL
                ? seen.toConsul().desired()
                : seen.toKubernetes().desired();
    }

    private static List<InstanceView> instances(Known known, Seen seen) {
        return Instances.of(seen, known.settings().legacyRules());
    }

    @Test
    void everyEntryAndEndpointIsTheFateOfAnInstance() {
        for (Known known : all) {
            Seen seen = known.seen(true);
            List<String> told = instances(known, seen).stream()
                    .flatMap(instance -> instance.fates().stream())
                    .map(Fate::name)
                    .toList();
            assertThat(seen.toKubernetes().desired().items())
                    .as(known.name())
                    .filteredOn(MirrorEndpoint.class::isInstance)
                    .allMatch(item -> told.contains(item.id()));
            if (!told.isEmpty()) {
                assertThat(seen.toConsul().desired().items())
                        .as(known.name())
                        .allMatch(item -> told.contains(item.id()));
            }
        }
    }

    @Test
    void eachReasonIsAsWritten() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Known known : all) {
            for (InstanceView instance : instances(known, known.seen(true))) {
                instance.fates().stream()
                        .filter(fate -> fate.kind() == Kind.LEFT_OUT)
                        .filter(fate -> instance.side() == Side.KUBERNETES
                                || fate.place() == Place.KUBERNETES
                                || !fate.why().startsWith("no LegacyService asks for it"))
                        .forEach(fate -> text.append("%s: %s %s %s not in %s: %s%n"
                                .formatted(
                                        known.name(),
                                        instance.side(),
                                        instance.id(),
                                        instance.address(),
                                        fate.place(),
                                        fate.why())));
            }
        }
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(REASONS, text);
        }
        assertThat(text.toString()).isEqualTo(Files.readString(REASONS));
    }
}
