package bridge.bailey.flow;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.ConsulSettings;
import bridge.bailey.consul.Fences;
import bridge.bailey.desired.Export;
import bridge.bailey.desired.ExportRules;
import bridge.bailey.desired.Glob;
import bridge.bailey.desired.LabelSelector;
import bridge.bailey.it.CatalogView;
import bridge.bailey.it.SharedConsul;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ClusterService;
import bridge.bailey.model.IpFamily;
import bridge.bailey.model.KubeNode;
import bridge.bailey.model.KubeService;
import bridge.bailey.model.KubeSlice;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.Readiness;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Guard;
import bridge.bailey.plan.GuardRules;
import bridge.bailey.source.Source;
import bridge.bailey.target.ConsulTarget;
import bridge.bailey.target.TargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/**
 * Whatever happens, and whichever events are lost: in the end a real Consul holds what a fresh start gives, and nothing
 * foreign was touched.
 */
class ConvergenceIT {

    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final String RUN = Long.toString(System.currentTimeMillis(), 36);

    private static final ServiceKey[] KEYS = {
        new ServiceKey("shop", "users"), new ServiceKey("shop", "orders"), new ServiceKey("data", "users")
    };
    private static final String[] NODES = {"worker-1", "worker-2"};

    /** One thing that happens; what it is about is told by small numbers, so that a failure shrinks well. */
    record Step(Kind kind, int key, int variant, boolean eventLost) {
        enum Kind {
            PUT_SERVICE(true),
            DELETE_SERVICE(true),
            PUT_SLICE(true),
            DELETE_SLICE(true),
            PUT_NODE(true),
            DELETE_NODE(true),
            PASS(false),
            FULL_PASS(false),
            RESTART(false),
            OTHERS_DELETE_AN_ENTRY(false),
            OTHERS_CHANGE_AN_ENTRY(false),
            OTHERS_ADD_UNDER_OUR_MARK(false),
            FOREIGN_ENTRY_ON_OUR_NODE(false),
            OTHERS_DELETE_OUR_NODE(false);

            private final boolean ofTheCluster;

            Kind(boolean ofTheCluster) {
                this.ofTheCluster = ofTheCluster;
            }
        }
    }

    @Provide
    Arbitrary<Step> steps() {
        return Combinators.combine(
                        Arbitraries.of(Step.Kind.class),
                        Arbitraries.integers().between(0, KEYS.length - 1),
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.of(true, false, false))
                .as(Step::new);
    }

    @Property(tries = 150)
    void anySequenceEndsWithWhatAFreshStartGives(@ForAll @Size(min = 5, max = 50) List<@From("steps") Step> steps)
            throws TargetException {
        World world = new World("c-" + RUN + "-" + COUNTER.incrementAndGet());
        try {
            steps.forEach(world::happens);
            world.settle();

            Map<String, String> ours = world.ours();
            assertThat(ours).isEqualTo(world.freshStart());
            assertThat(world.foreign()).isEqualTo(world.expectedForeign);
        } finally {
            world.close();
        }
    }

    /** A cluster in memory, a real Consul, and Bailey without its loop: the steps say when it runs. */
    private static final class World {

        private final LocalConsul consul = SharedConsul.get();
        private final String cluster;
        private final String node;
        private final ConsulHttp http;
        private final Memory memory = new Memory();
        private final Set<ServiceKey> dirty = new HashSet<>();
        private final Map<String, String> expectedForeign = new TreeMap<>();
        private ConsulTarget target;
        private Flow<ClusterService, CatalogEntry> flow;

        World(String cluster) {
            this.cluster = cluster;
            this.node = "k8s-" + cluster;
            this.http = new ConsulHttp(settings(), (kind, status, seconds) -> {});
            restart();
        }

        private ConsulSettings settings() {
            return new ConsulSettings(
                    consul.uri(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    true,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Duration.ofSeconds(10),
                    OptionalInt.empty());
        }

        private void restart() {
            if (target != null) {
                target.close();
            }
            target = new ConsulTarget(http, Fences.alone(http, cluster), cluster, node, OptionalInt.empty());
            flow = flowTo(target);
            // As the loop does: a full pass comes first.
            fullPass();
        }

        private Flow<ClusterService, CatalogEntry> flowTo(ConsulTarget to) {
            return new Flow<>(
                    "to-consul", memory, new Export(rules()), to, new Guard<>(GuardRules.OFF), System::nanoTime);
        }

        private ExportRules rules() {
            return new ExportRules(
                    cluster,
                    true,
                    List.of(Glob.of("*")),
                    List.of(),
                    LabelSelector.EVERYTHING,
                    "{name}",
                    cluster + "-",
                    List.of("k8s"),
                    ExportRules.IpFamilies.PRIMARY,
                    ExportRules.NodeAddress.EXTERNAL_FIRST,
                    false,
                    false,
                    ExportRules.IngressAddresses.HOST,
                    ExportRules.Checks.READINESS);
        }

        private PassReport.Result fullPass() {
            try {
                target.read().adopt();
            } catch (TargetException e) {
                throw new IllegalStateException(e);
            }
            dirty.clear();
            return flow.pass(new Flow.Scope.All()).result();
        }

        /** As the loop does after a conflict: it reads again. */
        private void pass() {
            Set<ServiceKey> keys = Set.copyOf(dirty);
            dirty.clear();
            if (flow.pass(new Flow.Scope.Keys(keys)).result() == PassReport.Result.CONFLICT) {
                fullPass();
            }
        }

        void settle() {
            int passes = 0;
            while (fullPass() != PassReport.Result.OK) {
                assertThat(++passes).as("full passes until all is well").isLessThan(3);
            }
            assertThat(flow.plan().plan().changes()).isEmpty();
        }

        void happens(Step step) {
            ServiceKey key = KEYS[step.key()];
            String nodeName = NODES[step.key() % NODES.length];
            switch (step.kind()) {
                case PUT_SERVICE -> memory.services.put(key, service(key, step.variant()));
                case DELETE_SERVICE -> memory.services.remove(key);
                case PUT_SLICE -> memory.slicesOf(key).put("s" + step.variant() % 2, slice(step.variant()));
                case DELETE_SLICE -> memory.slicesOf(key).remove("s" + step.variant() % 2);
                case PUT_NODE -> memory.nodes.put(nodeName, kubeNode(nodeName, step.variant()));
                case DELETE_NODE -> memory.nodes.remove(nodeName);
                case PASS -> pass();
                case FULL_PASS -> fullPass();
                case RESTART -> restart();
                default -> othersDo(step);
            }
            if (!step.eventLost() && step.kind().ofTheCluster) {
                boolean ofNode = step.kind() == Step.Kind.PUT_NODE || step.kind() == Step.Kind.DELETE_NODE;
                dirty.addAll(ofNode ? List.of(KEYS) : List.of(key));
            }
        }

        private void othersDo(Step step) {
            List<String> ids = new ArrayList<>(ours().keySet());
            String ourId = ids.isEmpty() ? "" : ids.get(step.variant() % ids.size());
            switch (step.kind()) {
                case OTHERS_DELETE_AN_ENTRY -> {
                    if (!ourId.isEmpty()) {
                        txn("Service", "delete", "{\"ID\":\"" + ourId + "\",\"Service\":\"x\"}");
                    }
                }
                case OTHERS_CHANGE_AN_ENTRY -> {
                    if (!ourId.isEmpty()) {
                        txn("Service", "set", entry(ourId, cluster));
                    }
                }
                case OTHERS_ADD_UNDER_OUR_MARK -> {
                    if (hasNode()) {
                        txn("Service", "set", entry("stray-" + step.variant(), cluster));
                    }
                }
                case FOREIGN_ENTRY_ON_OUR_NODE -> {
                    if (hasNode()) {
                        txn("Service", "set", entry("foreign-" + step.variant(), "another"));
                        expectedForeign.clear();
                        expectedForeign.putAll(foreign());
                    }
                }
                case OTHERS_DELETE_OUR_NODE -> {
                    if (hasNode()) {
                        consul.put("txn", "[{\"Node\":{\"Verb\":\"delete\",\"Node\":{\"Node\":\"" + node + "\"}}}]");
                        expectedForeign.clear();
                    }
                }
                default -> throw new IllegalArgumentException(step.toString());
            }
        }

        private boolean hasNode() {
            return consul.get("catalog/node-services/" + node).path("Node").isObject();
        }

        private static String entry(String id, String owner) {
            return "{\"ID\":\"" + id + "\",\"Service\":\"edited\",\"Address\":\"10.6.6.6\",\"Port\":6,"
                    + "\"Meta\":{\"managed-by\":\"bailey\",\"bailey-cluster\":\"" + owner + "\"}}";
        }

        private void txn(String type, String verb, String service) {
            consul.put(
                    "txn",
                    "[{\"" + type + "\":{\"Verb\":\"" + verb + "\",\"Node\":\"" + node + "\",\"Service\":" + service
                            + "}}]");
        }

        Map<String, String> ours() {
            Map<String, String> all = new TreeMap<>(CatalogView.of(consul, node));
            all.values().removeIf(entry -> !entry.contains("bailey-cluster=" + cluster));
            return all;
        }

        Map<String, String> foreign() {
            Map<String, String> all = new TreeMap<>(CatalogView.of(consul, node));
            all.values().removeIf(entry -> entry.contains("bailey-cluster=" + cluster));
            return all;
        }

        /** What a Bailey gives that never ran before, on a node of its own. */
        Map<String, String> freshStart() throws TargetException {
            String fresh = "fresh-" + cluster;
            try (ConsulTarget clean =
                    new ConsulTarget(http, Fences.alone(http, fresh), cluster, fresh, OptionalInt.empty())) {
                clean.read().adopt();
                flowTo(clean).pass(new Flow.Scope.All());
            }
            return CatalogView.of(consul, fresh);
        }

        void close() {
            target.close();
            http.close();
        }

        private static KubeService service(ServiceKey key, int variant) {
            Map<String, String> annotations = new HashMap<>();
            if (variant % 4 == 1) {
                annotations.put("bailey.bridge/name", "renamed");
                annotations.put("bailey.bridge/weight", "9");
            }
            if (variant % 4 == 2) {
                annotations.put("bailey.bridge/sync", "false");
            }
            if (variant % 4 == 3) {
                annotations.put("bailey.bridge/meta-bad.key", "x");
                annotations.put("bailey.bridge/tags", "b,a");
            }
            KubeService.Type type = variant >= 4 ? KubeService.Type.NODE_PORT : KubeService.Type.CLUSTER_IP;
            return new KubeService(
                    key,
                    type,
                    Map.of(),
                    annotations,
                    List.of(),
                    List.of("10.96.0.1"),
                    List.of(),
                    List.of(),
                    List.of(new KubeService.Port("http", 80, 30080, Protocol.TCP)),
                    true,
                    false);
        }

        private static KubeSlice slice(int variant) {
            List<KubeSlice.Endpoint> endpoints = new ArrayList<>();
            for (int i = 0; i <= variant % 3; i++) {
                Readiness readiness = List.of(Readiness.values()).get((variant + i) % 3);
                endpoints.add(new KubeSlice.Endpoint(
                        "10.1.0." + (variant + i), readiness, "pod-" + i, NODES[i % NODES.length], ""));
            }
            return new KubeSlice(
                    "s" + variant % 2,
                    IpFamily.IPV4,
                    List.of(new KubeSlice.Port("http", 8080, Protocol.TCP)),
                    endpoints,
                    false);
        }

        private static KubeNode kubeNode(String name, int variant) {
            return new KubeNode(
                    name,
                    List.of("10.9.0." + variant),
                    variant % 2 == 0 ? List.of() : List.of("198.51.100." + variant));
        }
    }

    /** The cluster, in memory. */
    private static final class Memory implements Source<ClusterService> {

        private final Map<ServiceKey, KubeService> services = new TreeMap<>();
        private final Map<ServiceKey, Map<String, KubeSlice>> slices = new TreeMap<>();
        private final Map<String, KubeNode> nodes = new TreeMap<>();

        Map<String, KubeSlice> slicesOf(ServiceKey key) {
            return slices.computeIfAbsent(key, k -> new TreeMap<>());
        }

        @Override
        public CompletionStage<Void> start(Listener listener) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Snapshot<ClusterService> all() {
            return of(services.keySet());
        }

        @Override
        public Snapshot<ClusterService> of(Set<ServiceKey> keys) {
            Map<ServiceKey, ClusterService> found = new TreeMap<>();
            for (ServiceKey key : keys) {
                KubeService service = services.get(key);
                if (service != null) {
                    found.put(
                            key,
                            new ClusterService(
                                    service, List.copyOf(slicesOf(key).values()), nodes, List.of()));
                }
            }
            return new Snapshot<>(found, key -> true);
        }

        @Override
        public List<Part> parts() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
