package bridge.bailey.desired;

import bridge.bailey.desired.Instance.ExportedPort;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ClusterService;
import bridge.bailey.model.Finding;
import bridge.bailey.model.KubeService;
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
        List<Finding> findings = new ArrayList<>();
        Annotations annotations = new Annotations(cluster.service(), findings::add);
        Selection selection = Selection.of(cluster.service(), annotations, rules);
        if (!selection.exported()) {
            return Desired.unwanted(findings, "not exported: " + selection.reason());
        }
        Optional<List<CatalogEntry>> entries = new OneService(cluster, annotations).entries();
        String reason = entries.isPresent()
                ? "exported: " + selection.reason()
                : "not exported: its name or its port can't be used";
        return new Desired<>(
                entries.orElse(List.of()), findings.stream().distinct().toList(), reason);
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

        OneService(ClusterService cluster, Annotations annotations) {
            this.service = cluster.service();
            this.annotations = annotations;
            this.instances = new Instances(cluster, rules, annotations);
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
            return List.copyOf(all);
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
                        add(entry(name, port, number.getAsInt(), instance));
                    }
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

        /** The first counts: of one place with several descriptions the better one comes first. */
        private void add(CatalogEntry entry) {
            CatalogEntry other = byId.putIfAbsent(entry.id(), entry);
            if (other != null && !other.name().equals(entry.name())) {
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
                return Optional.of(service.ports().stream()
                        .findFirst()
                        .map(ExportedPort::of)
                        .orElseGet(() -> ExportedPort.literal(0)));
            }
            Optional<ExportedPort> found = annotated(wanted.get().value());
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
}
