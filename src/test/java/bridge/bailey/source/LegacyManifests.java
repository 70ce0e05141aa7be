package bridge.bailey.source;

import bridge.bailey.desired.LegacyRules;
import bridge.bailey.model.Answer;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDeclaration.Origin;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.Verdict;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * LegacyServices in YAML, with the Services and slices that are there, and what other systems say: read as the source reads
 * them, without a cluster.
 */
public final class LegacyManifests {

    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
    private static final YAMLMapper YAML = new YAMLMapper();

    private final List<HasMetadata> objects = new ArrayList<>();
    private final LegacyRules rules;
    private final String tagNamespace;
    private Played played = Played.NOTHING;

    private LegacyManifests(LegacyRules rules, String tagNamespace) {
        this.rules = rules;
        this.tagNamespace = tagNamespace;
    }

    /**
     * Reads one object from each document, but what other systems say from the one that begins with {@code played:}.
     *
     * @param tagNamespace of services for which no tag names one
     */
    public static LegacyManifests of(List<String> documents, LegacyRules rules, String tagNamespace) {
        LegacyManifests all = new LegacyManifests(rules, tagNamespace);
        documents.forEach(all::add);
        return all;
    }

    private void add(String document) {
        if (document.lines().anyMatch("played:"::equals)) {
            played = played(document);
        } else if (document.lines().anyMatch("kind: LegacyService"::equals)) {
            objects.add(SERIALIZATION.unmarshal(document, GenericKubernetesResource.class));
        } else {
            objects.add((HasMetadata) Objects.requireNonNull(SERIALIZATION.unmarshal(document), document));
        }
    }

    private static Played played(String document) {
        try {
            return YAML.readValue(document, Played.Document.class).played();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Each legacy service with all that decides about it. */
    public Map<ServiceKey, LegacyView> views() {
        Map<ServiceKey, List<LegacyDeclaration>> claims = new TreeMap<>();
        of(GenericKubernetesResource.class)
                .map(object -> LegacyModel.declaration(object, rules.defaults()))
                .sorted(LegacyResources.OLDEST_FIRST)
                .forEach(d ->
                        claims.computeIfAbsent(d.key(), k -> new ArrayList<>()).add(d));
        Map<ServiceKey, List<ByTag>> tagged = new TreeMap<>();
        played.tagged().forEach(answer -> ByTag.read(answer, tagNamespace, rules.namespaces())
                .forEach((key, byTag) ->
                        tagged.computeIfAbsent(key, k -> new ArrayList<>()).add(byTag)));
        Set<ServiceKey> keys = new TreeSet<>(claims.keySet());
        keys.addAll(tagged.keySet());
        Map<ServiceKey, LegacyView> views = new TreeMap<>();
        keys.forEach(key ->
                views.put(key, view(key, claims.getOrDefault(key, List.of()), tagged.getOrDefault(key, List.of()))));
        return views;
    }

    private LegacyView view(ServiceKey key, List<LegacyDeclaration> claims, List<ByTag> tagged) {
        Map<Ec2Query, Answer<Ec2Instance>> ec2 = new HashMap<>();
        Map<ConsulQuery, Answer<ConsulInstance>> consul = new HashMap<>();
        claims.stream().limit(1).flatMap(d -> d.origins().stream()).forEach(origin -> {
            if (origin instanceof Origin.Ec2 some) {
                some.queries().forEach(query -> ec2.put(query, played.answer(query)));
            } else if (origin instanceof Origin.Consul some) {
                consul.put(some.query(), played.answer(some.query()));
            }
        });
        return new LegacyView(
                key,
                claims,
                tagged.stream().flatMap(t -> t.services().stream()).toList(),
                ec2,
                consul,
                played.told(),
                service(key).map(KubernetesModel::service),
                slices(key).stream()
                        .map(KubernetesModel::slice)
                        .flatMap(Optional::stream)
                        .toList(),
                tagged.stream().flatMap(t -> t.findings().stream()).toList(),
                Stream.concat(ec2.values().stream(), consul.values().stream()).allMatch(Answer::known));
    }

    /** A Service that is there. */
    public Optional<Service> service(ServiceKey key) {
        return of(Service.class)
                .filter(s -> KubernetesModel.keyOf(s).equals(key))
                .findFirst();
    }

    /** The slices of a Service that are there. */
    public List<EndpointSlice> slices(ServiceKey key) {
        return of(EndpointSlice.class)
                .filter(s -> KubernetesModel.serviceOf(s).equals(Optional.of(key)))
                .toList();
    }

    /** What is played and nobody asks for, such as the verdict of a target that is not probed: a slip in the case. */
    public List<String> unused(Set<ProbeTarget> probed) {
        List<String> unused = new ArrayList<>();
        Set<Ec2Query> ec2 = new HashSet<>();
        Set<String> consul = new HashSet<>();
        views().values().forEach(view -> {
            ec2.addAll(view.ec2().keySet());
            view.consul().keySet().forEach(query -> consul.add(query.service()));
        });
        played.ec2().stream()
                .filter(some -> ec2.stream().noneMatch(some::answers))
                .forEach(some -> unused.add("ec2 " + some.region()));
        played.consul().stream()
                .filter(some -> !consul.contains(some.service()))
                .forEach(some -> unused.add("consul " + some.service()));
        Map<ProbeTarget, Verdict> told = played.told();
        told.keySet().stream().filter(target -> !probed.contains(target)).forEach(target -> unused.add("" + target));
        return unused;
    }

    private <T extends HasMetadata> Stream<T> of(Class<T> kind) {
        return objects.stream().filter(kind::isInstance).map(kind::cast);
    }
}
