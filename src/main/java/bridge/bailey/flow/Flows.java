package bridge.bailey.flow;

import bridge.bailey.config.BaileyConfig;
import bridge.bailey.config.Settings;
import bridge.bailey.consul.Backoff;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.Fence;
import bridge.bailey.desired.BridgedExport;
import bridge.bailey.desired.Decision;
import bridge.bailey.desired.Decisions;
import bridge.bailey.desired.Mirror;
import bridge.bailey.lead.Bulletin;
import bridge.bailey.lead.Claim;
import bridge.bailey.lead.ClusterId;
import bridge.bailey.lead.Leadership;
import bridge.bailey.model.BridgedService;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Happening;
import bridge.bailey.model.Item;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyStatus;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Guard;
import bridge.bailey.plan.Hold;
import bridge.bailey.source.BridgedSource;
import bridge.bailey.source.ClusterWatch;
import bridge.bailey.source.KubernetesSource;
import bridge.bailey.source.LegacySource;
import bridge.bailey.source.Source;
import bridge.bailey.target.ConsulTarget;
import bridge.bailey.target.KubernetesEvents;
import bridge.bailey.target.KubernetesTarget;
import bridge.bailey.target.LegacyStatusWriter;
import bridge.bailey.view.Seen;
import bridge.bailey.view.Standing;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The flows, wired.
 *
 * <ul>
 *   <li>To-consul: Kubernetes' informers, and the machines that are to be registered → what Consul should hold → the
 *       difference → Consul's transactions.
 *   <li>To-kubernetes: LegacyServices, EC2 and Consul, with the verdicts of the probes → what the cluster should hold →
 *       the difference → Services and EndpointSlices.
 * </ul>
 */
public final class Flows implements AutoCloseable {

    /** The flow from the cluster to Consul. */
    public static final String TO_CONSUL = "to-consul";

    /** The flow from the legacy side to the cluster. */
    public static final String TO_KUBERNETES = "to-kubernetes";

    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);

    private final InstantSource clock = InstantSource.system();
    private final Settings settings;
    private final ClusterWatch cluster;
    private final Leadership leadership;
    private final ConsulTarget consulTarget;
    private final KubernetesTarget kubernetesTarget;
    private final LegacySide legacy;
    private final KubernetesEvents events;
    private final LegacyStatusWriter statuses;
    private final Direction<BridgedService, CatalogEntry> toConsul;
    private final Direction<LegacyView, MirrorItem> toKubernetes;
    private final Decisions decisions;

    /**
     * What the flows work with, and who is told of what they do.
     *
     * @param leadership makes the election, of which the operators' part is this bridge's
     */
    public record Parts(
            KubernetesClient kubernetes,
            ConsulHttp consul,
            Function<Bulletin, Leadership> leadership,
            LegacySide.Systems legacy,
            List<FlowObserver> observers) {}

    public Flows(Settings settings, Parts parts) {
        this.settings = settings;
        KubernetesClient kubernetes = parts.kubernetes();
        cluster = new ClusterWatch(kubernetes, clock);
        leadership = parts.leadership().apply(new Notices());
        BooleanSupplier leadsFreshly = leadership::isFresh;
        consulTarget = new ConsulTarget(
                parts.consul(),
                new Fence(
                        parts.consul(),
                        settings.config().cluster(),
                        new Claim(leadership, new ClusterId(kubernetes)),
                        clock),
                settings.config().cluster(),
                settings.consulNode(),
                settings.consul().maxOps());
        kubernetesTarget = new KubernetesTarget(kubernetes, cluster, leadsFreshly, new SplittableRandom(), clock);
        legacy = new LegacySide(settings, cluster, parts.legacy(), clock);
        events = new KubernetesEvents(
                kubernetes,
                cluster::uidOf,
                resource -> legacy.declarations().flatMap(d -> d.uidOf(resource)),
                lease -> leadership.lease().map(Leadership.Where::uid),
                clock);
        statuses = new LegacyStatusWriter(
                kubernetes, resource -> legacy.declarations().flatMap(d -> d.raw(resource)), leadsFreshly);
        List<FlowObserver> observers = new ArrayList<>(parts.observers());
        observers.add(eventWriter());
        observers.add(new LegacyReporter(
                key -> legacy.source().view(key),
                key -> this.toKubernetes().findings(key),
                settings.legacyRules(),
                clock,
                owners()));
        decisions = new Decisions(settings.exportRules(), settings.legacyRules());
        BaileyConfig config = settings.config();
        toConsul = direction(
                config.export().enabled(),
                new Flow<>(
                        TO_CONSUL,
                        new BridgedSource(
                                new KubernetesSource(cluster, config.export().ingress()),
                                config.legacy().enabled() ? Optional.of(legacy.source()) : Optional.empty()),
                        new BridgedExport(settings.exportRules(), settings.legacyRules()),
                        consulTarget,
                        new Guard<>(settings.guardRules()),
                        System::nanoTime),
                // Consul itself tells when somebody else has taken over, even while the API server is away.
                mandate(() -> leadership.term().isPresent()),
                observers);
        toKubernetes = direction(
                config.legacy().enabled(),
                new Flow<>(
                        TO_KUBERNETES,
                        legacy.source(),
                        new Mirror(settings.legacyRules()),
                        kubernetesTarget,
                        new Guard<>(settings.guardRules()),
                        System::nanoTime),
                mandate(leadsFreshly),
                observers);
    }

    private <S, T extends Item> Direction<S, T> direction(
            boolean enabled, Flow<S, T> flow, Mandate mandate, List<FlowObserver> observers) {
        FlowLoop<S, T> loop = new FlowLoop<>(
                flow,
                mandate,
                timing(settings.config()),
                new Backoff(FIRST_RETRY.toNanos(), LONGEST_RETRY.toNanos(), new SplittableRandom()),
                System::nanoTime,
                clock,
                new FlowObservers(observers));
        return new Direction<>(enabled, flow, loop);
    }

    private Mandate mandate(BooleanSupplier given) {
        return new Mandate() {
            @Override
            public boolean given() {
                return given.getAsBoolean();
            }

            @Override
            public boolean isOthers() {
                return leadership.term().isEmpty() && leadership.leader().isPresent();
            }
        };
    }

    private static FlowLoop.Timing timing(BaileyConfig config) {
        return new FlowLoop.Timing(config.quiet(), config.maxWait(), config.resync());
    }

    private LegacyReporter.Owners owners() {
        return new LegacyReporter.Owners() {
            @Override
            public void status(LegacyDeclaration declaration, LegacyStatus status) {
                statuses.write(declaration.resource(), declaration.uid(), status);
            }

            @Override
            public void happened(Happening happening) {
                events.report(happening);
            }
        };
    }

    private FlowObserver eventWriter() {
        return new FlowObserver() {
            @Override
            public void passed(PassReport<? extends Item> report) {
                events.report(report.newFindings());
            }

            @Override
            public void withheld(String flow, Hold hold) {
                leadership.lease().ifPresent(lease -> {
                    ServiceKey name = new ServiceKey(lease.namespace(), lease.name());
                    events.report(new Happening(
                            new Finding.Subject(Finding.Subject.LEASE, name.toString()),
                            name,
                            "DeletionsWithheld",
                            true,
                            flow + ": " + hold.text(flow)));
                });
            }
        };
    }

    /** What operators are told by the Lease, and say by it. */
    private final class Notices implements Bulletin {
        @Override
        public Set<String> withheld() {
            return all().stream()
                    .filter(Direction::isHolding)
                    .map(Direction::name)
                    .collect(Collectors.toSet());
        }

        @Override
        public void resume(Set<String> flows) {
            named(flows).forEach(Direction::resumeHold);
        }

        @Override
        public boolean hasJudged(String flow) {
            return named(Set.of(flow)).stream().allMatch(Direction::hasJudged);
        }

        @Override
        public void release(Set<String> flows) {
            named(flows).forEach(Direction::release);
        }

        private List<Direction<?, ?>> named(Set<String> flows) {
            return all().stream().filter(flow -> flows.contains(flow.name())).toList();
        }
    }

    /** For a plan without an election: whatever a running Bailey withholds, the plan withholds too. */
    public void resumeHolds() {
        Set<String> flows = leadership.withheld();
        all().stream().filter(flow -> flows.contains(flow.name())).forEach(Direction::resumeHold);
    }

    /** Who leads. */
    public Leadership leadership() {
        return leadership;
    }

    public Direction<BridgedService, CatalogEntry> toConsul() {
        return toConsul;
    }

    public Direction<LegacyView, MirrorItem> toKubernetes() {
        return toKubernetes;
    }

    /** Whether the snapshot of the legacy side is all there is: see {@link LegacySource#isWhole}. */
    public boolean legacyIsWhole() {
        return legacy.source().isWhole();
    }

    /** Both directions. */
    public List<Direction<?, ?>> all() {
        return List.of(toConsul, toKubernetes);
    }

    /** What is known of these service keys in both directions; for any thread. */
    public Map<ServiceKey, Seen> seen(Set<ServiceKey> keys) {
        Map<ServiceKey, Standing<BridgedService, CatalogEntry>> inConsul = toConsul.standings(keys);
        Map<ServiceKey, Standing<LegacyView, MirrorItem>> inCluster = toKubernetes.standings(keys);
        Map<ServiceKey, Seen> all = new LinkedHashMap<>();
        keys.forEach(
                key -> all.put(key, new Seen(key, inConsul.get(key), inCluster.get(key), legacy.connections(key))));
        return all;
    }

    /** Which rules decided what about a service; of a direction that is not enabled nothing is decided. */
    public List<Decision> decisions(Seen seen) {
        return decisions.of(
                toConsul.enabled() ? seen.toConsul().source() : Optional.empty(),
                toKubernetes.enabled() ? seen.toKubernetes().source() : Optional.empty());
    }

    /** Starts what is enabled. */
    public void start() {
        all().forEach(Direction::start);
        leadership.start(() -> all().forEach(Direction::look));
    }

    /** How current each part of the sources is; what both flows read is there once. */
    public List<Source.Part> sources() {
        Map<String, Source.Part> all = new LinkedHashMap<>();
        all().stream()
                .filter(Direction::enabled)
                .flatMap(flow -> flow.parts().stream())
                .forEach(part -> all.put(part.name(), part));
        return List.copyOf(all.values());
    }

    @Override
    public void close() {
        all().forEach(Direction::end);
        all().forEach(Direction::close);
        // Only when the last transaction has ended: then the next leader need not wait.
        leadership.close();
        legacy.close();
        cluster.close();
        events.close();
        statuses.close();
        consulTarget.close();
        kubernetesTarget.close();
    }
}
