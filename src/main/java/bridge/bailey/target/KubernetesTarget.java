package bridge.bailey.target;

import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Held;
import bridge.bailey.plan.Plan;
import bridge.bailey.source.ClusterWatch;
import bridge.bailey.source.KubeMarks;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * The mirrors in the cluster: the only code that writes Services and EndpointSlices. What the cluster holds is known from
 * the informers, and what was written since from {@link OwnWrites}; each write names the version that it expects.
 */
public final class KubernetesTarget implements Target<MirrorItem>, AutoCloseable {

    /** Services that are written at the same time. */
    private static final int IN_FLIGHT = 4;

    private final KubernetesClient client;
    private final ClusterWatch cluster;
    private final OwnWrites known;
    private final MirrorWriter writer;
    private final ExecutorService senders;

    /**
     * Makes a target.
     *
     * @param mandate whether we may write now; asked right before each request, since the API server can't tell
     * @param names the randomness in the names of new slices
     */
    public KubernetesTarget(
            KubernetesClient client,
            ClusterWatch cluster,
            BooleanSupplier mandate,
            RandomGenerator names,
            InstantSource clock) {
        this.client = client;
        this.cluster = cluster;
        this.known = new OwnWrites(cluster, clock);
        this.writer = new MirrorWriter(client, known, mandate, names);
        this.senders = Executors.newFixedThreadPool(IN_FLIGHT, task -> {
            Thread thread = new Thread(task, "kubernetes-sender");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * The informers read all the time, but don't tell whether the API server is there: it is asked. What they were not told
     * of by now, our own writes among it, counts no more.
     */
    @Override
    public Reading read() throws TargetException {
        ask();
        return () -> {
            known.forgetOld();
            return true;
        };
    }

    /** Everyone may ask for the version; where somebody forbids it, the API server is there to do so. */
    private void ask() throws TargetException {
        try {
            client.raw("/version");
        } catch (KubernetesClientException e) {
            if (ApiFailures.kindOf(e) == Outcome.Kind.UNAVAILABLE) {
                throw new TargetException(
                        "the API server at " + client.getMasterUrl() + " does not answer: " + ApiFailures.messageOf(e),
                        e);
            }
        }
    }

    @Override
    public Held<MirrorItem> held() {
        return new Held<>() {
            @Override
            public Set<ServiceKey> keys() {
                Set<ServiceKey> keys = new HashSet<>(cluster.ours());
                keys.addAll(known.keys());
                return keys;
            }

            @Override
            public Collection<MirrorItem> ownedBy(ServiceKey key) {
                return KubernetesTarget.this.ownedBy(key);
            }

            /** Whether the name of a Service is taken; where it is, the source says so too, but maybe later. */
            @Override
            public boolean foreign(String id) {
                String[] parts = id.split("/", -1);
                return parts.length == 2
                        && known.service(new ServiceKey(parts[0], parts[1]))
                                .filter(s -> !KubeMarks.ours(s))
                                .isPresent();
            }
        };
    }

    private List<MirrorItem> ownedBy(ServiceKey key) {
        List<MirrorItem> items = new ArrayList<>();
        known.service(key).filter(KubeMarks::ours).ifPresent(s -> items.add(MirrorReader.service(key, s)));
        Map<String, MirrorEndpoint> endpoints = new HashMap<>();
        known.mirrorSlices(key).forEach(slice -> slice.endpoints()
                .forEach(e -> endpoints.merge(e.id(), e, (one, other) -> flawed(one, "twice"))));
        items.addAll(endpoints.values());
        return items;
    }

    private static MirrorEndpoint flawed(MirrorEndpoint e, String flaw) {
        return new MirrorEndpoint(e.key(), e.legacyService(), e.address(), e.ports(), e.readiness(), e.zone(), flaw);
    }

    @Override
    public boolean intact() {
        return true;
    }

    @Override
    public List<Outcome<MirrorItem>> apply(Plan<MirrorItem> plan) {
        Map<ServiceKey, List<Change<MirrorItem>>> byKey = new TreeMap<>();
        plan.changes().forEach(c -> byKey.computeIfAbsent(c.key(), k -> new ArrayList<>())
                .add(c));
        List<Outcome<MirrorItem>> outcomes = new ArrayList<>();
        if (byKey.size() == 1) {
            byKey.forEach((key, changes) -> outcomes.addAll(writer.write(key, changes)));
        } else {
            Map<Future<List<Outcome<MirrorItem>>>, List<Change<MirrorItem>>> futures = new HashMap<>();
            byKey.forEach((key, changes) -> futures.put(senders.submit(() -> writer.write(key, changes)), changes));
            futures.forEach((future, changes) -> outcomes.addAll(Futures.await(future, failure -> changes.stream()
                    .map(c -> new Outcome<>(c, Outcome.Kind.UNAVAILABLE, failure))
                    .toList())));
        }
        return outcomes;
    }

    /** Counted when asked, since who asks is Prometheus: a pass costs no more than what it changes. */
    @Override
    public Owned owned() {
        Held<MirrorItem> held = held();
        Set<ServiceKey> keys = held.keys();
        long endpoints = keys.stream()
                .flatMap(key -> held.ownedBy(key).stream())
                .filter(MirrorEndpoint.class::isInstance)
                .count();
        return new Owned(keys.size(), (int) endpoints);
    }

    @Override
    public void close() {
        senders.shutdown();
    }
}
