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
import java.util.function.Function;
import java.util.stream.Stream;

/** Tells what became of the instances of one service in Consul and in the cluster. */
public final class Fates {

    private final Seen seen;
    private final PodEntries wantedPods;
    private final PodEntries heldPods;
    private final Map<String, CatalogEntry> wantedMachines;
    private final Map<String, CatalogEntry> heldMachines;
    private final Map<String, MirrorEndpoint> wantedEndpoints;
    private final Map<String, MirrorEndpoint> heldEndpoints;
    private final Map<String, Change<? extends Item>> waiting = new HashMap<>();
    private final Map<String, Withheld<? extends Item>> withheld = new HashMap<>();

    Fates(Seen seen) {
        this.seen = seen;
        this.wantedPods = new PodEntries(seen.toConsul().desired().items());
        this.heldPods = new PodEntries(seen.toConsul().held());
        this.wantedMachines = machines(seen.toConsul().desired().items());
        this.heldMachines = machines(seen.toConsul().held());
        this.wantedEndpoints = endpoints(seen.toKubernetes().desired().items());
        this.heldEndpoints = endpoints(seen.toKubernetes().held());
        note(seen.toConsul());
        note(seen.toKubernetes());
    }

    private void note(Standing<?, ? extends Item> standing) {
        standing.plan().changes().forEach(change -> waiting.put(change.id(), change));
        standing.plan().withheld().forEach(w -> withheld.put(w.change().id(), w));
    }

    /** The entries of machines, by address. */
    private static Map<String, CatalogEntry> machines(List<CatalogEntry> all) {
        Map<String, CatalogEntry> byAddress = new HashMap<>();
        all.stream()
                .filter(entry -> entry.node().isPresent())
                .forEach(entry -> byAddress.putIfAbsent(entry.address(), entry));
        return byAddress;
    }

    /** The endpoints of a mirror, by place. */
    private static Map<String, MirrorEndpoint> endpoints(List<MirrorItem> all) {
        Map<String, MirrorEndpoint> byPlace = new HashMap<>();
        all.stream()
                .filter(MirrorEndpoint.class::isInstance)
                .map(MirrorEndpoint.class::cast)
                .forEach(endpoint -> byPlace.putIfAbsent(endpoint.place(), endpoint));
        return byPlace;
    }

    /** The entry that Consul holds of a pod alone. */
    Optional<CatalogEntry> heldOfPod(String pod, String address) {
        return heldPods.own(pod, address).stream().findFirst();
    }

    /** The entry that Consul holds of a machine. */
    Optional<CatalogEntry> heldOfMachine(LegacyInstance instance) {
        return Optional.ofNullable(heldMachines.get(instance.address()));
    }

    /** The endpoint that the cluster holds of a machine. */
    Optional<MirrorEndpoint> heldEndpoint(LegacyInstance instance) {
        return Optional.ofNullable(heldEndpoints.get(instance.place()));
    }

    /** Of a pod in Consul: as itself, by its node, or by an address in front of all. */
    List<Fate> ofPod(String pod, String address, String node) {
        Desired<CatalogEntry> desired = seen.toConsul().desired();
        List<Fate> own = standing(entries -> entries.own(pod, address));
        if (!own.isEmpty()) {
            return own;
        }
        Optional<String> alone = LeftOut.ofEndpoint(desired.leftOut(), pod, address);
        if (alone.isPresent()) {
            return List.of(leftOut(Place.CONSUL, alone.get()));
        }
        List<Fate> shared = standing(entries -> entries.shared(node));
        if (!shared.isEmpty()) {
            return shared;
        }
        return List.of(
                leftOut(Place.CONSUL, LeftOut.around(desired.leftOut(), node).orElse(desired.reason())));
    }

    /** What is to be there, or else what is there and waits to go. */
    private List<Fate> standing(Function<PodEntries, List<CatalogEntry>> selected) {
        List<CatalogEntry> wanted = selected.apply(wantedPods);
        List<CatalogEntry> found = !wanted.isEmpty()
                ? wanted
                : selected.apply(heldPods).stream().filter(this::isToChange).toList();
        return found.stream().map(entry -> fate(Place.CONSUL, entry)).toList();
    }

    private static Fate leftOut(Place place, String why) {
        return new Fate(place, Kind.LEFT_OUT, "", why);
    }

    private boolean isToChange(Item item) {
        return waiting.containsKey(item.id()) || withheld.containsKey(item.id());
    }

    /** Of a machine in the cluster. */
    Fate inCluster(LegacyInstance instance) {
        Desired<MirrorItem> desired = seen.toKubernetes().desired();
        return Optional.ofNullable(wantedEndpoints.get(instance.place()))
                .map(item -> fate(Place.KUBERNETES, item))
                .orElseGet(() -> leftOut(
                        Place.KUBERNETES,
                        LeftOut.ofMachine(desired.leftOut(), instance.address()).orElse(desired.reason())));
    }

    /** Of a machine in Consul. */
    Fate inConsul(LegacyInstance instance) {
        return Optional.ofNullable(wantedMachines.get(instance.address()))
                .or(() -> heldOfMachine(instance).filter(this::isToChange))
                .map(entry -> fate(Place.CONSUL, entry))
                .orElseGet(() -> notInConsul(instance.address(), instance.origins()));
    }

    private Fate notInConsul(String address, List<String> origins) {
        return leftOut(Place.CONSUL, whyNotInConsul(address, origins));
    }

    private String whyNotInConsul(String address, List<String> origins) {
        if (origins.stream().anyMatch(LegacyInstance::isConsul)) {
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
        boolean byItself = origins.stream().noneMatch(LegacyInstance::isConsul) && asksForConsul();
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

    private Fate fate(Place place, Item item) {
        Withheld<? extends Item> held = withheld.get(item.id());
        if (held != null) {
            return new Fate(place, Kind.WITHHELD, item.id(), action(held.change()) + " is withheld: " + held.why());
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
}
