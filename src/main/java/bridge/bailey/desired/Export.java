package bridge.bailey.desired;

import bridge.bailey.desired.Instance.ExportedPort;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ClusterService;
import bridge.bailey.model.Finding;
import bridge.bailey.model.KubeService;
import bridge.bailey.model.Marks;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.Readiness;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Cluster → Consul: what Consul should hold for one Service of the cluster. */
public final class Export implements Mapping<ClusterService, CatalogEntry> {

    private static final int MAX_PORT = 65535;

    /** Every instance carries all tags: without bounds one Service could fill Consul, and the memory here. */
    private static final int MAX_TAGS = 64;

    private static final int MAX_TAG = 255;

    private final ExportRules rules;

    public Export(ExportRules rules) {
        this.rules = rules;
    }

    @Override
    public Desired<CatalogEntry> desired(ClusterService cluster) {
        return desired(cluster, Notes.NONE);
    }

    Desired<CatalogEntry> desired(ClusterService cluster, Notes notes) {
        List<Finding> findings = new ArrayList<>();
        Annotations annotations = new Annotations(cluster.service(), findings::add, notes);
        Selection selection = Selection.of(cluster.service(), annotations, rules);
        notes.note("export", () -> selection.exported() ? "yes" : "no", selection::reason);
        if (!selection.exported()) {
            return Desired.unwanted(findings, "not exported: " + selection.reason());
        }
        OneService one = new OneService(cluster, annotations);
        Optional<List<CatalogEntry>> entries = one.entries();
        if (entries.isEmpty()) {
            return new Desired<>(
                    List.of(),
                    findings.stream().distinct().toList(),
                    true,
                    "not exported: its name or its port can't be used",
                    List.of(new LeftOut(LeftOut.Scope.SERVICE, "", unusable(findings))));
        }
        return new Desired<>(
                entries.get(),
                findings.stream().distinct().toList(),
                true,
                "exported: " + selection.reason(),
                one.leftOut());
    }

    /** What makes a service unusable is reported last. */
    private static String unusable(List<Finding> findings) {
        return findings.get(findings.size() - 1).text();
    }

    /** The work on one Service. */
    private final class OneService {
        private final KubeService service;
        private final Annotations annotations;
        private final Instances instances;
        private final int weight;
        private final Map<String, String> meta;
        private final List<String> tags;
        private final Map<String, CatalogEntry> byId = new LinkedHashMap<>();
        private final List<LeftOut> leftOut = new ArrayList<>();

        OneService(ClusterService cluster, Annotations annotations) {
            this.service = cluster.service();
            this.annotations = annotations;
            this.instances = new Instances(cluster, rules, annotations, leftOut::add);
            this.weight = annotations.weight();
            this.meta = ServiceMeta.of(service, annotations, rules);
            this.tags = tags();
        }

        private List<String> tags() {
            TreeSet<String> all = new TreeSet<>(rules.tags());
            int dropped = 0;
            for (String tag : annotations.tags()) {
                if (tag.length() <= MAX_TAG && (all.size() < MAX_TAGS || all.contains(tag))) {
                    all.add(tag);
                } else {
                    dropped++;
                }
            }
            if (dropped > 0) {
                annotations.report(
                        Finding.Kind.DROPPED_TAG,
                        "metadata.annotations",
                        "",
                        "an entry has at most " + MAX_TAGS + " tags, each of at most " + MAX_TAG + " characters; "
                                + dropped + " are dropped");
            }
            annotations.notes().note("tags", () -> String.join(", ", all), this::taggedBy);
            return List.copyOf(all);
        }

        private String taggedBy() {
            String configured = "bailey.export.tags";
            return annotations
                    .taggedBy()
                    .map(found -> rules.tags().isEmpty()
                            ? annotations.by(found)
                            : configured + " and " + annotations.by(found))
                    .orElse(configured);
        }

        /** What is left out, in an order that does not depend on that of the source. */
        List<LeftOut> leftOut() {
            return leftOut.isEmpty()
                    ? List.of()
                    : leftOut.stream().sorted(LeftOut.ORDER).distinct().toList();
        }

        /** Empty if the service can't be registered at all, which is reported. */
        Optional<List<CatalogEntry>> entries() {
            annotations
                    .unknown()
                    .forEach(key -> annotations.report(
                            Finding.Kind.INVALID_ANNOTATION,
                            "metadata.annotations[\"" + key + "\"]",
                            "",
                            "is no annotation that Bailey knows; ignored"));
            annotations
                    .notes()
                    .note(
                            "checks",
                            () -> lower(rules.checks()),
                            () -> "bailey.export.checks is " + lower(rules.checks()));
            Optional<String> name = Naming.nameOf(service, annotations, rules);
            Optional<ExportedPort> primary = primaryPort();
            if (name.isEmpty() || primary.isEmpty()) {
                return Optional.empty();
            }
            List<Instance> found = instances.find();
            register(name.get(), primary.get(), found);
            if (annotations.allPorts()) {
                registerFurtherPorts(name.get(), primary.get(), found);
            }
            return Optional.of(List.copyOf(byId.values()));
        }

        private void registerFurtherPorts(String name, ExportedPort primary, List<Instance> found) {
            for (KubeService.Port port : service.ports()) {
                if (!primary.port().equals(Optional.of(port))) {
                    Naming.nameOfPort(name, port.name(), annotations)
                            .ifPresent(further -> register(further, ExportedPort.of(port), found));
                }
            }
        }

        private void register(String name, ExportedPort port, List<Instance> found) {
            Set<String> addresses = new TreeSet<>();
            Set<String> withPort = new TreeSet<>();
            for (Instance instance : found) {
                addresses.add(instance.address());
                OptionalInt number = instance.ports().numberOf(port);
                if (number.isPresent()) {
                    withPort.add(instance.address());
                    if (rules.checks() == ExportRules.Checks.READINESS || instance.readiness() == Readiness.READY) {
                        add(entry(name, port, number.getAsInt(), instance), instance);
                    } else {
                        leftOut.add(instance.leftOut(unready(instance)));
                    }
                } else {
                    leftOut.add(
                            instance.leftOut(port.port().map(instance::portless).orElse("")));
                }
            }
            if (!withPort.equals(addresses)) {
                annotations.report(
                        Finding.Kind.UNUSABLE_ENDPOINT,
                        "spec.ports",
                        port.port().map(KubeService.Port::name).orElse(""),
                        "some instances have no number for this port: its name must be the same in the Service and in its"
                                + " EndpointSlices, and a node port must be allocated; they are not exported with it");
            }
        }

        private static String unready(Instance instance) {
            return instance.why() + "; with bailey.export.checks none only what is ready is registered";
        }

        /** The first counts: of one place with several descriptions the better one comes first. */
        private void add(CatalogEntry entry, Instance instance) {
            CatalogEntry other = byId.putIfAbsent(entry.id(), entry);
            if (other == null) {
                return;
            }
            String otherPod = other.meta().getOrDefault(Marks.POD, "");
            if (!otherPod.isEmpty() && !otherPod.equals(instance.pod())) {
                leftOut.add(instance.leftOut(
                        other.place() + " is registered for Pod " + otherPod + ", and one place is one entry"));
            }
            if (!other.name().equals(entry.name())) {
                annotations.report(
                        Finding.Kind.DUPLICATE_INSTANCE,
                        "",
                        entry.place(),
                        "\"" + other.name() + "\" has this address and port already; not registered as \""
                                + entry.name() + "\" too");
            }
        }

        private CatalogEntry entry(String name, ExportedPort port, int number, Instance instance) {
            // Consul's ids ignore case: two spellings of one address would fight over one entry.
            String address = instance.address().toLowerCase(Locale.ROOT);
            return new CatalogEntry(
                    service.key(),
                    CatalogEntry.id(
                            rules.cluster(),
                            service.key(),
                            address,
                            number,
                            port.port().map(KubeService.Port::protocol).orElse(Protocol.TCP)),
                    name,
                    address,
                    number,
                    tags,
                    ServiceMeta.with(meta, instance),
                    weight,
                    rules.checks() == ExportRules.Checks.NONE ? Optional.empty() : Optional.of(checkOf(instance)),
                    Optional.empty());
        }

        private static CatalogEntry.Check checkOf(Instance instance) {
            return new CatalogEntry.Check(CatalogEntry.Status.of(instance.readiness()), instance.why());
        }

        /** The port that the annotation names, or else the first; 0 for a Service without ports. */
        private Optional<ExportedPort> primaryPort() {
            Optional<Annotations.Found> wanted = annotations.port();
            if (wanted.isEmpty()) {
                ExportedPort first = service.ports().stream()
                        .findFirst()
                        .map(ExportedPort::of)
                        .orElseGet(() -> ExportedPort.literal(0));
                annotations
                        .notes()
                        .note(
                                "port",
                                first::text,
                                () -> first.port().isPresent()
                                        ? "the first of the Service's ports"
                                        : "the Service has no ports");
                return Optional.of(first);
            }
            Optional<ExportedPort> found = annotated(wanted.get().value());
            annotations
                    .notes()
                    .note(
                            "port",
                            () -> found.map(ExportedPort::text).orElse("none"),
                            () -> annotations.by(wanted.get()));
            if (found.isEmpty()) {
                annotations.invalid(
                        wanted.get(),
                        "must be the name of a port of the Service ("
                                + String.join(
                                        ", ",
                                        service.ports().stream()
                                                .map(KubeService.Port::name)
                                                .toList())
                                + ") or a number from 1 to " + MAX_PORT + "; not exported");
            }
            return found;
        }

        private Optional<ExportedPort> annotated(String value) {
            Optional<ExportedPort> known = service.ports().stream()
                    .filter(p ->
                            p.name().equals(value) || Integer.toString(p.port()).equals(value))
                    .findFirst()
                    .map(ExportedPort::of);
            return known.or(() -> {
                try {
                    int number = Integer.parseInt(value);
                    return number >= 1 && number <= MAX_PORT
                            ? Optional.of(ExportedPort.literal(number))
                            : Optional.empty();
                } catch (NumberFormatException e) {
                    return Optional.empty();
                }
            });
        }
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
