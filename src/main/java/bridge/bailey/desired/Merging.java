package bridge.bailey.desired;

import bridge.bailey.model.Answer;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.EndpointPort;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Finding.Subject;
import bridge.bailey.model.Health;
import bridge.bailey.model.IpAddress;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDeclaration.Metrics;
import bridge.bailey.model.LegacyDeclaration.Origin;
import bridge.bailey.model.LegacyInstance;
import bridge.bailey.model.LegacyInstance.Probed;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.MirrorService;
import bridge.bailey.model.Probe;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.TaggedService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Merges what the origins of one legacy service say.
 *
 * <ol>
 *   <li>Of several LegacyServices that claim one Service the oldest counts, and of equally old ones the first by name.
 *   <li>The ports are those of the LegacyService; if it has none, or there is none, all that tags name.
 *   <li>Instances with one address and the same port numbers are one endpoint. It drains if one origin says so, and is as
 *       unhealthy as the worst of them.
 *   <li>What can't be an endpoint is left out and reported.
 * </ol>
 */
public final class Merging {

    /** A host name in DNS whose last label is no number: an ExternalName with an IP address never resolves. */
    private static final Pattern HOST_NAME = Pattern.compile(
            "(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\\.)*" + "[a-z]([-a-z0-9]{0,61}[a-z0-9])?\\.?");

    private static final int MOST_NAMED = 5;
    private static final int LAST_PORT = 65_535;

    private final LegacyView view;
    private final LegacyRules rules;
    private final Optional<LegacyDeclaration> declaration;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Merged.Refused> refused = new ArrayList<>();
    private final List<Merged.Refused> unserved = new ArrayList<>();
    private final Map<String, LegacyInstance> byPlace = new LinkedHashMap<>();
    private final Map<List<Object>, Merged.Scraped> scraped = new LinkedHashMap<>();

    private final Notes notes;

    private Merging(LegacyView view, LegacyRules rules, Notes notes) {
        this.view = view;
        this.rules = rules;
        this.notes = notes;
        this.declaration = view.declaration();
    }

    /** Merges; pure and total. */
    public static Merged merge(LegacyView view, LegacyRules rules) {
        return merge(view, rules, Notes.NONE);
    }

    static Merged merge(LegacyView view, LegacyRules rules, Notes notes) {
        return new Merging(view, rules, notes).merge();
    }

    private Merged merge() {
        declaration.ifPresent(d -> findings.addAll(d.findings()));
        noteDeclared();
        view.claims().stream().skip(1).forEach(this::claimed);
        findings.addAll(view.findings());
        double failOpenBelow = declaration
                .map(LegacyDeclaration::failOpenBelow)
                .orElse(rules.defaults().failOpenBelow());
        notes.note("failOpenBelow", () -> percent(failOpenBelow), () -> failOpenBy(failOpenBelow));
        Optional<String> hostName = hostName();
        if (hostName.isPresent()) {
            view.tagged().forEach(tagged -> unserved(tagged, besideHostName(tagged, hostName.get())));
            return new Merged(
                    declaration,
                    hostName,
                    ports(),
                    List.of(),
                    List.of(),
                    scraped(hostName.get()),
                    unserved,
                    failOpenBelow,
                    findings);
        }
        List<MirrorService.Port> ports = ports();
        PortNames names = PortNames.of(view, ports, findings::add);
        declaration.ifPresent(d -> noteProbe(d.probe()));
        declaration.ifPresent(d -> d.origins().forEach(origin -> addAll(d, origin, ports, names)));
        view.tagged().forEach(tagged -> add(tagged, ports, names));
        reportRefused();
        return new Merged(
                declaration,
                Optional.empty(),
                ports,
                List.copyOf(byPlace.values()),
                refused,
                List.copyOf(scraped.values()),
                unserved,
                failOpenBelow,
                findings.stream().distinct().toList());
    }

    private void noteDeclared() {
        notes.note(
                "declared by",
                () -> declaration.map(d -> "LegacyService " + d.resource()).orElse("EC2 tags"),
                () -> declaration.isEmpty()
                        ? "no LegacyService claims the Service"
                        : view.claims().size() == 1
                                ? "no other LegacyService claims the Service"
                                : "the oldest of " + view.claims().size() + " that claim the Service");
    }

    private void noteProbe(Optional<Probe> probe) {
        notes.note(
                "probe",
                () -> probe.map(Merging::text).orElse("none: an instance is as healthy as its origin says"),
                () -> probe.isPresent()
                        ? of("spec.probe")
                        : subject().kind() + " " + subject().name() + " has no spec.probe");
    }

    private static String text(Probe probe) {
        return probe.check().text() + ", every " + seconds(probe.interval()) + " within " + seconds(probe.timeout())
                + ", rise " + probe.rise() + ", fall " + probe.fall();
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private static String percent(double share) {
        return share == 0 ? "never" : Math.round(share * 100) + "%";
    }

    private String failOpenBy(double share) {
        boolean own = declaration.isPresent() && share != rules.defaults().failOpenBelow();
        return own ? of("spec.failOpenBelow") : "bailey.probe.fail-open-below";
    }

    /** A field of the resource that counts. */
    private String of(String field) {
        return subject().kind() + " " + subject().name() + " " + field;
    }

    private void claimed(LegacyDeclaration loser) {
        notes.note(
                "ignored",
                () -> "LegacyService " + loser.resource(),
                () -> "LegacyService " + view.claims().get(0).resource() + " claims the Service too and "
                        + precedence(view.claims().get(0), loser));
        findings.add(new Finding(
                Finding.Kind.SERVICE_CLAIMED,
                view.key(),
                Subject.legacyService(loser.resource()),
                "spec.serviceName",
                view.key().name(),
                "LegacyService " + view.claims().get(0).resource() + " claims this Service too and "
                        + precedence(view.claims().get(0), loser) + "; this one is ignored while that one does"));
    }

    /** Why one resource counts rather than another. */
    static String precedence(LegacyDeclaration winner, LegacyDeclaration loser) {
        return winner.createdAt().equals(loser.createdAt()) ? "is as old, but comes first by name" : "is older";
    }

    private Optional<String> hostName() {
        if (declaration.isEmpty()) {
            return Optional.empty();
        }
        List<Origin> origins = declaration.get().origins();
        for (Origin origin : origins) {
            if (origin instanceof Origin.HostName host) {
                if (origins.size() > 1) {
                    invalid("spec.origins", host.name(), "a host name must be the only origin; it is ignored");
                } else if (!HOST_NAME.matcher(host.name()).matches()) {
                    invalid(
                            "spec.origins.hostname",
                            host.name(),
                            "must be a DNS name in lower case, and no IP address; nothing is mirrored");
                } else {
                    return Optional.of(host.name());
                }
            }
        }
        return Optional.empty();
    }

    /** What a resource says must not be undone by a tag. */
    private Finding besideHostName(LegacyView.Tagged tagged, String hostName) {
        return new Finding(
                Finding.Kind.INVALID_TAG,
                view.key(),
                Subject.ec2Instance(tagged.service().instance().id()),
                "tags[\"bailey:service\"]",
                view.key().toString(),
                "LegacyService " + subject().name() + " stands for the host name " + hostName
                        + ", which can have no instances; this machine is left out");
    }

    private void invalid(String field, String value, String message) {
        findings.add(new Finding(Finding.Kind.INVALID_SPEC, view.key(), subject(), field, value, message));
    }

    private Subject subject() {
        return declaration
                .map(d -> Subject.legacyService(d.resource()))
                .orElseGet(() -> new Subject("Service", view.key().toString()));
    }

    private List<MirrorService.Port> ports() {
        List<MirrorService.Port> declared = declaration.stream()
                .flatMap(d -> d.ports().stream())
                .map(p -> new MirrorService.Port(
                        p.name(),
                        p.port(),
                        p.targetPort() == 0 ? p.port() : p.targetPort(),
                        p.protocol(),
                        p.appProtocol()))
                .toList();
        List<MirrorService.Port> ports = declared.isEmpty() ? TagPorts.ports(view.tagged()) : declared;
        notes.note(
                "ports",
                () -> ports.isEmpty()
                        ? "none"
                        : ports.stream().map(MirrorService.Port::toString).collect(Collectors.joining(", ")),
                () -> declared.isEmpty() ? TagPorts.FIELD + " of its machines" : of("spec.ports"));
        return ports;
    }

    private void addAll(LegacyDeclaration d, Origin origin, List<MirrorService.Port> ports, PortNames names) {
        if (origin instanceof Origin.Static some) {
            some.instances()
                    .forEach(i -> add(
                            new Reported("static", i.id(), i.address(), i.zone(), false, Health.UNKNOWN, ""),
                            names.numbered(MirrorService.Port::targetPort),
                            d.probe()));
        } else if (origin instanceof Origin.Ec2 ec2) {
            for (Ec2Query query : ec2.queries()) {
                Answer<Ec2Instance> answer = view.ec2().getOrDefault(query, Answer.none(query.origin()));
                answer.instances()
                        .forEach(i -> add(
                                reported(query.origin(), i, ec2.publicAddress()),
                                names.numbered(MirrorService.Port::targetPort),
                                d.probe()));
            }
        } else if (origin instanceof Origin.Consul consul) {
            ConsulQuery query = consul.query();
            Answer<ConsulInstance> answer = view.consul().getOrDefault(query, Answer.none(query.origin()));
            answer.instances().forEach(i -> addConsul(d, query.origin(), i, ports, names));
        }
    }

    /** Of a Consul instance the first port is the one that Consul knows, unless the resource gives another. */
    private void addConsul(
            LegacyDeclaration d,
            String origin,
            ConsulInstance instance,
            List<MirrorService.Port> ports,
            PortNames names) {
        boolean given = d.ports().isEmpty() || d.ports().get(0).targetPort() != 0 || instance.port() <= 0;
        Reported reported = reported(origin, instance);
        if (!given && instance.port() > LAST_PORT) {
            scrape(reported);
            refuse(reported, Finding.Kind.UNUSABLE_ENDPOINT, "has the port " + instance.port() + ", which is none");
        } else {
            add(
                    reported,
                    names.numbered(port -> !given && port.equals(ports.get(0)) ? instance.port() : port.targetPort()),
                    d.probe());
        }
    }

    private void add(LegacyView.Tagged tagged, List<MirrorService.Port> ports, PortNames names) {
        TaggedService service = tagged.service();
        List<Numbered> numbers = TagPorts.numbers(service, ports, names, declaration, findings::add);
        Reported reported = reported(tagged.origin(), service.instance(), false).withMetrics(service.metrics());
        if (numbers.isEmpty()) {
            scrape(reported);
            unserved(tagged, TagPorts.noPort(service));
            return;
        }
        Optional<Probe> declared = declaration.flatMap(LegacyDeclaration::probe);
        Optional<Probe> probe = declared.or(() -> service.check().map(rules::probe));
        String id = service.instance().id();
        notes.note(
                "machine " + id,
                () -> "listens on "
                        + numbers.stream()
                                .map(port -> Integer.toString(port.number()))
                                .collect(Collectors.joining(", ")),
                () -> "EC2 instance " + id + " " + TagPorts.FIELD + " \""
                        + service.instance().tags().get(Ec2Tags.SERVICE) + "\"");
        if (declared.isEmpty()) {
            notes.note(
                    "probe of " + id, () -> probe.map(Merging::text).orElse("none"), () -> Ec2Tags.probedBy(service));
        }
        add(reported, numbers, probe);
    }

    private void unserved(LegacyView.Tagged tagged, Finding finding) {
        findings.add(finding);
        Reported reported = reported(tagged.origin(), tagged.service().instance(), false);
        unserved.add(new Merged.Refused(
                finding.kind(),
                reported.id(),
                reported.address(),
                reported.origin(),
                reported.zone(),
                finding.message()));
    }

    private static Reported reported(String origin, Ec2Instance i, boolean publicAddress) {
        String address = publicAddress ? i.publicAddress() : i.privateAddress();
        if (address.isEmpty()) {
            address = i.ipv6Address();
        }
        String why = i.stopping() ? "the instance is stopping" : "";
        return new Reported(origin, i.id(), address, i.zone(), i.stopping(), Health.UNKNOWN, why);
    }

    private static Reported reported(String origin, ConsulInstance i) {
        return new Reported(origin, i.id(), i.address(), i.zone(), false, i.health(), i.why());
    }

    /** An instance as one origin reports it; its address may be anything. */
    private record Reported(
            String origin,
            String id,
            String address,
            String zone,
            boolean draining,
            Health health,
            String why,
            Optional<Metrics> metrics) {

        Reported(String origin, String id, String address, String zone, boolean draining, Health health, String why) {
            this(origin, id, address, zone, draining, health, why, Optional.empty());
        }

        Reported withMetrics(Optional<Metrics> given) {
            return new Reported(origin, id, address, zone, draining, health, why, given);
        }
    }

    /**
     * A port of an instance.
     *
     * @param declaredName the name under which the resource knows it
     * @param routed as it is in a slice; empty if the Service has no such port, which can be probed all the same
     */
    record Numbered(String declaredName, int number, Optional<EndpointPort> routed) {}

    private void add(Reported reported, List<Numbered> ports, Optional<Probe> probe) {
        scrape(reported);
        Optional<IpAddress> address = IpAddress.parse(reported.address());
        Optional<String> unusable = reported.address().isEmpty()
                ? Optional.of("has no address of the wanted kind")
                : address.map(this::unusable).orElse(Optional.of("is no IP address"));
        List<EndpointPort> routed = ports.stream()
                .flatMap(port -> port.routed().stream())
                .sorted(Comparator.comparing(EndpointPort::name))
                .toList();
        if (unusable.isPresent()) {
            refuse(reported, Finding.Kind.UNUSABLE_ADDRESS, unusable.get());
            return;
        }
        if (routed.isEmpty()) {
            refuse(reported, Finding.Kind.UNUSABLE_ENDPOINT, "has none of the Service's ports");
            return;
        }
        String canonical = address.orElseThrow().toString();
        LegacyInstance instance = new LegacyInstance(
                reported.id(),
                canonical,
                List.of(reported.origin()),
                reported.zone(),
                routed,
                reported.draining(),
                reported.health(),
                reported.why(),
                probe.flatMap(p -> probed(p, canonical, ports)),
                metrics(reported));
        byPlace.merge(instance.place(), instance, this::join);
    }

    private Optional<Metrics> metrics(Reported reported) {
        return declaration.flatMap(LegacyDeclaration::metrics).or(reported::metrics);
    }

    /** Whoever asks for metrics gets them, whether or not the machine has a port of the Service. */
    private void scrape(Reported reported) {
        Optional<IpAddress> address = IpAddress.parse(reported.address())
                .filter(found -> unusable(found).isEmpty());
        if (address.isPresent()) {
            metrics(reported)
                    .map(metrics -> new Merged.Scraped(
                            reported.id(),
                            address.get().toString(),
                            List.of(reported.origin()),
                            reported.zone(),
                            metrics))
                    .ifPresent(one -> scraped.merge(List.of(one.address(), one.metrics()), one, Merging::join));
        }
    }

    private static Merged.Scraped join(Merged.Scraped first, Merged.Scraped second) {
        return new Merged.Scraped(
                first.id(),
                first.address(),
                union(first.origins(), second.origins()),
                first.zone().isEmpty() ? second.zone() : first.zone(),
                first.metrics());
    }

    private static List<String> union(List<String> first, List<String> second) {
        LinkedHashSet<String> all = new LinkedHashSet<>(first);
        all.addAll(second);
        return List.copyOf(all);
    }

    private List<Merged.Scraped> scraped(String hostName) {
        return declaration.flatMap(LegacyDeclaration::metrics).stream()
                .map(metrics -> new Merged.Scraped(hostName, hostName, List.of("hostname"), "", metrics))
                .toList();
    }

    private void refuse(Reported reported, Finding.Kind kind, String why) {
        refused.add(
                new Merged.Refused(kind, reported.id(), reported.address(), reported.origin(), reported.zone(), why));
    }

    private Optional<String> unusable(IpAddress address) {
        return rules.allowLoopback() && address.isLoopback()
                ? Optional.empty()
                : address.unusable().map(kind -> "is " + kind);
    }

    private Optional<Probed> probed(Probe probe, String address, List<Numbered> ports) {
        String name = probe.check().port();
        Optional<Numbered> port = ports.stream()
                .filter(p -> name.isEmpty() || p.declaredName().equals(name))
                .findFirst();
        if (port.isEmpty()) {
            invalid(
                    "spec.probe",
                    name,
                    "must name one of the ports; the instances count as healthy as their origins say meanwhile");
        }
        return port.map(p -> new Probed(new ProbeTarget(address, p.number()), probe));
    }

    private LegacyInstance join(LegacyInstance first, LegacyInstance second) {
        if (!names(first).equals(names(second))) {
            return oneOf(first, second);
        }
        boolean secondIsWorse = (second.health() == Health.UNHEALTHY && first.health() != Health.UNHEALTHY)
                || (second.draining() && !first.draining());
        return new LegacyInstance(
                first.id(),
                first.address(),
                union(first.origins(), second.origins()),
                first.zone().isEmpty() ? second.zone() : first.zone(),
                first.ports(),
                first.draining() || second.draining(),
                worse(first.health(), second.health()),
                secondIsWorse ? second.why() : first.why(),
                first.probed().or(second::probed),
                first.metrics().or(second::metrics));
    }

    /** Two machines of one address that serve different ports on the same numbers: one of them can't be reached. */
    private LegacyInstance oneOf(LegacyInstance first, LegacyInstance second) {
        boolean isFirst = names(first).compareTo(names(second)) < 0;
        LegacyInstance kept = isFirst ? first : second;
        LegacyInstance other = isFirst ? second : first;
        refused.add(new Merged.Refused(
                Finding.Kind.UNUSABLE_ENDPOINT,
                other.id(),
                other.address(),
                String.join(", ", other.origins()),
                other.zone(),
                "has the address and the port numbers of " + kept.id() + " for other ports of the Service"));
        return kept;
    }

    private static String names(LegacyInstance instance) {
        return instance.ports().stream().map(EndpointPort::name).collect(Collectors.joining(","));
    }

    private static Health worse(Health one, Health other) {
        if (one == Health.UNHEALTHY || other == Health.UNHEALTHY) {
            return Health.UNHEALTHY;
        }
        return one == Health.HEALTHY || other == Health.HEALTHY ? Health.HEALTHY : Health.UNKNOWN;
    }

    /** One finding for all instances of an origin that are left out for the same reason. */
    private void reportRefused() {
        Map<List<Object>, List<Merged.Refused>> byReason = new LinkedHashMap<>();
        refused.forEach(r -> byReason.computeIfAbsent(List.of(r.origin(), r.kind(), r.why()), k -> new ArrayList<>())
                .add(r));
        byReason.values().forEach(all -> findings.add(leftOut(all)));
    }

    private Finding leftOut(List<Merged.Refused> all) {
        String ids = String.join(
                ", ", all.stream().limit(MOST_NAMED).map(Merged.Refused::id).toList());
        String more = all.size() > MOST_NAMED ? " and " + (all.size() - MOST_NAMED) + " more" : "";
        Merged.Refused first = all.get(0);
        return new Finding(
                first.kind(),
                view.key(),
                subject(),
                first.kind() == Finding.Kind.UNUSABLE_ADDRESS ? "address" : "instance",
                first.kind() == Finding.Kind.UNUSABLE_ADDRESS ? first.address() : first.id(),
                first.why() + ", so it can't be an endpoint; of " + first.origin() + ", " + ids + more + " left out, "
                        + (byPlace.isEmpty() ? "and no other is there" : "the others are served"));
    }
}
