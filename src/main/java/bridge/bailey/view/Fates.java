package bridge.bailey.view;

import bridge.bailey.desired.Desired;
import bridge.bailey.desired.Desired.LeftOut;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Item;
import bridge.bailey.model.LegacyInstance;
import bridge.bailey.model.Marks;
import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Withheld;
import bridge.bailey.view.Fate.Kind;
import bridge.bailey.view.Fate.Place;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Tells what became of the instances of one service in Consul and in the cluster. */
final class Fates {

    private final Seen seen;
    private final Map<String, Change<? extends Item>> waiting = new HashMap<>();
    private final Map<String, Withheld<? extends Item>> withheld = new HashMap<>();

    Fates(Seen seen) {
        this.seen = seen;
        note(seen.toConsul());
        note(seen.toKubernetes());
    }

    private void note(Standing<?, ? extends Item> standing) {
        standing.plan().changes().forEach(change -> waiting.put(change.id(), change));
        standing.plan().withheld().forEach(w -> withheld.put(w.change().id(), w));
    }

    /** Of a pod in Consul: as itself, by its node, or by an address in front of all. */
    List<Fate> ofPod(String pod, String address, String node) {
        Desired<CatalogEntry> desired = seen.toConsul().desired();
        List<CatalogEntry> entries = entriesOf(desired.items(), pod, address, node);
        if (!entries.isEmpty()) {
            return entries.stream().map(entry -> fate(Place.CONSUL, entry)).toList();
        }
        List<CatalogEntry> left = entriesOf(seen.toConsul().held(), pod, address, node).stream()
                .filter(entry -> waiting.containsKey(entry.id()) || withheld.containsKey(entry.id()))
                .toList();
        if (!left.isEmpty()) {
            return left.stream().map(entry -> fate(Place.CONSUL, entry)).toList();
        }
        return List.of(new Fate(Place.CONSUL, Kind.LEFT_OUT, "", whyNot(desired, address)));
    }

    /** The entries that stand for a pod. */
    static List<CatalogEntry> entriesOf(List<CatalogEntry> all, String pod, String address, String node) {
        List<Predicate<CatalogEntry>> rules = List.of(
                entry -> !pod.isEmpty() && pod.equals(entry.meta().get(Marks.POD)),
                entry -> entry.address().equals(address),
                entry -> !entry.meta().containsKey(Marks.POD)
                        && !node.isEmpty()
                        && node.equals(entry.meta().get(Marks.NODE)),
                entry -> !entry.meta().containsKey(Marks.POD) && !entry.meta().containsKey(Marks.NODE));
        for (Predicate<CatalogEntry> rule : rules) {
            List<CatalogEntry> found = all.stream()
                    .filter(entry -> entry.node().isEmpty())
                    .filter(rule)
                    .toList();
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private static String whyNot(Desired<?> desired, String address) {
        Optional<String> own = desired.leftOut().stream()
                .filter(left -> left.address().equals(address))
                .map(LeftOut::why)
                .findFirst();
        return own.or(() -> desired.wanted() ? firstFinding(desired) : Optional.empty())
                .orElse(desired.reason());
    }

    private static Optional<String> firstFinding(Desired<?> desired) {
        return desired.findings().stream().findFirst().map(Finding::text);
    }

    /** Of a machine in the cluster. */
    Fate inCluster(LegacyInstance instance) {
        return seen.toKubernetes().desired().items().stream()
                .filter(item -> item instanceof MirrorEndpoint endpoint
                        && endpoint.address().equals(instance.address())
                        && endpoint.place().equals(instance.place()))
                .findFirst()
                .map(item -> fate(Place.KUBERNETES, item))
                .orElseGet(() -> new Fate(
                        Place.KUBERNETES,
                        Kind.LEFT_OUT,
                        "",
                        whyNot(seen.toKubernetes().desired(), instance.address())));
    }

    /** Of a machine in Consul. */
    Fate inConsul(LegacyInstance instance) {
        Optional<CatalogEntry> entry = machine(seen.toConsul().desired().items(), instance);
        if (entry.isPresent()) {
            return fate(Place.CONSUL, entry.get());
        }
        if (instance.origins().stream().anyMatch(Fates::isConsul)) {
            return new Fate(Place.CONSUL, Kind.LEFT_OUT, "", "is in Consul already, by its own agent");
        }
        Optional<CatalogEntry> left = machine(seen.toConsul().held(), instance);
        if (left.isPresent()) {
            return fate(Place.CONSUL, left.get());
        }
        boolean asked = seen.legacy()
                .flatMap(view -> view.declaration())
                .map(declaration -> declaration.registerInConsul())
                .orElse(false);
        return new Fate(
                Place.CONSUL,
                Kind.LEFT_OUT,
                "",
                asked ? seen.toConsul().desired().reason() : "no LegacyService asks for it by spec.registerInConsul");
    }

    static Optional<CatalogEntry> machine(List<CatalogEntry> all, LegacyInstance instance) {
        return all.stream()
                .filter(entry -> entry.node().isPresent() && entry.address().equals(instance.address()))
                .findFirst();
    }

    /** Whether this is the name of an origin in Consul. */
    static boolean isConsul(String origin) {
        return origin.equals("consul") || origin.startsWith("consul/");
    }

    private Fate fate(Place place, Item item) {
        Withheld<? extends Item> held = withheld.get(item.id());
        if (held != null) {
            return new Fate(place, Kind.WITHHELD, item.id(), action(held.change()) + " is withheld: " + why(held));
        }
        Change<? extends Item> change = waiting.get(item.id());
        if (change != null) {
            return new Fate(place, Kind.PENDING, item.id(), action(change) + " waits");
        }
        return new Fate(place, Kind.HELD, item.id(), item.state());
    }

    private static String action(Change<?> change) {
        return change.action().name().toLowerCase(Locale.ROOT);
    }

    /** Why a change is withheld, in words. */
    static String why(Withheld<?> withheld) {
        return switch (withheld.reason()) {
            case FOREIGN -> "something that is not Bailey's has this id";
            case SOURCE_INCOMPLETE -> "a source has not answered yet, so what it lacks may still be there";
        };
    }
}
