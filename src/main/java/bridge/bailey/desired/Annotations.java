package bridge.bailey.desired;

import bridge.bailey.model.Finding;
import bridge.bailey.model.KubeService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reads the annotations of a Service, of both families: {@code bailey.bridge/…}, and as a fallback those of consul-k8s
 * catalog sync, so that its users switch without editing a manifest. What can't be read is reported and ignored.
 */
final class Annotations {

    /** Which address stands for the service. */
    enum Via {
        POD,
        NODE,
        LOAD_BALANCER,
        EXTERNAL,
        CLUSTER_IP;

        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final String OURS = "bailey.bridge/";
    private static final String THEIRS = "consul.hashicorp.com/service-";
    private static final String META = "meta-";
    private static final int MAX_WEIGHT = 65535;

    /** Go's strconv.ParseBool, which consul-k8s uses. */
    private static final Map<String, Boolean> BOOLEANS = Map.ofEntries(
            Map.entry("1", true),
            Map.entry("t", true),
            Map.entry("T", true),
            Map.entry("true", true),
            Map.entry("True", true),
            Map.entry("TRUE", true),
            Map.entry("0", false),
            Map.entry("f", false),
            Map.entry("F", false),
            Map.entry("false", false),
            Map.entry("False", false),
            Map.entry("FALSE", false));

    private final KubeService service;
    private final Consumer<Finding> findings;
    private final Notes notes;
    private final String owner;

    Annotations(KubeService service, Consumer<Finding> findings, Notes notes) {
        this(service, findings, notes, "");
    }

    /**
     * Reads them.
     *
     * @param owner in front of each field in a note, where they are not the Service's own; else ""
     */
    Annotations(KubeService service, Consumer<Finding> findings, Notes notes, String owner) {
        this.service = service;
        this.findings = findings;
        this.notes = notes;
        this.owner = owner;
    }

    /** An annotation that was found: under which key, and its value without surrounding blanks. */
    record Found(String key, String value) {
        String field() {
            return "metadata.annotations[\"" + key + "\"]";
        }
    }

    /** The word on whether a service is exported, and the key under which it was found. */
    record Sync(String key, boolean wanted) {}

    Optional<Sync> sync() {
        return find("sync").flatMap(found -> {
            Optional<Boolean> value = Optional.ofNullable(BOOLEANS.get(found.value()));
            if (value.isEmpty()) {
                invalid(found, "must be true or false; ignored");
            }
            return value.map(wanted -> new Sync(found.key(), wanted));
        });
    }

    Optional<Found> name() {
        return find("name").filter(found -> !found.value().isEmpty());
    }

    Optional<Found> port() {
        return find("port").filter(found -> !found.value().isEmpty());
    }

    boolean allPorts() {
        Optional<Found> found = findOurs("ports");
        if (found.isEmpty()) {
            return false;
        }
        boolean all = found.get().value().equals("all");
        if (!all) {
            invalid(found.get(), "must be \"all\"; only the first port is registered");
        } else {
            notes.note("ports", () -> "all", () -> by(found.get()));
        }
        return all;
    }

    /** Where the tags are. */
    Optional<Found> taggedBy() {
        return find("tags");
    }

    /** Comma-separated; {@code \,} is a comma. */
    List<String> tags() {
        return taggedBy()
                .map(found -> Arrays.stream(found.value().split("(?<!\\\\),", -1))
                        .map(tag -> tag.replace("\\,", ",").strip())
                        .filter(tag -> !tag.isEmpty())
                        .toList())
                .orElse(List.of());
    }

    /** Keys in alphabetical order, so that what is dropped for want of room is always the same. */
    Map<String, Found> meta() {
        Map<String, Found> all = new TreeMap<>();
        for (String family : List.of(THEIRS + META, OURS + META)) {
            service.annotations().forEach((key, value) -> {
                if (key.startsWith(family)) {
                    all.put(key.substring(family.length()), new Found(key, value));
                }
            });
        }
        return all;
    }

    int weight() {
        Optional<Found> annotated = find("weight");
        OptionalInt weight = annotated.map(this::weight).orElse(OptionalInt.empty());
        notes.note(
                "weight",
                () -> Integer.toString(weight.orElse(1)),
                () -> weight.isPresent() ? by(annotated.get()) : "the default");
        return weight.orElse(1);
    }

    private OptionalInt weight(Found found) {
        try {
            int weight = Integer.parseInt(found.value());
            if (weight >= 1 && weight <= MAX_WEIGHT) {
                return OptionalInt.of(weight);
            }
        } catch (NumberFormatException e) {
            // Reported below, as a number out of range is.
        }
        invalid(found, "must be a number from 1 to " + MAX_WEIGHT + "; the weight is 1 meanwhile");
        return OptionalInt.empty();
    }

    /** That which {@code via} says is noted here, and what counts without it by the one who asks. */
    Optional<Via> via() {
        return findOurs("via").flatMap(found -> {
            Optional<Via> via = Arrays.stream(Via.values())
                    .filter(v -> v.text().equals(found.value()))
                    .findFirst();
            if (via.isEmpty()) {
                invalid(
                        found,
                        "must be one of "
                                + String.join(
                                        ", ",
                                        Arrays.stream(Via.values())
                                                .map(Via::text)
                                                .toList())
                                + "; the Service's type decides meanwhile");
            }
            via.ifPresent(value -> notes.note("via", value::text, () -> by(found)));
            return via;
        });
    }

    /** Who decided, if this annotation did. */
    String by(Found found) {
        return owner + found.field();
    }

    Notes notes() {
        return notes;
    }

    void invalid(Found found, String message) {
        report(Finding.Kind.INVALID_ANNOTATION, found.field(), found.value(), message);
    }

    void report(Finding.Kind kind, String field, String value, String message) {
        findings.accept(new Finding(kind, service.key(), field, value, message));
    }

    private Optional<Found> find(String name) {
        return findOurs(name).or(() -> get(THEIRS + name));
    }

    private Optional<Found> findOurs(String name) {
        return get(OURS + name);
    }

    private Optional<Found> get(String key) {
        return Optional.ofNullable(service.annotations().get(key)).map(value -> new Found(key, value.strip()));
    }

    /** The names of annotations under our prefix, for those that Bailey does not know. */
    List<String> unknown() {
        List<String> known = List.of("sync", "name", "port", "ports", "tags", "weight", "via");
        List<String> unknown = new ArrayList<>();
        for (String key : new TreeMap<>(service.annotations()).keySet()) {
            if (key.startsWith(OURS)) {
                String name = key.substring(OURS.length());
                if (!known.contains(name) && !name.startsWith(META)) {
                    unknown.add(key);
                }
            }
        }
        return unknown;
    }
}
