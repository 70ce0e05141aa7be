package bridge.bailey.desired;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import bridge.bailey.desired.Annotations.Via;
import bridge.bailey.desired.Instance.PortNumbers;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ClusterService;
import bridge.bailey.model.Finding;
import bridge.bailey.model.IpFamily;
import bridge.bailey.model.KubeIngress;
import bridge.bailey.model.KubeNode;
import bridge.bailey.model.KubeService;
import bridge.bailey.model.KubeSlice;
import bridge.bailey.model.Readiness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds the places where a service can be reached: its pods, its nodes, or an address in front of them. */
final class Instances {

    private static final Pattern IP_LITERAL = Pattern.compile("[0-9.]+|.*:.*");
    private static final Comparator<Instance> BY_ADDRESS_BETTER_FIRST = Comparator.comparing(Instance::address)
            .thenComparing(Instance::readiness)
            .thenComparing(Instance::pod)
            .thenComparing(Instance::node)
            .thenComparing(Instance::zone);
    private static final String NO_NODE = "its endpoint names no node, so no node port is known to lead to it";
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    private final ClusterService cluster;
    private final KubeService service;
    private final ExportRules rules;
    private final Annotations annotations;
    private final Consumer<LeftOut> leftOut;
    private final List<KubeSlice> slices;

    Instances(ClusterService cluster, ExportRules rules, Annotations annotations, Consumer<LeftOut> leftOut) {
        this.cluster = cluster;
        this.service = cluster.service();
        this.rules = rules;
        this.annotations = annotations;
        this.leftOut = leftOut;
        // Slices of ours hold legacy instances, which are never exported back.
        this.slices = cluster.slices().stream()
                .filter(s -> !s.mirror())
                .sorted(Comparator.comparing(KubeSlice::name))
                .toList();
    }

    /** By the annotation {@code via}, or else what the kind of Service makes natural; see the table in the docs. */
    List<Instance> find() {
        annotations.notes().note("ip-family", this::families, () -> "bailey.export.ip-family is " + configured());
        Optional<Via> annotated = annotations.via();
        if (annotated.isPresent()) {
            return by(annotated.get());
        }
        if (!service.externalIps().isEmpty()) {
            return by(Via.EXTERNAL, "the Service has spec.externalIPs");
        }
        List<Instance> byIngress = rules.ingress() ? ingresses() : List.of();
        if (!byIngress.isEmpty()) {
            annotations
                    .notes()
                    .note("via", () -> "ingress", () -> "bailey.export.ingress, and an Ingress has a rule for it");
            return byIngress;
        }
        return switch (service.type()) {
            case CLUSTER_IP ->
                by(Via.POD, service.clusterIps().isEmpty() ? "headless Service" : "Service of type ClusterIP");
            case NODE_PORT -> by(Via.NODE, "Service of type NodePort");
            case LOAD_BALANCER ->
                rules.loadBalancerEndpoints()
                        ? by(Via.POD, "bailey.export.load-balancer-endpoints, and Service of type LoadBalancer")
                        : by(Via.LOAD_BALANCER, "Service of type LoadBalancer");
            case EXTERNAL_NAME -> List.of();
        };
    }

    private List<Instance> by(Via via, String rule) {
        annotations.notes().note("via", via::text, () -> rule);
        return by(via);
    }

    private List<Instance> by(Via via) {
        return switch (via) {
            case POD -> pods();
            case NODE -> nodes();
            case LOAD_BALANCER ->
                inFront(service.loadBalancers(), "no load balancer has published an address of the Service yet");
            case EXTERNAL -> inFront(service.externalIps(), "the Service has no spec.externalIPs");
            case CLUSTER_IP -> inFront(service.clusterIps(), "the Service has no cluster address");
        };
    }

    private List<Instance> inFront(List<String> addresses, String whyNone) {
        List<Instance> all = inFront(addresses, this::servicePort);
        if (all.isEmpty()) {
            leftOut.accept(new LeftOut(
                    LeftOut.Scope.SERVICE,
                    "",
                    addresses.isEmpty()
                            ? whyNone
                            : "none of " + String.join(", ", addresses) + " is wanted: " + familyRule()));
        }
        return all;
    }

    /** The rule that chooses families, in words. */
    private String familyRule() {
        return "bailey.export.ip-family is " + configured() + ": " + families();
    }

    private String configured() {
        return rules.ipFamilies().name().toLowerCase(Locale.ROOT);
    }

    private String families() {
        return Arrays.stream(IpFamily.values())
                .filter(this::wanted)
                .map(Instances::text)
                .collect(Collectors.joining(", "));
    }

    private static String text(IpFamily family) {
        return switch (family) {
            case IPV4 -> "IPv4";
            case IPV6 -> "IPv6";
        };
    }

    /**
     * The union of all slices. One address may be in several, with the same port while it moves, or with other ports:
     * those of different pods on a node's own network, for instance. What has one id in the end is one entry, and the
     * better one comes first here.
     */
    private List<Instance> pods() {
        slices.stream().filter(slice -> !wanted(slice.family())).forEach(this::leaveOut);
        return slices.stream()
                .filter(slice -> wanted(slice.family()))
                .flatMap(slice -> slice.endpoints().stream().map(endpoint -> pod(slice, endpoint)))
                .sorted(BY_ADDRESS_BETTER_FIRST)
                .toList();
    }

    private void leaveOut(KubeSlice slice) {
        String why = "its address is " + text(slice.family()) + ", and " + familyRule();
        slice.endpoints()
                .forEach(endpoint -> leftOut.accept(new LeftOut(LeftOut.Scope.ENDPOINT, endpoint.address(), why)));
    }

    private static Instance pod(KubeSlice slice, KubeSlice.Endpoint endpoint) {
        String who = endpoint.pod().isEmpty() ? "Endpoint " + endpoint.address() : "Pod " + endpoint.pod();
        String why = who
                + switch (endpoint.readiness()) {
                    case READY -> " is ready";
                    case DRAINING -> " terminates, but still serves";
                    case NOT_READY -> " is not ready";
                    case STOPPED -> CatalogEntry.STOPPED;
                };
        return new Instance(
                Instance.Kind.ENDPOINT,
                endpoint.address(),
                endpoint.readiness(),
                why,
                endpoint.pod(),
                endpoint.node(),
                endpoint.zone(),
                port -> port.numberBy(wanted -> numberIn(slice, wanted)));
    }

    private static int numberIn(KubeSlice slice, KubeService.Port wanted) {
        return slice.ports().stream()
                .filter(p -> p.name().equals(wanted.name()) && p.protocol() == wanted.protocol())
                .mapToInt(KubeSlice.Port::port)
                .findFirst()
                .orElse(0);
    }

    /** One instance for each node that has endpoints: others would forward, or drop, what they get. */
    private List<Instance> nodes() {
        annotations
                .notes()
                .note("node-address", this::nodeAddress, () -> "bailey.export.node-address is " + nodeAddress());
        slices.stream()
                .flatMap(slice -> slice.endpoints().stream())
                .filter(endpoint -> endpoint.node().isEmpty())
                .forEach(endpoint -> leftOut.accept(new LeftOut(LeftOut.Scope.ENDPOINT, endpoint.address(), NO_NODE)));
        Map<String, List<KubeSlice.Endpoint>> byNode = slices.stream()
                .flatMap(slice -> slice.endpoints().stream())
                .filter(endpoint -> !endpoint.node().isEmpty())
                .collect(groupingBy(KubeSlice.Endpoint::node, TreeMap::new, collectingAndThen(toList(), List::copyOf)));
        List<Instance> all = new ArrayList<>();
        byNode.forEach((name, endpoints) -> {
            KubeNode node = cluster.nodes().get(name);
            if (node == null) {
                leaveOut(name, "its node " + name + " is not known to the API server");
            } else {
                Readiness readiness = bestOf(endpoints);
                for (String address : addressesOf(node)) {
                    all.add(new Instance(
                            Instance.Kind.NODE,
                            address,
                            readiness,
                            inWords(readiness, " on node " + name),
                            "",
                            name,
                            zoneOf(endpoints),
                            port -> port.numberBy(KubeService.Port::nodePort)));
                }
            }
        });
        return all;
    }

    private static String zoneOf(List<KubeSlice.Endpoint> ofOneNode) {
        return ofOneNode.stream()
                .map(KubeSlice.Endpoint::zone)
                .filter(zone -> !zone.isEmpty())
                .min(Comparator.naturalOrder())
                .orElse("");
    }

    private List<String> addressesOf(KubeNode node) {
        List<String> external = firstOfEachFamily(ofWantedFamily(node.externalIps()));
        List<String> internal = firstOfEachFamily(ofWantedFamily(node.internalIps()));
        List<String> found =
                switch (rules.nodeAddress()) {
                    case EXTERNAL_ONLY -> external;
                    case INTERNAL_ONLY -> internal;
                    case EXTERNAL_FIRST -> external.isEmpty() ? internal : external;
                };
        if (found.isEmpty()) {
            leaveOut(
                    node.name(),
                    "its node " + node.name() + " has no address that bailey.export.node-address " + nodeAddress()
                            + " and bailey.export.ip-family " + configured() + " allow");
            annotations.report(
                    Finding.Kind.UNUSABLE_ENDPOINT,
                    "",
                    node.name(),
                    "this node has no address that bailey.export.node-address and bailey.export.ip-family allow;"
                            + " it is not registered");
        }
        return found;
    }

    private void leaveOut(String node, String why) {
        leftOut.accept(new LeftOut(LeftOut.Scope.NODE, node, why));
    }

    private String nodeAddress() {
        return rules.nodeAddress().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** One node is one instance of a family, however many addresses it has. */
    private static List<String> firstOfEachFamily(List<String> addresses) {
        Map<IpFamily, String> first = new LinkedHashMap<>();
        addresses.forEach(a -> first.putIfAbsent(IpFamily.of(a), a));
        return List.copyOf(first.values());
    }

    /** Addresses in front of all endpoints, as ready as the best of these. */
    private List<Instance> inFront(List<String> addresses, PortNumbers ports) {
        Readiness readiness = bestOf(
                slices.stream().flatMap(slice -> slice.endpoints().stream()).toList());
        String why = inWords(readiness, "");
        return ofWantedFamily(addresses).stream()
                .map(address -> new Instance(Instance.Kind.FRONT, address, readiness, why, "", "", "", ports))
                .toList();
    }

    private OptionalInt servicePort(Instance.ExportedPort port) {
        return port.numberBy(KubeService.Port::port);
    }

    private List<Instance> ingresses() {
        List<Instance> all = new ArrayList<>();
        for (KubeIngress ingress : cluster.ingresses()) {
            for (KubeIngress.Rule rule : ingress.rules()) {
                if (rule.service().equals(service.key().name())) {
                    int number = rule.tls() ? HTTPS : HTTP;
                    all.addAll(inFront(addressesOf(ingress, rule), port -> OptionalInt.of(number)));
                }
            }
        }
        return all;
    }

    private List<String> addressesOf(KubeIngress ingress, KubeIngress.Rule rule) {
        if (rules.ingressAddresses() == ExportRules.IngressAddresses.LOAD_BALANCER) {
            return ingress.loadBalancers();
        }
        // A wildcard or an empty host is no name that could be looked up.
        return rule.host().isEmpty() || rule.host().startsWith("*") ? List.of() : List.of(rule.host());
    }

    private static Readiness bestOf(Collection<KubeSlice.Endpoint> endpoints) {
        return Readiness.best(
                endpoints.stream().map(KubeSlice.Endpoint::readiness).toList());
    }

    /** Without counts: a change among many endpoints that leaves the verdict alone is then no write. */
    private static String inWords(Readiness readiness, String where) {
        return switch (readiness) {
            case READY -> "At least one endpoint" + where + " is ready";
            case DRAINING -> "Every endpoint" + where + " that still serves terminates";
            case NOT_READY, STOPPED -> "No endpoint" + where + " is ready";
        };
    }

    private boolean wanted(IpFamily family) {
        return switch (rules.ipFamilies()) {
            case DUAL -> true;
            case IPV4 -> family == IpFamily.IPV4;
            case IPV6 -> family == IpFamily.IPV6;
            case PRIMARY -> family == primary();
        };
    }

    /** Addresses of the wanted families. Host names have none; the primary family gives way where there is only the other. */
    private List<String> ofWantedFamily(Collection<String> addresses) {
        List<String> wanted = addresses.stream()
                .filter(a -> !IP_LITERAL.matcher(a).matches() || wanted(IpFamily.of(a)))
                .toList();
        boolean giveWay = rules.ipFamilies() == ExportRules.IpFamilies.PRIMARY && wanted.isEmpty();
        return List.copyOf(new LinkedHashSet<>(giveWay ? addresses : wanted));
    }

    private IpFamily primary() {
        if (!service.families().isEmpty()) {
            return service.families().get(0);
        }
        if (!service.clusterIps().isEmpty()) {
            return IpFamily.of(service.clusterIps().get(0));
        }
        return slices.isEmpty() || slices.stream().anyMatch(s -> s.family() == IpFamily.IPV4)
                ? IpFamily.IPV4
                : IpFamily.IPV6;
    }
}
