package bridge.bailey.view;

import bridge.bailey.desired.Desired;
import bridge.bailey.desired.LeftOut;
import bridge.bailey.desired.Merged;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Item;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyInstance;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.Marks;
import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.MirrorService;
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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Tells what became of the instances of one service in Consul and in the cluster. */
public final class Fates {

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
        List<Fate> own = standing(entries -> ownEntriesOf(entries, pod, address));
        if (!own.isEmpty()) {
            return own;
        }
        Optional<String> alone = LeftOut.ofEndpoint(desired.leftOut(), pod, address);
        if (alone.isPresent()) {
            return List.of(leftOut(Place.CONSUL, alone.get()));
        }
        List<Fate> shared = standing(entries -> sharedEntriesOf(entries, node));
        if (!shared.isEmpty()) {
            return shared;
        }
        return List.of(
                leftOut(Place.CONSUL, LeftOut.around(desired.leftOut(), node).orElse(desired.reason())));
    }

    /** What is to be there, or else what is there and waits to go. */
    private List<Fate> standing(UnaryOperator<List<CatalogEntry>> selected) {
        List<CatalogEntry> wanted = selected.apply(seen.toConsul().desired().items());
        List<CatalogEntry> found = !wanted.isEmpty()
                ? wanted
                : selected.apply(seen.toConsul().held()).stream()
                        .filter(entry -> waiting.containsKey(entry.id()) || withheld.containsKey(entry.id()))
                        .toList();
        return found.stream().map(entry -> fate(Place.CONSUL, entry)).toList();
    }

    private static Fate leftOut(Place place, String why) {
        return new Fate(place, Kind.LEFT_OUT, "", why);
    }

    /** The entries that stand for a pod, or an endpoint that is none, alone. */
    static List<CatalogEntry> ownEntriesOf(List<CatalogEntry> all, String pod, String address) {
        return first(
                all,
                List.of(
                        entry -> !pod.isEmpty() && pod.equals(entry.meta().get(Marks.POD)),
                        entry -> entry.address().equalsIgnoreCase(address)
                                && (pod.isEmpty() || !entry.meta().containsKey(Marks.POD))));
    }

    /** The entries that stand for all that is on a node, or for all. */
    private static List<CatalogEntry> sharedEntriesOf(List<CatalogEntry> all, String node) {
        return first(
                all,
                List.of(
                        entry -> !entry.meta().containsKey(Marks.POD)
                                && !node.isEmpty()
                                && node.equals(entry.meta().get(Marks.NODE)),
                        entry -> !entry.meta().containsKey(Marks.POD)
                                && !entry.meta().containsKey(Marks.NODE)));
    }

    private static List<CatalogEntry> first(List<CatalogEntry> all, List<Predicate<CatalogEntry>> rules) {
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

    /** Of a machine in the cluster. */
    Fate inCluster(LegacyInstance instance) {
        Desired<MirrorItem> desired = seen.toKubernetes().desired();
        return desired.items().stream()
                .filter(item -> item instanceof MirrorEndpoint endpoint
                        && endpoint.address().equals(instance.address())
                        && endpoint.place().equals(instance.place()))
                .findFirst()
                .map(item -> fate(Place.KUBERNETES, item))
                .orElseGet(() -> leftOut(
                        Place.KUBERNETES,
                        LeftOut.ofMachine(desired.leftOut(), instance.address()).orElse(desired.reason())));
    }

    /** Of a machine in Consul. */
    Fate inConsul(LegacyInstance instance) {
        return machine(seen.toConsul().desired().items(), instance)
                .or(() -> machine(seen.toConsul().held(), instance)
                        .filter(entry -> waiting.containsKey(entry.id()) || withheld.containsKey(entry.id())))
                .map(entry -> fate(Place.CONSUL, entry))
                .orElseGet(() -> notInConsul(instance.address(), instance.origins()));
    }

    private Fate notInConsul(String address, List<String> origins) {
        return leftOut(Place.CONSUL, whyNotInConsul(address, origins));
    }

    private String whyNotInConsul(String address, List<String> origins) {
        if (origins.stream().anyMatch(Fates::isConsul)) {
            return "is in Consul already, by its own agent";
        }
        if (!asksForConsul()) {
            return "no LegacyService asks for it by spec.registerInConsul";
        }
        Desired<CatalogEntry> desired = seen.toConsul().desired();
        return LeftOut.ofMachine(desired.leftOut(), address).orElse(desired.reason());
    }

    private boolean asksForConsul() {
        return seen.legacy()
                .flatMap(LegacyView::declaration)
                .map(LegacyDeclaration::registerInConsul)
                .orElse(false);
    }

    /** Of a machine that can't be used. */
    List<Fate> ofRefused(Merged.Refused refused) {
        List<String> origins = List.of(refused.origin().split(", "));
        boolean byItself = origins.stream().noneMatch(Fates::isConsul) && asksForConsul();
        return List.of(
                leftOut(Place.KUBERNETES, refused.why()),
                byItself ? leftOut(Place.CONSUL, refused.why()) : notInConsul(refused.address(), origins));
    }

    /** Of a host name, for which an ExternalName stands. */
    List<Fate> ofHostName() {
        Desired<MirrorItem> desired = seen.toKubernetes().desired();
        Fate inCluster = desired.items().stream()
                .filter(MirrorService.class::isInstance)
                .findFirst()
                .map(item -> fate(Place.KUBERNETES, item))
                .orElseGet(() -> leftOut(
                        Place.KUBERNETES,
                        LeftOut.ofMachine(desired.leftOut(), "").orElse(desired.reason())));
        return List.of(inCluster, leftOut(Place.CONSUL, "a host name is not registered: only machines are"));
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
            return new Fate(
                    place, Kind.PENDING, item.id(), refusal(item.id()).orElse(action(change) + " waits for a pass"));
        }
        return new Fate(place, Kind.HELD, item.id(), item.state());
    }

    private Optional<String> refusal(String id) {
        return Stream.concat(seen.toConsul().findings().stream(), seen.toKubernetes().findings().stream())
                .filter(finding -> finding.kind() == Finding.Kind.REFUSED
                        && finding.value().equals(id))
                .map(Finding::message)
                .findFirst();
    }

    private static String action(Change<?> change) {
        return change.action().name().toLowerCase(Locale.ROOT);
    }

    /** Why a change is withheld, in words. */
    public static String why(Withheld<?> withheld) {
        return switch (withheld.reason()) {
            case FOREIGN -> "something that is not Bailey's has this id";
            case SOURCE_INCOMPLETE -> "a source has not answered yet, so what it lacks may still be there";
        };
    }
}
