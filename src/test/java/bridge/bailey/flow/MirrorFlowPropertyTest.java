package bridge.bailey.flow;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.desired.LegacyWorlds;
import bridge.bailey.desired.LegacyWorlds.World;
import bridge.bailey.desired.Mirror;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Guard;
import bridge.bailey.plan.GuardRules;
import bridge.bailey.source.KubeObjects;
import bridge.bailey.source.MemorySource;
import bridge.bailey.target.MemoryCluster;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Instances appear, drain, die and move; resources and tags come, go and change; others make, edit and delete Services and
 * slices. Whatever happens, the cluster ends up with what a fresh start gives. {@link MemoryCluster} fails at each write that
 * an API server would refuse, and at each that changes nothing.
 */
class MirrorFlowPropertyTest {

    private static final List<ServiceKey> KEYS =
            List.of(new ServiceKey("shop", "billing"), new ServiceKey("shop", "users"));

    /** Until it is quiet: a Service that is released is foreign only afterwards. */
    private static final int MOST_PASSES = 4;

    /** What others do to a Service and its slices. */
    private enum Deed {
        NOTHING,
        MAKE,
        MAKE_EXTERNAL_NAME,
        SELECT,
        DELETE,
        DISTURB;

        void happen(MemoryCluster cluster, ServiceKey key) {
            switch (this) {
                case MAKE -> cluster.make(service(key, false));
                case MAKE_EXTERNAL_NAME -> cluster.make(service(key, true));
                case SELECT -> cluster.select(key);
                case DELETE -> cluster.delete(key);
                case DISTURB -> cluster.disturb(key);
                default -> {}
            }
        }
    }

    /**
     * One pass, and what happens before it.
     *
     * @param full whether it is about all keys; if not, about those that changed
     */
    record Step(Map<ServiceKey, World> worlds, Deed deed, ServiceKey where, boolean full) {}

    @Property
    void anyHistoryConvergesToWhatAFreshStartGives(@ForAll("steps") List<Step> history) {
        MemoryCluster cluster = new MemoryCluster();
        history.forEach(step -> {
            step.deed().happen(cluster, step.where());
            pass(cluster, step.worlds(), step.full());
        });
        Map<ServiceKey, World> last =
                new HashMap<>(history.get(history.size() - 1).worlds());
        last.replaceAll((key, world) -> world.decided());
        settle(cluster, last);
        MemoryCluster fresh = new MemoryCluster().withForeignOf(cluster);
        settle(fresh, last);

        assertThat(cluster.summary()).isEqualTo(fresh.summary());
    }

    /** Passes until nothing is left to do. */
    private static void settle(MemoryCluster cluster, Map<ServiceKey, World> worlds) {
        for (int i = 0; i < MOST_PASSES; i++) {
            if (pass(cluster, worlds, true).outcomes().isEmpty()) {
                return;
            }
        }
        assertThat(pass(cluster, worlds, true).outcomes()).as("never quiet").isEmpty();
    }

    private static PassReport<MirrorItem> pass(MemoryCluster cluster, Map<ServiceKey, World> worlds, boolean full) {
        MemorySource<LegacyView> source = new MemorySource<>();
        Map<ServiceKey, LegacyView> views = new HashMap<>();
        worlds.forEach((key, world) -> {
            if (world.exists()) {
                views.put(key, view(cluster, key, world));
            }
        });
        source.set(views, true);
        Flow<LegacyView, MirrorItem> flow = new Flow<>(
                "test", source, new Mirror(LegacyWorlds.RULES), cluster, new Guard<>(GuardRules.OFF), () -> 0);
        return flow.pass(full ? new Flow.Scope.All() : new Flow.Scope.Keys(worlds.keySet()));
    }

    private static LegacyView view(MemoryCluster cluster, ServiceKey key, World world) {
        return world.view(
                key,
                cluster.service(key).map(KubeObjects::read),
                cluster.slices(key).stream()
                        .map(KubeObjects::read)
                        .flatMap(Optional::stream)
                        .toList());
    }

    private static Service service(ServiceKey key, boolean external) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(key.namespace())
                .withName(key.name())
                .endMetadata()
                .withNewSpec()
                .withType(external ? "ExternalName" : "ClusterIP")
                .withExternalName(external ? "else.example.com" : null)
                .withSelector(external ? null : Map.of("app", key.name()))
                .addNewPort()
                .withName("web")
                .withPort(80)
                .endPort()
                .endSpec()
                .build();
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        LegacyWorlds.of(KEYS.get(0)),
                        LegacyWorlds.of(KEYS.get(1)),
                        Arbitraries.of(Deed.class),
                        Arbitraries.of(KEYS),
                        Arbitraries.of(true, false))
                .as((billing, users, deed, where, full) ->
                        new Step(Map.of(KEYS.get(0), billing, KEYS.get(1), users), deed, where, full))
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }
}
