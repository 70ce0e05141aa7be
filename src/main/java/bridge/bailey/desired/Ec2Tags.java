package bridge.bailey.desired;

import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Finding;
import bridge.bailey.model.LegacyDeclaration.Metrics;
import bridge.bailey.model.Probe;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.TaggedService;
import bridge.bailey.model.TaggedService.TagPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the tags of an EC2 instance, so that no resource is needed for it: which services run there, on which ports, and
 * how they are probed and scraped. docs/ec2.md has the table.
 *
 * <p>What can't be read is reported and left out; it harms neither the other words of its tag nor any other instance.
 */
public final class Ec2Tags {

    /** The tag by which instances are found. */
    public static final String SERVICE = "bailey:service";

    private static final String OURS = "bailey:";
    private static final String NAMESPACE = "bailey:namespace";
    private static final String PROBE = "bailey:probe";
    private static final String PROBE_OF = "bailey:probe.";
    private static final String METRICS = "bailey:metrics";

    private static final Set<String> KNOWN = Set.of(SERVICE, NAMESPACE, PROBE, METRICS);

    /** Tags may have blanks of any script. */
    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}]+");

    private static final Pattern SCRAPED = Pattern.compile("([0-9]+)(/[-A-Za-z0-9._~!$&'()*+,;=:@%/]*)?");

    private final Ec2Instance instance;
    private final String defaultNamespace;
    private final Map<ServiceKey, Map<Integer, Integer>> targetsByPort = new TreeMap<>();
    private final List<Finding> findings = new ArrayList<>();

    private Ec2Tags(Ec2Instance instance, String defaultNamespace) {
        this.instance = instance;
        this.defaultNamespace = defaultNamespace;
    }

    /**
     * What the tags say.
     *
     * @param services each once, in the order of their keys
     * @param findings what is to be mended
     */
    public record Tagged(List<TaggedService> services, List<Finding> findings) {

        static final Tagged NOTHING = new Tagged(List.of(), List.of());

        public Tagged {
            services = List.copyOf(services);
            findings = List.copyOf(findings);
        }
    }

    /**
     * Reads the tags of an instance; nothing if it has no {@code bailey:service}.
     *
     * @param defaultNamespace of services for which no tag names one
     */
    public static Tagged read(Ec2Instance instance, String defaultNamespace) {
        return instance.tags().containsKey(SERVICE) ? new Ec2Tags(instance, defaultNamespace).read() : Tagged.NOTHING;
    }

    /** Which tag says how an instance is probed for a service. */
    static String probedBy(TaggedService service) {
        Ec2Tags tags = new Ec2Tags(service.instance(), service.key().namespace());
        String tag = tags.chosen(service.key(), tags.chosen()).tag();
        return "EC2 instance " + service.instance().id()
                + (tag.isEmpty()
                        ? " has no tag " + PROBE + ", and this is the default"
                        : " tags[\"" + tag + "\"] \""
                                + service.instance().tags().get(tag) + "\"");
    }

    private Tagged read() {
        readServices(namespace());
        Chosen probe = chosen();
        Optional<Metrics> metrics = metrics();
        List<TaggedService> services = new ArrayList<>();
        targetsByPort.forEach((key, ports) ->
                services.add(new TaggedService(key, instance, ports(ports), check(key, probe), metrics)));
        reportUnknown();
        return new Tagged(services, findings);
    }

    /** The namespace of words without one; empty if it can't be told, since a wrong one would be worse than none. */
    private Optional<String> namespace() {
        Optional<String> tag = tag(NAMESPACE);
        if (tag.isPresent() && !TagWord.isNamespace(tag.get())) {
            report(
                    noService(),
                    NAMESPACE,
                    tag.get(),
                    "must be a DNS label of lower-case letters, digits and hyphens; services without a namespace of their"
                            + " own are left out meanwhile");
            return Optional.empty();
        }
        return tag.or(() -> Optional.of(defaultNamespace));
    }

    private void readServices(Optional<String> namespace) {
        List<String> words = BLANKS.splitAsStream(instance.tags().get(SERVICE))
                .filter(word -> !word.isEmpty())
                .toList();
        if (words.isEmpty()) {
            report(noService(), SERVICE, "", "must be " + TagWord.FORM + ", or several; nothing is served meanwhile");
        }
        words.forEach(word -> readService(word, namespace));
    }

    private void readService(String text, Optional<String> namespace) {
        TagWord word = TagWord.of(text);
        Optional<String> in =
                Optional.of(word.namespace()).filter(own -> !own.isEmpty()).or(() -> namespace);
        if (!word.problem().isEmpty()) {
            ServiceKey concerned =
                    new ServiceKey(in.orElse(defaultNamespace), word.name().isEmpty() ? instance.id() : word.name());
            report(concerned, SERVICE, text, word.problem() + "; this word is left out, the others count");
        } else if (in.isPresent()) {
            add(new ServiceKey(in.get(), word.name()), word.port(), text);
        }
    }

    private void add(ServiceKey key, Optional<TagPort> port, String text) {
        Map<Integer, Integer> ports = targetsByPort.computeIfAbsent(key, k -> new LinkedHashMap<>());
        port.ifPresent(p -> {
            Integer before = ports.putIfAbsent(p.port(), p.targetPort());
            if (before != null && before != p.targetPort()) {
                String clash =
                        "port " + p.port() + " has the target port " + before + " already, and can have one only";
                report(key, SERVICE, text, clash + "; the first one counts");
            }
        });
    }

    private static List<TagPort> ports(Map<Integer, Integer> targetsByPort) {
        return targetsByPort.entrySet().stream()
                .map(e -> new TagPort(e.getKey(), e.getValue()))
                .toList();
    }

    /** How it is probed, and the tag that says so; "" if none does. */
    private record Chosen(ProbeTag probe, String tag) {}

    private Chosen chosen() {
        return chosen(PROBE, new Chosen(ProbeTag.DEFAULT, ""), "; probed by TCP meanwhile", noService());
    }

    private Chosen chosen(ServiceKey key, Chosen otherwise) {
        return chosen(PROBE_OF + key.name(), otherwise, "; as if it were not there meanwhile", key);
    }

    private Optional<Probe.Check> check(ServiceKey key, Chosen otherwise) {
        return chosen(key, otherwise).probe().check();
    }

    private Chosen chosen(String tag, Chosen otherwise, String meanwhile, ServiceKey concerned) {
        Optional<String> value = tag(tag);
        Optional<ProbeTag> probe = value.flatMap(ProbeTag::of);
        if (value.isPresent() && probe.isEmpty()) {
            report(concerned, tag, value.get(), ProbeTag.ALLOWED + meanwhile);
        }
        return probe.map(found -> new Chosen(found, tag)).orElse(otherwise);
    }

    private Optional<Metrics> metrics() {
        Optional<String> value = tag(METRICS);
        Optional<Metrics> metrics = value.flatMap(Ec2Tags::metrics);
        if (value.isPresent() && metrics.isEmpty()) {
            report(
                    noService(),
                    METRICS,
                    value.get(),
                    "must be a port from 1 to 65535, which a path may follow, such as 9100/metrics; not scraped meanwhile");
        }
        return metrics;
    }

    private static Optional<Metrics> metrics(String value) {
        Matcher matcher = SCRAPED.matcher(value);
        return Optional.of(matcher)
                .filter(Matcher::matches)
                .flatMap(m -> TagWord.port(m.group(1)))
                .map(port ->
                        new Metrics(port, Optional.ofNullable(matcher.group(2)).orElse("/metrics")));
    }

    /** A tag that looks like ours and does nothing is most likely a slip. */
    private void reportUnknown() {
        Set<String> names = new TreeSet<>();
        targetsByPort.keySet().forEach(key -> names.add(key.name()));
        for (String tag : new TreeSet<>(instance.tags().keySet())) {
            if (tag.startsWith(PROBE_OF)) {
                if (!names.contains(tag.substring(PROBE_OF.length()))) {
                    report(
                            noService(),
                            tag,
                            instance.tags().get(tag),
                            "must name a service of " + SERVICE + ", which are " + names + "; ignored");
                }
            } else if (tag.startsWith(OURS) && !KNOWN.contains(tag)) {
                report(
                        noService(),
                        tag,
                        instance.tags().get(tag),
                        "is none of " + new TreeSet<>(KNOWN) + " or " + PROBE_OF + "<name>; ignored");
            }
        }
    }

    /** The value of a tag without surrounding blanks; an empty one counts as none. */
    private Optional<String> tag(String name) {
        return Optional.ofNullable(instance.tags().get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** Stands for the instance where no service is concerned. */
    private ServiceKey noService() {
        return new ServiceKey(defaultNamespace, instance.id());
    }

    private void report(ServiceKey concerned, String tag, String value, String message) {
        findings.add(new Finding(
                Finding.Kind.INVALID_TAG,
                concerned,
                Finding.Subject.ec2Instance(instance.id()),
                "tags[\"" + tag + "\"]",
                value,
                message));
    }
}
