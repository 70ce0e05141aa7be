package bridge.bailey.desired;

import bridge.bailey.model.Answer;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.Health;
import bridge.bailey.model.KubeService;
import bridge.bailey.model.KubeSlice;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDeclaration.Origin;
import bridge.bailey.model.LegacyDefaults;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.LegacyView.Tagged;
import bridge.bailey.model.Probe;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.TaggedService;
import bridge.bailey.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random legacy sides. There are few addresses and ports, so that origins often report the same. */
public final class LegacyWorlds {

    /** With the defaults of Bailey itself. */
    public static final LegacyRules RULES = new LegacyRules(
            List.of(Glob.of("*")),
            false,
            new LegacyDefaults(
                    Duration.ofSeconds(10), Duration.ofSeconds(2), 2, 3, Health.UNHEALTHY, 0.3, List.of("eu-west-1")));

    /** What an endpoint's address becomes, of those that can be one. */
    static final Map<String, String> USABLE = usable();

    private static final List<String> UNUSABLE = List.of("127.0.0.1", "224.0.0.1", "fe80::1", "010.0.0.1", "vm-1", "");
    private static final List<String> ADDRESSES = addresses();
    private static final List<Integer> TARGETS = List.of(8080, 9090);
    private static final List<Ec2Query> EC2 =
            List.of(new Ec2Query("eu-west-1", "", List.of()), new Ec2Query("eu-west-2", "", List.of()));
    private static final List<ConsulQuery> CONSUL =
            List.of(new ConsulQuery("billing", "", List.of()), new ConsulQuery("billing", "dc2", List.of()));

    private LegacyWorlds() {}

    private static Map<String, String> usable() {
        Map<String, String> all = new TreeMap<>();
        for (int i = 1; i <= 6; i++) {
            all.put("10.20.0." + i, "10.20.0." + i);
        }
        all.put("2001:db8::7", "2001:db8::7");
        all.put("2001:DB8:0::7", "2001:db8::7");
        return all;
    }

    private static List<String> addresses() {
        List<String> all = new ArrayList<>(USABLE.keySet());
        // The usable ones are drawn more often.
        all.addAll(USABLE.keySet());
        all.addAll(UNUSABLE);
        return all;
    }

    /** What the legacy side says of one service key. */
    public record World(
            List<LegacyDeclaration> claims,
            List<Tagged> tagged,
            Map<Ec2Query, Answer<Ec2Instance>> ec2,
            Map<ConsulQuery, Answer<ConsulInstance>> consul,
            Map<ProbeTarget, Verdict> verdicts) {

        /** With what is in the cluster. */
        public LegacyView view(ServiceKey key, Optional<KubeService> service, List<KubeSlice> slices) {
            return new LegacyView(key, claims, tagged, ec2, consul, verdicts, service, slices, List.of(), true);
        }

        /** Whether anything declares it. */
        public boolean exists() {
            return !claims.isEmpty() || !tagged.isEmpty();
        }

        /** With a verdict for everything: what is not healthy for sure is unhealthy. */
        public World decided() {
            Map<ProbeTarget, Verdict> all = new HashMap<>();
            for (String address : USABLE.values()) {
                for (int port : List.of(80, 443, 8080, 9000, 9090, 5353)) {
                    all.put(new ProbeTarget(address, port), verdict(Health.UNHEALTHY));
                }
            }
            verdicts.forEach((target, verdict) -> {
                if (verdict.health() == Health.HEALTHY) {
                    all.put(target, verdict);
                }
            });
            return new World(claims, tagged, ec2, consul, all);
        }

        /** The same, told in another order; the claims keep theirs, since it says which counts. */
        World shuffled(Random random) {
            List<LegacyDeclaration> otherClaims = new ArrayList<>();
            claims.forEach(d -> otherClaims.add(withOrigins(
                    d,
                    LegacyWorlds.shuffled(d.origins(), random).stream()
                            .map(origin -> shuffledOrigin(origin, random))
                            .toList())));
            Map<Ec2Query, Answer<Ec2Instance>> otherEc2 = new HashMap<>();
            ec2.forEach((query, answer) -> otherEc2.put(query, shuffledAnswer(answer, random)));
            Map<ConsulQuery, Answer<ConsulInstance>> otherConsul = new HashMap<>();
            consul.forEach((query, answer) -> otherConsul.put(query, shuffledAnswer(answer, random)));
            return new World(otherClaims, LegacyWorlds.shuffled(tagged, random), otherEc2, otherConsul, verdicts);
        }
    }

    private static <V> List<V> shuffled(List<V> list, Random random) {
        List<V> other = new ArrayList<>(list);
        Collections.shuffle(other, random);
        return other;
    }

    private static <I> Answer<I> shuffledAnswer(Answer<I> answer, Random random) {
        return new Answer<>(
                answer.origin(),
                answer.tried(),
                answer.known(),
                shuffled(answer.instances(), random),
                answer.lastSuccess(),
                answer.error());
    }

    private static Origin shuffledOrigin(Origin origin, Random random) {
        return origin instanceof Origin.Static some ? new Origin.Static(shuffled(some.instances(), random)) : origin;
    }

    private static LegacyDeclaration withOrigins(LegacyDeclaration d, List<Origin> origins) {
        return new LegacyDeclaration(
                d.resource(),
                d.uid(),
                d.generation(),
                d.createdAt(),
                d.annotations(),
                d.key(),
                d.ports(),
                origins,
                d.probe(),
                d.failOpenBelow(),
                d.blend(),
                d.headless(),
                d.registerInConsul(),
                d.metrics(),
                d.findings());
    }

    /** Worlds of one service key. */
    public static Arbitrary<World> of(ServiceKey key) {
        return Combinators.combine(
                        declaration(key).list().ofMaxSize(2),
                        tagged(key).list().ofMaxSize(3),
                        Arbitraries.maps(Arbitraries.of(EC2), answer(machine("i")))
                                .ofMaxSize(2),
                        Arbitraries.maps(Arbitraries.of(CONSUL), answer(consulInstance()))
                                .ofMaxSize(2),
                        verdicts())
                .as((claims, tagged, ec2, consul, verdicts) ->
                        new World(numbered(claims), tagged, ec2, consul, verdicts));
    }

    /** Each its own resource. */
    private static List<LegacyDeclaration> numbered(List<LegacyDeclaration> claims) {
        List<LegacyDeclaration> all = new ArrayList<>();
        for (LegacyDeclaration d : claims) {
            all.add(new LegacyDeclaration(
                    new ServiceKey(d.key().namespace(), "declared-" + all.size()),
                    d.uid(),
                    d.generation(),
                    Instant.ofEpochSecond(all.size()),
                    d.annotations(),
                    d.key(),
                    d.ports(),
                    d.origins(),
                    d.probe(),
                    d.failOpenBelow(),
                    d.blend(),
                    d.headless(),
                    d.registerInConsul(),
                    d.metrics(),
                    d.findings()));
        }
        return all;
    }

    private static Arbitrary<LegacyDeclaration> declaration(ServiceKey key) {
        Arbitrary<Boolean> rarely = Arbitraries.of(true, false, false, false);
        return Combinators.combine(ports(), origins(), probe().optional(0.6), rarely, rarely, metrics())
                .as((ports, origins, probe, blend, headless, metrics) -> new LegacyDeclaration(
                        key,
                        "uid",
                        1,
                        Instant.EPOCH,
                        Map.of(),
                        key,
                        ports,
                        origins,
                        probe,
                        0.3,
                        blend,
                        headless,
                        false,
                        metrics,
                        List.of()));
    }

    private static Arbitrary<Optional<LegacyDeclaration.Metrics>> metrics() {
        return Combinators.combine(Arbitraries.of(9100, 9200), Arbitraries.of(true, false))
                .as((port, annotate) -> new LegacyDeclaration.Metrics(port, "/metrics", annotate, ""))
                .optional(0.5);
    }

    private static Arbitrary<List<LegacyDeclaration.Port>> ports() {
        Arbitrary<Integer> target = Arbitraries.of(0, 8080, 9090);
        Arbitrary<LegacyDeclaration.Port> http =
                target.map(t -> new LegacyDeclaration.Port("http", 80, t, Protocol.TCP, "http"));
        Arbitrary<LegacyDeclaration.Port> admin =
                target.map(t -> new LegacyDeclaration.Port("admin", 9000, t, Protocol.TCP, ""));
        Arbitrary<LegacyDeclaration.Port> dns =
                Arbitraries.just(new LegacyDeclaration.Port("dns", 53, 5353, Protocol.UDP, ""));
        Arbitrary<LegacyDeclaration.Port> nameless =
                target.map(t -> new LegacyDeclaration.Port("", 80, t, Protocol.TCP, ""));
        return Arbitraries.oneOf(
                http.list().ofSize(1),
                nameless.list().ofSize(1),
                Combinators.combine(http, admin).as(List::of),
                Combinators.combine(admin, http, dns).as(List::of),
                Arbitraries.just(List.of()));
    }

    private static Arbitrary<List<Origin>> origins() {
        Arbitrary<Origin> some = Arbitraries.oneOf(
                Combinators.combine(Arbitraries.of(ADDRESSES), zones())
                        .as((address, zone) -> new Origin.Static.Instance("vm-" + address, address, zone))
                        .list()
                        .ofMaxSize(5)
                        .map(Origin.Static::new),
                Combinators.combine(Arbitraries.of(EC2).set().ofMaxSize(2), Arbitraries.of(true, false))
                        .as((queries, isPublic) -> new Origin.Ec2(List.copyOf(queries), isPublic)),
                Arbitraries.of(CONSUL).map(Origin.Consul::new));
        Arbitrary<List<Origin>> several = some.list().ofMinSize(1).ofMaxSize(3);
        Arbitrary<List<Origin>> host = Arbitraries.of("billing.example.com", "10.0.0.1", "")
                .map(name -> List.<Origin>of(new Origin.HostName(name)));
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(9, several), net.jqwik.api.Tuple.of(1, host));
    }

    private static Arbitrary<String> zones() {
        return Arbitraries.of("", "a", "b");
    }

    private static Arbitrary<Probe> probe() {
        return Combinators.combine(
                        Arbitraries.of("", "http", "admin", "missing"),
                        Arbitraries.of(Health.HEALTHY, Health.UNHEALTHY))
                .as((port, initially) -> new Probe(
                        new Probe.Check.Tcp(port), Duration.ofSeconds(10), Duration.ofSeconds(2), 2, 3, initially));
    }

    private static Arbitrary<Ec2Instance> machine(String prefix) {
        return Combinators.combine(
                        Arbitraries.of(ADDRESSES),
                        Arbitraries.of(ADDRESSES),
                        zones(),
                        Arbitraries.of(true, false, false))
                .as((address, other, zone, stopping) -> new Ec2Instance(
                        prefix + "-" + address, address, other, "2001:db8::7", zone, stopping, Map.of()));
    }

    private static Arbitrary<ConsulInstance> consulInstance() {
        return Combinators.combine(
                        Arbitraries.of(ADDRESSES),
                        Arbitraries.of(8080, 9090, 0, 70_000, -1),
                        zones(),
                        Arbitraries.of(Health.values()))
                .as((address, port, zone, health) ->
                        new ConsulInstance("vm/" + address + port, address, port, zone, health, "why"));
    }

    private static <I> Arbitrary<Answer<I>> answer(Arbitrary<I> instance) {
        Arbitrary<Answer<I>> known = Combinators.combine(instance.list().ofMaxSize(4), Arbitraries.of("", "throttled"))
                .as((all, error) -> new Answer<>("origin", true, true, all, Optional.of(Instant.EPOCH), error));
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(4, known),
                net.jqwik.api.Tuple.of(
                        1,
                        Arbitraries.just(new Answer<I>("origin", true, false, List.of(), Optional.empty(), "away"))));
    }

    private static Arbitrary<Tagged> tagged(ServiceKey key) {
        Arbitrary<List<TaggedService.TagPort>> ports = Arbitraries.maps(
                        Arbitraries.of(80, 443, 9000), Arbitraries.of(TARGETS))
                .ofMaxSize(2)
                .map(map -> map.entrySet().stream()
                        .map(e -> new TaggedService.TagPort(e.getKey(), e.getValue()))
                        .toList());
        return Combinators.combine(
                        machine("t"),
                        ports,
                        Arbitraries.of(true, false),
                        Arbitraries.of("ec2/eu-west-1", "ec2/eu-west-2"))
                .as((machine, all, probed, origin) -> new Tagged(
                        origin,
                        new TaggedService(
                                key,
                                machine,
                                all,
                                probed ? Optional.of(new Probe.Check.Tcp("")) : Optional.empty(),
                                Optional.empty())));
    }

    private static Arbitrary<Map<ProbeTarget, Verdict>> verdicts() {
        Arbitrary<ProbeTarget> target = Combinators.combine(
                        Arbitraries.of(List.copyOf(USABLE.values())), Arbitraries.of(80, 443, 8080, 9000, 9090))
                .as(ProbeTarget::new);
        return Arbitraries.maps(target, Arbitraries.of(Health.values()).map(LegacyWorlds::verdict))
                .ofMaxSize(20);
    }

    private static Verdict verdict(Health health) {
        return new Verdict(health, health, Optional.of(Instant.EPOCH), "", false, List.of());
    }
}
