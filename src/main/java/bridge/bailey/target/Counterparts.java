package bridge.bailey.target;

import bridge.bailey.model.CatalogEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which entries of ours can stand in for those of another tool, so that who looks them up notices nothing. Pure.
 *
 * <pre>
 * ours                                          →
 * none of that name                             left
 * of that name, none at that address            left
 * there, on another port                        left
 * there, and lacks a tag                        left: lookups by tag would find nothing
 * there, and less healthy                       left: DNS would lose the instance
 * there, and at least as healthy                matched
 * </pre>
 */
public record Counterparts(List<Match> matched, List<Left> left) {

    public Counterparts {
        matched = List.copyOf(matched);
        left = List.copyOf(left);
    }

    /** An entry of theirs with the one of ours that serves in its place. */
    public record Match(SyncedEntry theirs, SyncedEntry ours) {}

    /** An entry of theirs that stays, and why. */
    public record Left(SyncedEntry theirs, String why) {}

    /** Finds them; in the order of names and places. */
    public static Counterparts of(Collection<SyncedEntry> theirs, Collection<SyncedEntry> ours) {
        List<Match> matched = new ArrayList<>();
        List<Left> left = new ArrayList<>();
        theirs.stream()
                .sorted(Comparator.comparing(SyncedEntry::name)
                        .thenComparing(SyncedEntry::place)
                        .thenComparing(SyncedEntry::id))
                .forEach(entry -> {
                    List<SyncedEntry> candidates = ours.stream()
                            .filter(own -> own.name().equalsIgnoreCase(entry.name()))
                            .toList();
                    Optional<SyncedEntry> match = candidates.stream()
                            .filter(own -> samePlace(own, entry))
                            .filter(own -> missingTags(entry, own).isEmpty())
                            .filter(own -> own.status().compareTo(entry.status()) <= 0)
                            .findFirst();
                    match.ifPresentOrElse(
                            own -> matched.add(new Match(entry, own)),
                            () -> left.add(new Left(entry, why(entry, candidates))));
                });
        return new Counterparts(matched, left);
    }

    private static boolean samePlace(SyncedEntry own, SyncedEntry entry) {
        return own.address().equals(entry.address()) && own.port() == entry.port();
    }

    private static String why(SyncedEntry entry, List<SyncedEntry> sameName) {
        if (sameName.isEmpty()) {
            return "Bailey registers no service of this name";
        }
        List<SyncedEntry> sameAddress = sameName.stream()
                .filter(own -> own.address().equals(entry.address()))
                .toList();
        if (sameAddress.isEmpty()) {
            return "Bailey registers " + entry.name() + ", but not at this address";
        }
        Optional<SyncedEntry> own = Stream.concat(
                        sameAddress.stream().filter(found -> samePlace(found, entry)), sameAddress.stream())
                .findFirst();
        SyncedEntry found = own.orElseThrow();
        if (found.port() != entry.port()) {
            return "Bailey registers it with port " + found.port() + ": see the annotation bailey.bridge/port";
        }
        List<String> tags = missingTags(entry, found);
        if (!tags.isEmpty()) {
            return "Bailey's entry lacks the tag " + String.join(", ", tags)
                    + ", by which it may be looked up: see bailey.export.tags and the annotation bailey.bridge/tags";
        }
        return "Bailey's entry is " + text(found.status())
                + (found.why().isEmpty() ? "" : " (" + found.why() + ")") + ", this one " + text(entry.status())
                + (entry.why().isEmpty() ? " without a check" : "");
    }

    private static List<String> missingTags(SyncedEntry entry, SyncedEntry own) {
        return entry.tags().stream().filter(tag -> !own.tags().contains(tag)).toList();
    }

    private static String text(CatalogEntry.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
