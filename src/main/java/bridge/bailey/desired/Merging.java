package bridge.bailey.desired;

import bridge.bailey.model.Answer;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.EndpointPort;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Finding.Subject;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

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

    private static final int LAST_PORT = 65_535;

    private final LegacyView view;
    private final LegacyRules rules;
    private final Optional<LegacyDeclaration> declaration;
    private final Subject subject;
    private final MergingNotes notes;
    private final Places places = new Places();
    private final ScrapedMachines scraped;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Merged.Refused> unserved = new ArrayList<>();

    private Merging(LegacyView view, LegacyRules rules, Notes notes) {
        this.view = view;
        this.rules = rules;
        this.declaration = view.declaration();
        this.subject = declaration
                .map(d -> Subject.legacyService(d.resource()))
                .orElseGet(() -> new Subject("Service", view.key().toString()));
        this.notes = new MergingNotes(notes, view, subject);
        this.scraped = new ScrapedMachines(rules);
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
        notes.declaredBy();
        view.claims().stream().skip(1).forEach(this::claimed);
        findings.addAll(view.findings());
        double failOpenByDefault = rules.defaults().failOpenBelow();
        double failOpenBelow = declaration.map(LegacyDeclaration::failOpenBelow).orElse(failOpenByDefault);
        notes.failOpenBelow(failOpenBelow, failOpenByDefault);
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
        declaration.ifPresent(d -> notes.probe(d.probe()));
        declaration.ifPresent(d -> d.origins().forEach(origin -> addAll(d, origin, ports, names)));
        view.tagged().forEach(tagged -> add(tagged, ports, names));
        findings.addAll(places.findings(view.key(), subject));
        return new Merged(
                declaration,
                Optional.empty(),
                ports,
                places.instances(),
                places.refused(),
                scraped.all(),
                unserved,
                failOpenBelow,
                findings.stream().distinct().toList());
    }

    private void claimed(LegacyDeclaration loser) {
        LegacyDeclaration winner = view.claims().get(0);
        notes.ignored(winner, loser);
        findings.add(new Finding(
                Finding.Kind.SERVICE_CLAIMED,
                view.key(),
                Subject.legacyService(loser.resource()),
                "spec.serviceName",
                view.key().name(),
                "LegacyService " + winner.resource() + " claims this Service too and " + precedence(winner, loser)
                        + "; this one is ignored while that one does"));
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
                "LegacyService " + subject.name() + " stands for the host name " + hostName
                        + ", which can have no instances; this machine is left out");
    }

    private void invalid(String field, String value, String message) {
        findings.add(new Finding(Finding.Kind.INVALID_SPEC, view.key(), subject, field, value, message));
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
        notes.ports(ports, !declared.isEmpty());
        return ports;
    }

    private void addAll(LegacyDeclaration d, Origin origin, List<MirrorService.Port> ports, PortNames names) {
        if (origin instanceof Origin.Static some) {
            some.instances()
                    .forEach(i -> add(Reported.of(i), names.numbered(MirrorService.Port::targetPort), d.probe()));
        } else if (origin instanceof Origin.Ec2 ec2) {
            for (Ec2Query query : ec2.queries()) {
                Answer<Ec2Instance> answer = view.ec2().getOrDefault(query, Answer.none(query.origin()));
                answer.instances()
                        .forEach(i -> add(
                                Reported.of(query.origin(), i, ec2.publicAddress()),
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
        Reported reported = Reported.of(origin, instance);
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
        Reported reported =
                Reported.of(tagged.origin(), service.instance(), false).withMetrics(service.metrics());
        if (numbers.isEmpty()) {
            scrape(reported);
            unserved(tagged, TagPorts.noPort(service));
            return;
        }
        Optional<Probe> declared = declaration.flatMap(LegacyDeclaration::probe);
        Optional<Probe> probe = declared.or(() -> service.check().map(rules::probe));
        notes.machine(service, numbers);
        if (declared.isEmpty()) {
            notes.probe(service, probe);
        }
        add(reported, numbers, probe);
    }

    private void unserved(LegacyView.Tagged tagged, Finding finding) {
        findings.add(finding);
        unserved.add(Reported.of(tagged.origin(), tagged.service().instance(), false)
                .refused(finding.kind(), finding.message()));
    }

    private void add(Reported reported, List<Numbered> ports, Optional<Probe> probe) {
        scrape(reported);
        Optional<String> unusable = reported.unusable(rules);
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
        String canonical = reported.canonicalAddress();
        places.add(new LegacyInstance(
                reported.id(),
                canonical,
                List.of(reported.origin()),
                reported.zone(),
                routed,
                reported.draining(),
                reported.health(),
                reported.why(),
                probe.flatMap(p -> probed(p, canonical, ports)),
                metrics(reported)));
    }

    private Optional<Metrics> metrics(Reported reported) {
        return declaration.flatMap(LegacyDeclaration::metrics).or(reported::metrics);
    }

    /** Whoever asks for metrics gets them, whether or not the machine has a port of the Service. */
    private void scrape(Reported reported) {
        metrics(reported).ifPresent(metrics -> scraped.add(reported, metrics));
    }

    private List<Merged.Scraped> scraped(String hostName) {
        return declaration.flatMap(LegacyDeclaration::metrics).stream()
                .map(metrics -> ScrapedMachines.of(hostName, metrics))
                .toList();
    }

    private void refuse(Reported reported, Finding.Kind kind, String why) {
        places.refuse(reported.refused(kind, why));
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
}
