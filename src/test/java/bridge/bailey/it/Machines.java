package bridge.bailey.it;

import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.ConsulSettings;
import bridge.bailey.consul.Fences;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.CatalogEntry.Status;
import bridge.bailey.model.ExternalNode;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Plan;
import bridge.bailey.plan.Planner;
import bridge.bailey.target.ConsulTarget;
import bridge.bailey.target.Outcome;
import bridge.bailey.target.TargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Machines without an agent and services on them, written to a real Consul by a target: the test says when. */
final class Machines implements AutoCloseable {

    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final String RUN = Long.toString(System.currentTimeMillis() % 100_000_000, 36);

    private final String cluster;
    private final ConsulHttp http;
    private final ConsulTarget target;
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final Map<ServiceKey, Map<String, CatalogEntry>> desired = new TreeMap<>();

    Machines(LocalConsul consul) {
        this(consul, "m-" + RUN + "-" + COUNTER.incrementAndGet(), "");
    }

    Machines(LocalConsul consul, String cluster, String token) {
        this.cluster = cluster;
        this.http =
                http(consul, token, (kind, status, seconds) -> requests.computeIfAbsent(kind, k -> new AtomicInteger())
                        .incrementAndGet());
        this.target =
                new ConsulTarget(http, Fences.alone(http, cluster), cluster, "k8s-" + cluster, OptionalInt.empty());
    }

    static ConsulHttp http(LocalConsul consul, String token, ConsulHttp.Observer observer) {
        return new ConsulHttp(
                new ConsulSettings(
                        consul.uri(),
                        Optional.empty(),
                        Optional.of(token),
                        Optional.empty(),
                        true,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofSeconds(10),
                        OptionalInt.empty()),
                observer);
    }

    String cluster() {
        return cluster;
    }

    ConsulTarget target() {
        return target;
    }

    /** How many requests of a kind were sent. */
    int requests(String kind) {
        return requests.getOrDefault(kind, new AtomicInteger()).get();
    }

    int requests() {
        return requests.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** The name of the node of a machine. */
    String node(String machine) {
        return ExternalNode.of(cluster, machine, "").name();
    }

    /** The id of a service's entry on a machine. */
    String id(String service, String address) {
        return cluster + "/shop/" + service + "/" + address + ":8080";
    }

    /** From the next pass on this service is on this machine; its name in Consul is the cluster's and its own. */
    CatalogEntry put(String service, String machine, String address, Status status) {
        return put(service, address, status, Optional.of(ExternalNode.of(cluster, machine, address)));
    }

    /** The same of the cluster's own, at this address. */
    CatalogEntry putPod(String service, String address) {
        return put(service, address, Status.PASSING, Optional.empty());
    }

    CatalogEntry put(String service, String address, Status status, Optional<ExternalNode> node) {
        ServiceKey key = new ServiceKey("shop", service);
        CatalogEntry entry = new CatalogEntry(
                key,
                id(service, address),
                cluster + "-" + service,
                address,
                8080,
                List.of("legacy"),
                Map.of("managed-by", "bailey", "bailey-cluster", cluster),
                1,
                Optional.of(new CatalogEntry.Check(status, "as the probe says")),
                node);
        desired.computeIfAbsent(key, k -> new TreeMap<>()).put(entry.id(), entry);
        return entry;
    }

    void remove(String service, String address) {
        desired.get(new ServiceKey("shop", service)).remove(id(service, address));
    }

    void clear() {
        desired.values().forEach(Map::clear);
    }

    Map<ServiceKey, Map<String, CatalogEntry>> desired() {
        return desired;
    }

    /** What a full pass does: reads, plans for everything, applies. */
    List<Outcome<CatalogEntry>> fullPass() {
        try {
            return tryFullPass();
        } catch (TargetException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same. */
    List<Outcome<CatalogEntry>> tryFullPass() throws TargetException {
        target.read().adopt();
        Set<ServiceKey> keys = new TreeSet<>(desired.keySet());
        keys.addAll(target.held().keys());
        return target.apply(plan(keys));
    }

    /** What a pass for some services does, without reading. */
    List<Outcome<CatalogEntry>> pass(String... services) {
        Set<ServiceKey> keys = new TreeSet<>();
        for (String service : services) {
            keys.add(new ServiceKey("shop", service));
        }
        return target.apply(plan(keys));
    }

    private Plan<CatalogEntry> plan(Set<ServiceKey> keys) {
        Map<ServiceKey, List<CatalogEntry>> wanted = new TreeMap<>();
        keys.forEach(key -> wanted.put(
                key, new ArrayList<>(desired.getOrDefault(key, Map.of()).values())));
        return Planner.plan(wanted, target.held(), item -> true);
    }

    @Override
    public void close() {
        target.close();
        http.close();
    }
}
