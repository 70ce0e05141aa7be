package bridge.bailey.source;

import bridge.bailey.desired.LegacyRules;
import bridge.bailey.desired.Merged;
import bridge.bailey.desired.Merging;
import bridge.bailey.model.Answer;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDeclaration.Origin;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.probe.Connections;
import bridge.bailey.probe.ProbeSet;
import bridge.bailey.probe.Probes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The legacy services: what LegacyServices declare and EC2 tags name, with the answers of their origins and the verdicts of
 * their probes. Keeps the origins' queries and the probes' targets equal to what is declared. Several flows may read it.
 */
public final class LegacySource implements Source<LegacyView> {

    /** For how long after the start an origin that does not answer is waited for. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private final ClusterWatch cluster;
    private final Optional<LegacyDeclarations> declarations;
    private final Origins origins;
    private final Probes probes;
    private final Connections connections;
    private final LegacyRules rules;
    private final InstantSource clock;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** Which queries feed a service key. Guarded by this. */
    private final Map<ServiceKey, Uses> uses = new HashMap<>();

    /** What tags say, by the query that found it. Guarded by this. */
    private final Map<Ec2Query, Map<ServiceKey, ByTag>> tagged = new HashMap<>();

    /** Since when an origin that never answered is waited for. */
    private Instant begun;

    private CompletionStage<Void> started;
    private final CompletableFuture<Void> tried = new CompletableFuture<>();
    private boolean declarationsRead;

    private record Uses(Set<Ec2Query> ec2, Set<ConsulQuery> consul) {
        static final Uses NONE = new Uses(Set.of(), Set.of());
    }

    /**
     * Where instances come from, besides what resources list.
     *
     * @param tagQueries which find tagged instances; none if tags are not looked at
     * @param tagNamespace of services for which no tag names one
     */
    public record Origins(
            Discovery<Ec2Query, Ec2Instance> ec2,
            Discovery<ConsulQuery, ConsulInstance> consul,
            Set<Ec2Query> tagQueries,
            String tagNamespace) {
        public Origins {
            tagQueries = Set.copyOf(tagQueries);
        }
    }

    /**
     * Makes a source.
     *
     * @param declarations empty if resources are not looked at
     */
    public LegacySource(
            ClusterWatch cluster,
            Optional<LegacyDeclarations> declarations,
            Origins origins,
            Probes probes,
            Connections connections,
            LegacyRules rules,
            InstantSource clock) {
        this.cluster = cluster;
        this.declarations = declarations;
        this.origins = origins;
        this.probes = probes;
        this.connections = connections;
        this.rules = rules;
        this.clock = clock;
        this.begun = clock.instant();
    }

    /**
     * Starts to read, unless it was started before. The stage waits for the first try of each origin, not for its success:
     * while one is away the others are served, and what it might know is not deleted.
     */
    @Override
    public synchronized CompletionStage<Void> start(Listener listener) {
        listeners.add(listener);
        if (started == null) {
            begun = clock.instant();
            ask();
            CompletionStage<Void> services = cluster.services().start(this::clusterChanged);
            CompletionStage<Void> slices = cluster.slices().start(this::clusterChanged);
            CompletionStage<Void> resources = declarations
                    .map(d -> d.start(this::declared))
                    .orElseGet(() -> CompletableFuture.completedStage(null))
                    .thenRun(this::allDeclared);
            started = CompletableFuture.allOf(Stream.of(services, slices, resources, tried)
                    .map(CompletionStage::toCompletableFuture)
                    .toArray(CompletableFuture<?>[]::new));
        }
        return started;
    }

    private synchronized void allDeclared() {
        declarationsRead = true;
        completeIfTried();
    }

    private void completeIfTried() {
        if (declarationsRead && !tried.isDone()) {
            boolean ec2 =
                    ec2Queries().stream().allMatch(q -> origins.ec2().answer(q).tried());
            boolean consul = consulQueries().stream()
                    .allMatch(q -> origins.consul().answer(q).tried());
            if (ec2 && consul) {
                tried.complete(null);
            }
        }
    }

    private Set<Ec2Query> ec2Queries() {
        Set<Ec2Query> all = new HashSet<>(origins.tagQueries());
        uses.values().forEach(u -> all.addAll(u.ec2()));
        return all;
    }

    private Set<ConsulQuery> consulQueries() {
        Set<ConsulQuery> all = new HashSet<>();
        uses.values().forEach(u -> all.addAll(u.consul()));
        return all;
    }

    private void ask() {
        origins.ec2().ask(ec2Queries());
        origins.consul().ask(consulQueries());
    }

    /** Others may edit a mirror, or take its name; the cluster's other services are no concern here. */
    private void clusterChanged(HasMetadata before, HasMetadata after) {
        HasMetadata object = after == null ? before : after;
        Set<ServiceKey> keys = new HashSet<>();
        if (object instanceof EndpointSlice) {
            Stream.of(Optional.ofNullable((EndpointSlice) before), Optional.ofNullable((EndpointSlice) after))
                    .flatMap(Optional::stream)
                    .filter(KubeMarks::ours)
                    .forEach(slice -> KubernetesModel.serviceOf(slice).ifPresent(keys::add));
        } else {
            ServiceKey key = KubernetesModel.keyOf(object);
            boolean ours = (before != null && KubeMarks.ours(before)) || (after != null && KubeMarks.ours(after));
            if (ours || isDeclared(key)) {
                keys.add(key);
            }
        }
        // A Service that comes or goes can change the names of the ports that are probed.
        changed(keys);
    }

    private synchronized boolean isDeclared(ServiceKey key) {
        return declarations.map(d -> !d.claiming(key).isEmpty()).orElse(false)
                || tagged.values().stream().anyMatch(byKey -> byKey.containsKey(key));
    }

    private void declared(Set<ServiceKey> keys) {
        synchronized (this) {
            boolean asksOthers = false;
            for (ServiceKey key : keys) {
                Uses now = uses(key);
                Uses before = now.equals(Uses.NONE) ? uses.remove(key) : uses.put(key, now);
                asksOthers |= !now.equals(before == null ? Uses.NONE : before);
            }
            if (asksOthers) {
                ask();
            }
        }
        changed(keys);
    }

    /** Only the resource that counts is asked for. */
    private Uses uses(ServiceKey key) {
        Set<Ec2Query> ec2 = new HashSet<>();
        Set<ConsulQuery> consul = new HashSet<>();
        claims(key).stream().limit(1).flatMap(d -> d.origins().stream()).forEach(origin -> {
            if (origin instanceof Origin.Ec2 some) {
                ec2.addAll(some.queries());
            } else if (origin instanceof Origin.Consul some) {
                consul.add(some.query());
            }
        });
        return new Uses(ec2, consul);
    }

    private List<LegacyDeclaration> claims(ServiceKey key) {
        return declarations.map(d -> d.claiming(key)).orElse(List.of());
    }

    /** To be told of each answer of EC2. */
    public void ec2Changed(Ec2Query query) {
        Set<ServiceKey> keys = new HashSet<>();
        synchronized (this) {
            if (origins.tagQueries().contains(query)) {
                Map<ServiceKey, ByTag> now =
                        ByTag.read(origins.ec2().answer(query), origins.tagNamespace(), rules.namespaces());
                Map<ServiceKey, ByTag> before = tagged.getOrDefault(query, Map.of());
                tagged.put(query, now);
                keys.addAll(now.keySet());
                keys.addAll(before.keySet());
                keys.removeIf(key -> now.getOrDefault(key, ByTag.NONE).equals(before.get(key)));
            }
            uses.forEach((key, its) -> {
                if (its.ec2().contains(query)) {
                    keys.add(key);
                }
            });
            completeIfTried();
        }
        changed(keys);
    }

    /** To be told of each answer of Consul. */
    public void consulChanged(ConsulQuery query) {
        Set<ServiceKey> keys = new HashSet<>();
        synchronized (this) {
            uses.forEach((key, its) -> {
                if (its.consul().contains(query)) {
                    keys.add(key);
                }
            });
            completeIfTried();
        }
        changed(keys);
    }

    /** To be told of each verdict of the probes. */
    public void probed(ServiceKey key) {
        tell(Set.of(key));
    }

    private void changed(Set<ServiceKey> keys) {
        keys.forEach(this::probe);
        tell(keys);
    }

    /** As one step, so that an older view never has the last word. */
    private synchronized void probe(ServiceKey key) {
        view(key)
                .ifPresentOrElse(
                        view -> {
                            var merged = Merging.merge(view, rules);
                            probes.watch(key, new ProbeSet(merged.targets(), merged.failOpenBelow()));
                            connections.watch(key, pages(merged));
                        },
                        () -> {
                            probes.watch(key, ProbeSet.EMPTY);
                            connections.watch(key, Set.of());
                        });
    }

    private static Set<Connections.Page> pages(Merged merged) {
        return merged.counted().stream()
                .map(machine -> new Connections.Page(
                        machine.address(),
                        machine.metrics().port(),
                        machine.metrics().path(),
                        machine.metrics().connections()))
                .collect(Collectors.toSet());
    }

    private void tell(Set<ServiceKey> keys) {
        if (!keys.isEmpty()) {
            listeners.forEach(listener -> listener.changed(keys));
        }
    }

    @Override
    public Snapshot<LegacyView> all() {
        Set<ServiceKey> keys = new HashSet<>();
        declarations.ifPresent(d -> keys.addAll(d.keys()));
        synchronized (this) {
            tagged.values().forEach(byKey -> keys.addAll(byKey.keySet()));
        }
        return of(keys);
    }

    @Override
    public Snapshot<LegacyView> of(Set<ServiceKey> keys) {
        Map<ServiceKey, LegacyView> found = new TreeMap<>();
        keys.forEach(key -> view(key).ifPresent(view -> found.put(key, view)));
        return new Snapshot<>(found, item -> complete(item.key()));
    }

    /** What is known of one service key; empty if nothing declares it. */
    public synchronized Optional<LegacyView> view(ServiceKey key) {
        List<LegacyDeclaration> claims = claims(key);
        List<ByTag> byTag = tagged.values().stream()
                .map(byKey -> byKey.get(key))
                .filter(found -> found != null)
                .toList();
        if (claims.isEmpty() && byTag.isEmpty()) {
            return Optional.empty();
        }
        Uses its = uses.getOrDefault(key, Uses.NONE);
        Map<Ec2Query, Answer<Ec2Instance>> ec2 = new HashMap<>();
        its.ec2().forEach(q -> ec2.put(q, origins.ec2().answer(q)));
        Map<ConsulQuery, Answer<ConsulInstance>> consul = new HashMap<>();
        its.consul().forEach(q -> consul.put(q, origins.consul().answer(q)));
        return Optional.of(new LegacyView(
                key,
                claims,
                byTag.stream().flatMap(t -> t.services().stream()).distinct().toList(),
                ec2,
                consul,
                probes.verdicts(key),
                cluster.read(key),
                cluster.readSlices(key),
                byTag.stream().flatMap(t -> t.findings().stream()).toList(),
                connections.of(key),
                complete(key)));
    }

    /** Whether every origin that might know of instances of this key has answered once. */
    synchronized boolean complete(ServiceKey key) {
        Uses its = uses.getOrDefault(key, Uses.NONE);
        return cluster.services().synced()
                && cluster.slices().synced()
                && declarations.map(LegacyDeclarations::synced).orElse(true)
                && Stream.concat(origins.tagQueries().stream(), its.ec2().stream())
                        .allMatch(q -> origins.ec2().answer(q).known())
                && its.consul().stream()
                        .allMatch(q -> origins.consul().answer(q).known());
    }

    /**
     * Whether what is told of all services is all there is, as far as Bailey can know: whoever takes the list as the whole
     * truth must not see less of it after a restart. An origin that does not answer is waited for only so long, since it
     * must not hide for good what the others know; what declares services, without end.
     */
    public synchronized boolean isWhole() {
        boolean declared = declarations.map(d -> d.synced() || d.notInstalled()).orElse(true);
        boolean answered =
                ec2Queries().stream().allMatch(q -> origins.ec2().answer(q).known())
                        && consulQueries().stream()
                                .allMatch(q -> origins.consul().answer(q).known());
        boolean waited = !clock.instant().isBefore(begun.plus(PATIENCE));
        return cluster.services().synced() && declared && (answered || waited);
    }

    /** Also looks after what no event would tell. */
    @Override
    public synchronized List<Part> parts() {
        connections.tend();
        Map<String, Part> all = new TreeMap<>();
        declarations.ifPresent(d -> all.put("legacyservices", d.state()));
        ec2Queries()
                .forEach(q ->
                        all.merge(q.origin(), part(q.origin(), origins.ec2().answer(q)), LegacySource::worse));
        consulQueries()
                .forEach(q ->
                        all.merge(q.origin(), part(q.origin(), origins.consul().answer(q)), LegacySource::worse));
        return List.copyOf(all.values());
    }

    private Part part(String origin, Answer<?> answer) {
        Instant now = clock.instant();
        boolean up = answer.known() && answer.error().isEmpty();
        Instant since = answer.lastSuccess().orElse(begun);
        double age = up ? 0 : Duration.between(since, now).toMillis() / 1000.0;
        return new Part(origin, up, age, answer.error().isEmpty() ? Optional.empty() : Optional.of(answer.error()));
    }

    private static Part worse(Part one, Part other) {
        return one.up() ? other : one;
    }

    /** The informers are shared, and closed by whoever made them; so are the origins and the probes. */
    @Override
    public void close() {}
}
