package bridge.bailey.lead;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The Lease as fabric8's elector sees it. How old it is is measured from when it was seen to change, by our own monotonic
 * clock: the times in it are those of another machine, whose clock, like ours, may be wrong or jump. (client-go's elector
 * does the same.) Annotations are kept, but for the {@link Bulletin}.
 */
final class ObservedLease implements Lock {

    private final String namespace;
    private final String name;
    private final String identity;
    private final Duration duration;
    private final Bulletin bulletin;
    private final LongSupplier nanoTime;
    private final Duration renewDeadline;
    private final Runnable refreshed;

    private volatile Optional<Lease> seen = Optional.empty();
    private long changedAt;
    private volatile long renewedAt;
    private volatile boolean renewed;

    /**
     * Makes it.
     *
     * @param refreshed is told when it is renewed after it could not be for longer than the deadline
     */
    ObservedLease(
            ElectedLeadership.Rules rules,
            String identity,
            Bulletin bulletin,
            LongSupplier nanoTime,
            Runnable refreshed) {
        this.namespace = rules.namespace();
        this.name = rules.name();
        this.identity = identity;
        this.duration = rules.leaseDuration();
        this.renewDeadline = rules.renewDeadline();
        this.refreshed = refreshed;
        this.bulletin = bulletin;
        this.nanoTime = nanoTime;
    }

    @Override
    public LeaderElectionRecord get(KubernetesClient client) {
        return asApi(() -> getLease(client));
    }

    private synchronized LeaderElectionRecord getLease(KubernetesClient client) {
        Lease lease = read(client);
        if (lease == null) {
            seen = Optional.empty();
            return null;
        }
        long now = nanoTime.getAsLong();
        if (seen.isEmpty() || !Objects.equals(seen.get().getSpec(), lease.getSpec())) {
            changedAt = now;
        }
        seen = Optional.of(lease);
        LeaseSpec spec = lease.getSpec() == null ? new LeaseSpec() : lease.getSpec();
        ZonedDateTime wall = ZonedDateTime.now(ZoneOffset.UTC);
        return new LeaderElectionRecord(
                spec.getHolderIdentity(),
                duration,
                spec.getAcquireTime() == null ? wall : spec.getAcquireTime(),
                wall.minusNanos(now - changedAt),
                transitions(spec));
    }

    private static int transitions(LeaseSpec spec) {
        return spec.getLeaseTransitions() == null ? 0 : spec.getLeaseTransitions();
    }

    private Lease read(KubernetesClient client) {
        return client.leases().inNamespace(namespace).withName(name).get();
    }

    @Override
    public void create(KubernetesClient client, LeaderElectionRecord record) {
        asApi(() -> {
            createLease(client, record);
            return record;
        });
    }

    private synchronized void createLease(KubernetesClient client, LeaderElectionRecord record) {
        Lease lease = new LeaseBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .build();
        lease.setSpec(spec(record));
        Map<String, String> annotations = new HashMap<>();
        pin(annotations);
        lease.getMetadata().setAnnotations(annotations);
        long sent = nanoTime.getAsLong();
        wrote(client.resource(lease).create(), record, sent);
    }

    /** By any other exception fabric8's elector ends for good. */
    private static <V> V asApi(Supplier<V> action) {
        try {
            return action.get();
        } catch (KubernetesClientException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new KubernetesClientException("the Lease can't be handled: " + e, e);
        }
    }

    @Override
    public void update(KubernetesClient client, LeaderElectionRecord record) {
        asApi(() -> {
            updateLease(client, record);
            return record;
        });
    }

    private synchronized void updateLease(KubernetesClient client, LeaderElectionRecord record) {
        Lease before = seen.orElseThrow(() -> new IllegalStateException("the Lease was not read before"));
        Map<String, String> annotations = new HashMap<>(
                Optional.ofNullable(before.getMetadata().getAnnotations()).orElse(Map.of()));
        boolean mine = identity.equals(record.getHolderIdentity());
        boolean begins = mine && (!isHeldByUs(before) || !renewed);
        if (begins) {
            bulletin.resume(flows(annotations.get(Bulletin.WITHHELD)));
        }
        Set<String> released = mine ? takeReleased(annotations) : Set.of();
        if (mine || isHeldByUs(before)) {
            pin(annotations);
        }
        Lease lease = new LeaseBuilder(before)
                .editMetadata()
                .withAnnotations(annotations)
                .endMetadata()
                .withSpec(spec(record))
                .build();
        long sent = nanoTime.getAsLong();
        wrote(client.resource(lease).update(), record, sent);
        // Only now: a word that can't be taken off would be heard again and again.
        if (!released.isEmpty()) {
            bulletin.release(released);
        }
    }

    private boolean isHeldByUs(Lease lease) {
        return lease.getSpec() != null && identity.equals(lease.getSpec().getHolderIdentity());
    }

    /** Takes off the flows that can be released now, and what is no flow; the others wait. */
    private Set<String> takeReleased(Map<String, String> annotations) {
        Map<Boolean, Set<String>> byJudged = flows(annotations.remove(Bulletin.RELEASE)).stream()
                .collect(Collectors.partitioningBy(bulletin::hasJudged, Collectors.toSet()));
        if (!byJudged.get(false).isEmpty()) {
            annotations.put(Bulletin.RELEASE, String.join(",", byJudged.get(false)));
        }
        return byJudged.get(true);
    }

    private void pin(Map<String, String> annotations) {
        Set<String> withheld = new TreeSet<>(bulletin.withheld());
        if (withheld.isEmpty()) {
            annotations.remove(Bulletin.WITHHELD);
        } else {
            annotations.put(Bulletin.WITHHELD, String.join(",", withheld));
        }
    }

    private static Set<String> flows(String annotation) {
        return annotation == null
                ? Set.of()
                : Arrays.stream(annotation.split(",", -1))
                        .map(String::strip)
                        .filter(flow -> !flow.isEmpty())
                        .collect(Collectors.toSet());
    }

    private void wrote(Lease lease, LeaderElectionRecord record, long sent) {
        boolean wasFresh = isFresh();
        seen = Optional.of(lease);
        changedAt = nanoTime.getAsLong();
        renewed = identity.equals(record.getHolderIdentity());
        renewedAt = sent;
        if (!wasFresh && isFresh()) {
            refreshed.run();
        }
    }

    private LeaseSpec spec(LeaderElectionRecord record) {
        LeaseSpec spec = new LeaseSpec();
        spec.setHolderIdentity(record.getHolderIdentity());
        spec.setLeaseDurationSeconds((int) record.getLeaseDuration().toSeconds());
        spec.setAcquireTime(record.getAcquireTime());
        spec.setRenewTime(record.getRenewTime());
        spec.setLeaseTransitions(record.getLeaderTransitions());
        return spec;
    }

    /** Asks who holds it now; empty if nobody does. */
    Optional<String> holder(KubernetesClient client) {
        return Optional.ofNullable(read(client))
                .map(Lease::getSpec)
                .map(LeaseSpec::getHolderIdentity)
                .filter(holder -> !holder.isEmpty());
    }

    /** Asks of which flows something is withheld. */
    Set<String> withheld(KubernetesClient client) {
        return Optional.ofNullable(read(client))
                .map(found -> found.getMetadata().getAnnotations())
                .map(annotations -> flows(annotations.get(Bulletin.WITHHELD)))
                .orElse(Set.of());
    }

    /** Whether we wrote ourselves into it so lately that nobody else can have. */
    boolean isFresh() {
        return renewed && nanoTime.getAsLong() - renewedAt < renewDeadline.toNanos();
    }

    /** Its uid, if it was read. */
    Optional<String> uid() {
        return seen.map(lease -> lease.getMetadata().getUid());
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public String describe() {
        return "Lease " + namespace + "/" + name;
    }
}
