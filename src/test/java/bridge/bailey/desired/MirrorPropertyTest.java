package bridge.bailey.desired;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.desired.LegacyWorlds.World;
import bridge.bailey.model.Answer;
import bridge.bailey.model.EndpointPort;
import bridge.bailey.model.Item;
import bridge.bailey.model.KubeService;
import bridge.bailey.model.LegacyDeclaration.Origin;
import bridge.bailey.model.LegacyStatus;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.MirrorService;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.ServiceKey;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MirrorPropertyTest {

    private static final ServiceKey BILLING = new ServiceKey("shop", "billing");

    private static List<MirrorItem> items(LegacyView view) {
        return new Mirror(LegacyWorlds.RULES).desired(view).items();
    }

    private static List<MirrorEndpoint> endpoints(LegacyView view) {
        return items(view).stream()
                .filter(MirrorEndpoint.class::isInstance)
                .map(MirrorEndpoint.class::cast)
                .toList();
    }

    @Property
    void whateverIsSaidTheApiWouldTakeWhatComesOfIt(
            @ForAll("worlds") World world, @ForAll("services") Optional<KubeService> service) {
        LegacyView view = world.view(BILLING, service, List.of());

        List<MirrorItem> items = items(view);

        assertThat(items.stream().map(Item::id)).doesNotHaveDuplicates();
        assertThat(endpoints(view)).allSatisfy(endpoint -> {
            assertThat(LegacyWorlds.USABLE).containsValue(endpoint.address());
            assertThat(endpoint.ports()).isNotEmpty();
            assertThat(endpoint.ports().stream().map(EndpointPort::name)).doesNotHaveDuplicates();
            assertThat(endpoint.ports()).allMatch(port -> port.number() > 0 && port.number() <= 65_535);
        });
    }

    /** Otherwise nothing is routed. */
    @Property
    void thePortsOfEndpointsHaveTheNamesOfTheServicesPorts(
            @ForAll("worlds") World world, @ForAll("services") Optional<KubeService> service) {
        List<MirrorItem> items = items(world.view(BILLING, service, List.of()));
        Set<String> names = items.stream()
                .filter(MirrorService.class::isInstance)
                .map(MirrorService.class::cast)
                .findFirst()
                .map(mirror -> mirror.ports().stream().map(MirrorService.Port::name))
                .orElseGet(
                        () -> service.stream().flatMap(s -> s.ports().stream()).map(KubeService.Port::name))
                .collect(Collectors.toSet());

        assertThat(items.stream()
                        .filter(MirrorEndpoint.class::isInstance)
                        .flatMap(item -> ((MirrorEndpoint) item).ports().stream())
                        .map(EndpointPort::name))
                .isSubsetOf(names);
    }

    @Property
    void everyUsableAddressIsThereAndNoOther(@ForAll("worlds") World world) {
        LegacyView view = world.view(BILLING, Optional.empty(), List.of());

        Set<String> found =
                endpoints(view).stream().map(MirrorEndpoint::address).collect(Collectors.toSet());

        assertThat(found).isEqualTo(expected(world));
    }

    /** Written down anew from what users are told, without regard to ports and health. */
    private static Set<String> expected(World world) {
        Set<String> raw = new HashSet<>();
        boolean declaresPorts =
                !world.claims().isEmpty() && !world.claims().get(0).ports().isEmpty();
        boolean anyPort = declaresPorts
                || world.tagged().stream().anyMatch(t -> !t.service().ports().isEmpty());
        List<Origin> origins =
                world.claims().isEmpty() ? List.of() : world.claims().get(0).origins();
        if (!anyPort || origins.contains(new Origin.HostName("billing.example.com"))) {
            return Set.of();
        }
        for (Origin origin : origins) {
            if (origin instanceof Origin.Static some) {
                some.instances().forEach(i -> raw.add(i.address()));
            } else if (origin instanceof Origin.Ec2 some) {
                some.queries().stream()
                        .map(query -> world.ec2().getOrDefault(query, Answer.none("")))
                        .flatMap(answer -> answer.instances().stream())
                        .forEach(i -> raw.add(
                                first(some.publicAddress() ? i.publicAddress() : i.privateAddress(), i.ipv6Address())));
            } else if (origin instanceof Origin.Consul some) {
                boolean ownPort =
                        declaresPorts && world.claims().get(0).ports().get(0).targetPort() == 0;
                world.consul().getOrDefault(some.query(), Answer.none("")).instances().stream()
                        .filter(i -> !ownPort || i.port() <= 65_535)
                        .forEach(i -> raw.add(i.address()));
            }
        }
        world.tagged()
                .forEach(t -> raw.add(first(
                        t.service().instance().privateAddress(),
                        t.service().instance().ipv6Address())));
        return raw.stream()
                .filter(LegacyWorlds.USABLE::containsKey)
                .map(LegacyWorlds.USABLE::get)
                .collect(Collectors.toSet());
    }

    private static String first(String one, String other) {
        return one.isEmpty() ? other : one;
    }

    /** Only the zone and the id of one that is reported twice depend on who reports it first. */
    @Property
    void theOrderInWhichThingsAreToldDoesNotMatter(
            @ForAll("worlds") World world, @ForAll("services") Optional<KubeService> service, @ForAll Random random) {
        List<MirrorItem> one = items(world.view(BILLING, service, List.of()));
        List<MirrorItem> other = items(world.shuffled(random).view(BILLING, service, List.of()));

        assertThat(other.stream().map(MirrorPropertyTest::withoutZone))
                .containsExactlyInAnyOrderElementsOf(
                        one.stream().map(MirrorPropertyTest::withoutZone).toList());
    }

    private static MirrorItem withoutZone(MirrorItem item) {
        return item instanceof MirrorEndpoint e
                ? new MirrorEndpoint(e.key(), e.legacyService(), e.address(), e.ports(), e.readiness(), "", "")
                : item;
    }

    @Property
    void everyResourceGetsAStatusThatAddsUp(
            @ForAll("worlds") World world, @ForAll("services") Optional<KubeService> service) {
        LegacyView view = world.view(BILLING, service, List.of());
        List<MirrorEndpoint> endpoints = endpoints(view);
        var desired = new Mirror(LegacyWorlds.RULES).desired(view);

        Map<?, LegacyStatus> statuses = Statuses.of(view, LegacyWorlds.RULES, desired.findings(), Instant.EPOCH);

        assertThat(statuses).hasSameSizeAs(world.claims());
        statuses.values().forEach(status -> {
            assertThat(status.conditions())
                    .extracting(LegacyStatus.Condition::type)
                    .containsExactly("Ready", "Synced", "OriginsAvailable", "Healthy");
            assertThat(status.conditions()).allMatch(c -> c.reason().matches("[A-Z][A-Za-z]+"));
            assertThat(status.instances()).hasSizeLessThanOrEqualTo(LegacyStatus.MOST_INSTANCES);
        });
        world.claims().stream().findFirst().map(statuses::get).ifPresent(winner -> {
            boolean isReady = winner.conditions().get(0).holds() == LegacyStatus.Holds.TRUE;
            boolean serves = endpoints.stream().anyMatch(e -> e.readiness() == bridge.bailey.model.Readiness.READY);
            boolean isName = desired.items().stream()
                    .anyMatch(i -> i instanceof MirrorService s && s.type() == MirrorService.Type.EXTERNAL_NAME);
            assertThat(isReady).isEqualTo(serves || isName);
        });
    }

    @Provide
    Arbitrary<World> worlds() {
        return LegacyWorlds.of(BILLING);
    }

    /** What may be there under the name already. */
    @Provide
    Arbitrary<Optional<KubeService>> services() {
        KubeService.Port http = new KubeService.Port("http", 80, 0, Protocol.TCP);
        KubeService.Port web = new KubeService.Port("web", 9000, 0, Protocol.TCP);
        KubeService.Port nameless = new KubeService.Port("", 80, 0, Protocol.TCP);
        return Arbitraries.of(
                        service(KubeService.Type.CLUSTER_IP, true, false, http),
                        service(KubeService.Type.CLUSTER_IP, true, false, http, web),
                        service(KubeService.Type.CLUSTER_IP, true, true, nameless),
                        service(KubeService.Type.CLUSTER_IP, false, true, http),
                        service(KubeService.Type.EXTERNAL_NAME, false, false),
                        service(KubeService.Type.NODE_PORT, true, false, web))
                .optional(0.6);
    }

    private static KubeService service(
            KubeService.Type type, boolean selector, boolean mirror, KubeService.Port... ports) {
        return new KubeService(
                BILLING,
                type,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Stream.of(ports).toList(),
                selector,
                mirror);
    }
}
