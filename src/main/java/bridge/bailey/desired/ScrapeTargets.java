package bridge.bailey.desired;

import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.IpAddress;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.ServiceKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Prometheus scrapes of the legacy side, as its HTTP service discovery asks for it. A machine stays in the list while
 * it is unhealthy or drains: Prometheus itself shows whom it can't reach.
 *
 * <p>Machines of EC2 also have the labels that users know from Prometheus' own {@code ec2_sd}, under the same names. Labels
 * that would be empty are left out, which means the same to Prometheus.
 */
public final class ScrapeTargets {

    private static final String OURS = "__meta_bailey_";
    private static final String EC2 = "__meta_ec2_";

    /** As Prometheus writes the names of tags. */
    private static final Pattern NOT_IN_LABELS = Pattern.compile("[^a-zA-Z0-9_]");

    /** One answer with an unusable label would be refused as a whole. */
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    /** The zones of a region proper; those of local zones don't begin with the name of their region alone. */
    private static final Pattern ZONE = Pattern.compile("([a-z]{2}(?:-[a-z]+)+-[0-9])[a-z]");

    private ScrapeTargets() {}

    /**
     * One target.
     *
     * @param target {@code address:port}, IPv6 in brackets
     * @param labels in the order of their names
     */
    public record Target(String target, Map<String, String> labels) {}

    /** The targets of one service, in the order of the machines' ids and addresses. */
    public static List<Target> of(LegacyView view, LegacyRules rules) {
        Map<String, List<Machine>> machines = machines(view);
        return Merging.merge(view, rules).scraped().stream()
                .sorted(Comparator.comparing(Merged.Scraped::id)
                        .thenComparing(Merged.Scraped::address)
                        .thenComparing(scraped -> scraped.metrics().toString()))
                .map(scraped -> target(view.key(), scraped, machine(scraped, machines)))
                .toList();
    }

    private record Machine(String origin, Ec2Instance instance) {}

    /** The machines of EC2 by each of their addresses. */
    private static Map<String, List<Machine>> machines(LegacyView view) {
        Map<String, List<Machine>> all = new HashMap<>();
        Stream<Machine> tagged = view.tagged().stream()
                .map(t -> new Machine(t.origin(), t.service().instance()));
        Stream<Machine> asked = view.ec2().entrySet().stream().flatMap(e -> e.getValue().instances().stream()
                .map(i -> new Machine(e.getKey().origin(), i)));
        Stream.concat(tagged, asked).forEach(machine -> addresses(machine.instance())
                .forEach(address ->
                        all.computeIfAbsent(address, a -> new ArrayList<>()).add(machine)));
        return all;
    }

    private static Stream<String> addresses(Ec2Instance instance) {
        return Stream.of(instance.privateAddress(), instance.publicAddress(), instance.ipv6Address())
                .flatMap(text -> IpAddress.parse(text).stream())
                .map(IpAddress::toString);
    }

    /** Accounts may use the same private addresses: only a machine of an origin that found the target is it. */
    private static Optional<Machine> machine(Merged.Scraped scraped, Map<String, List<Machine>> machines) {
        return machines.getOrDefault(scraped.address(), List.of()).stream()
                .filter(machine -> scraped.origins().contains(machine.origin()))
                .min(Comparator.comparing(
                                (Machine machine) -> !machine.instance().id().equals(scraped.id()))
                        .thenComparing(machine -> machine.instance().id()));
    }

    private static Target target(ServiceKey key, Merged.Scraped scraped, Optional<Machine> machine) {
        Map<String, String> labels = new TreeMap<>();
        labels.put(OURS + "service", key.name());
        labels.put(OURS + "namespace", key.namespace());
        labels.put(OURS + "instance_id", scraped.id());
        labels.put(OURS + "address", scraped.address());
        labels.put(OURS + "zone", scraped.zone());
        labels.put(OURS + "origin", scraped.origins().get(0).split("/", 2)[0]);
        putPage(labels, scraped.metrics().path());
        machine.ifPresent(found -> putEc2(labels, found));
        labels.values().removeIf(String::isEmpty);
        return new Target(
                CatalogEntry.endpoint(scraped.address(), scraped.metrics().port()), labels);
    }

    /** Prometheus would escape a question mark in the path; parameters have labels of their own, which it escapes. */
    private static void putPage(Map<String, String> labels, String path) {
        String[] parts = path.split("\\?", 2);
        labels.put("__metrics_path__", parts[0]);
        if (parts.length > 1) {
            for (String parameter : parts[1].split("&", -1)) {
                String[] pair = parameter.split("=", 2);
                if (LABEL.matcher(pair[0]).matches()) {
                    labels.putIfAbsent("__param_" + pair[0], pair.length > 1 ? pair[1] : "");
                }
            }
        }
    }

    private static void putEc2(Map<String, String> labels, Machine machine) {
        Ec2Instance instance = machine.instance();
        new TreeMap<>(instance.tags())
                .forEach((name, value) ->
                        labels.put(EC2 + "tag_" + NOT_IN_LABELS.matcher(name).replaceAll("_"), value));
        labels.put(EC2 + "instance_id", instance.id());
        labels.put(EC2 + "private_ip", instance.privateAddress());
        labels.put(EC2 + "public_ip", instance.publicAddress());
        labels.put(EC2 + "availability_zone", instance.zone());
        labels.put(EC2 + "instance_state", instance.stopping() ? "stopping" : "running");
        labels.put(EC2 + "region", region(machine));
    }

    /** Where the AWS SDK found the region, only the zone tells it. */
    private static String region(Machine machine) {
        String named = machine.origin().split("/", 3)[1];
        Matcher zone = ZONE.matcher(machine.instance().zone());
        return !named.equals("default") ? named : zone.matches() ? zone.group(1) : "";
    }
}
