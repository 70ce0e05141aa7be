package bridge.bailey.source;

import bridge.bailey.desired.Ec2Tags;
import bridge.bailey.desired.Glob;
import bridge.bailey.model.Answer;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Finding;
import bridge.bailey.model.LegacyView.Tagged;
import bridge.bailey.model.ServiceKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the tags of the machines that one query found say of one service. */
record ByTag(List<Tagged> services, List<Finding> findings) {

    static final ByTag NONE = new ByTag(List.of(), List.of());

    ByTag {
        services = List.copyOf(services);
        findings = List.copyOf(findings);
    }

    /**
     * Reads the tags of all machines.
     *
     * @param tagNamespace of services for which no tag names one
     * @param namespaces in which mirrors are made; a tag that names another is reported
     */
    static Map<ServiceKey, ByTag> read(Answer<Ec2Instance> answer, String tagNamespace, List<Glob> namespaces) {
        Map<ServiceKey, List<Tagged>> services = new HashMap<>();
        Map<ServiceKey, List<Finding>> findings = new HashMap<>();
        for (Ec2Instance instance : answer.instances()) {
            Ec2Tags.Tagged read = Ec2Tags.read(instance, tagNamespace);
            ServiceKey noService = new ServiceKey(tagNamespace, instance.id());
            Stream<Finding> unreadable =
                    read.findings().stream().filter(f -> f.key().equals(noService) || isIn(namespaces, f.key()));
            Stream<Finding> elsewhere = read.services().stream()
                    .filter(service -> !isIn(namespaces, service.key()))
                    .map(service -> elsewhere(noService, instance, service.key(), namespaces));
            Stream.concat(unreadable, elsewhere).forEach(f -> findings.computeIfAbsent(f.key(), k -> new ArrayList<>())
                    .add(f));
            read.services().stream()
                    .filter(service -> isIn(namespaces, service.key()))
                    .forEach(service -> services.computeIfAbsent(service.key(), k -> new ArrayList<>())
                            .add(new Tagged(answer.origin(), service)));
        }
        Map<ServiceKey, ByTag> all = new HashMap<>();
        Stream.of(services.keySet(), findings.keySet())
                .flatMap(Collection::stream)
                .forEach(key -> all.put(
                        key, new ByTag(services.getOrDefault(key, List.of()), findings.getOrDefault(key, List.of()))));
        return all;
    }

    private static boolean isIn(List<Glob> namespaces, ServiceKey key) {
        return namespaces.stream().anyMatch(g -> g.matches(key.namespace()));
    }

    private static Finding elsewhere(
            ServiceKey concerned, Ec2Instance instance, ServiceKey named, List<Glob> namespaces) {
        return new Finding(
                Finding.Kind.INVALID_TAG,
                concerned,
                Finding.Subject.ec2Instance(instance.id()),
                "tags[\"" + Ec2Tags.SERVICE + "\"]",
                named.toString(),
                "must be in one of the namespaces of bailey.legacy.namespaces, which are " + namespaces
                        + "; this service is left out, the others count");
    }
}
