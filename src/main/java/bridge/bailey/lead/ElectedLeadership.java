package bridge.bailey.lead;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * An election by a Lease, run by fabric8's elector. Beyond that, a released Lease is taken at once, by a watch of it; an
 * election that ended for want of the API server begins anew; and a term ends only when somebody else was seen to lead.
 */
public final class ElectedLeadership implements Leadership {

    private static final Logger LOG = Logger.getLogger("bridge.bailey.lead");
    private static final Duration GIVE_UP_WITHIN = Duration.ofMillis(1500);

    private final KubernetesClient client;
    private final Rules rules;
    private final String identity;
    private final String start;
    private final ObservedLease lease;
    private final ScheduledExecutorService executor;

    private volatile Optional<String> term = Optional.empty();
    private volatile Optional<String> leader = Optional.empty();
    private volatile Runnable changed = () -> {};
    private SharedIndexInformer<Lease> watch;
    private CompletableFuture<?> running = new CompletableFuture<>();
    private int terms;
    private boolean closed;

    /** What the election goes by. */
    public record Rules(
            String namespace, String name, Duration leaseDuration, Duration renewDeadline, Duration retryPeriod) {}

    /**
     * Makes it.
     *
     * @param start tells this process from others of that identity
     */
    public ElectedLeadership(
            KubernetesClient client,
            Rules rules,
            String identity,
            String start,
            Bulletin bulletin,
            LongSupplier nanoTime) {
        this.client = client;
        this.rules = rules;
        this.identity = identity;
        this.start = start;
        this.lease = new ObservedLease(rules, identity, bulletin, nanoTime, this::tell);
        this.executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "leader-election");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public synchronized void start(Runnable whenChanged) {
        changed = whenChanged;
        watch = client.leases()
                .inNamespace(rules.namespace())
                .withName(rules.name())
                .runnableInformer(0);
        watch.exceptionHandler((started, failure) -> true);
        watch.addEventHandler(new Released());
        watch.start();
        run();
    }

    /** Runs for the lead, and again whenever that has ended. */
    private synchronized void run() {
        if (closed) {
            return;
        }
        LeaderElectionConfig config = new LeaderElectionConfig(
                lease,
                rules.leaseDuration(),
                rules.renewDeadline(),
                rules.retryPeriod(),
                new LeaderCallbacks(this::lead, () -> {}, this::see),
                true,
                rules.name());
        CompletableFuture<?> election = new LeaderElector(client, config, executor).start();
        running = election;
        var unused = election.whenComplete((done, failure) -> again(election));
    }

    private synchronized void again(CompletableFuture<?> ended) {
        if (running == ended && !closed) {
            var unused = executor.schedule(this::run, rules.retryPeriod().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** A Lease that was given up need not be waited for. */
    private final class Released implements ResourceEventHandler<Lease> {
        @Override
        public void onAdd(Lease added) {}

        @Override
        public void onUpdate(Lease before, Lease after) {
            String holder = after.getSpec() == null ? null : after.getSpec().getHolderIdentity();
            if ((holder == null || holder.isEmpty()) && term.isEmpty()) {
                executor.execute(ElectedLeadership.this::hurry);
            }
        }

        @Override
        public void onDelete(Lease deleted, boolean finalStateUnknown) {}
    }

    private synchronized void hurry() {
        if (!closed && term.isEmpty()) {
            CompletableFuture<?> waiting = running;
            running = new CompletableFuture<>();
            waiting.cancel(true);
            run();
        }
    }

    private void lead() {
        synchronized (this) {
            if (closed || term.isPresent()) {
                return;
            }
            terms++;
            term = Optional.of(identity + "/" + start + "/" + terms);
            leader = Optional.of(identity);
        }
        LOG.infof("%s leads from now on, by %s", identity, lease.describe());
        tell();
    }

    /** Somebody leads, or nobody. */
    private void see(String holder) {
        Optional<String> seen = Optional.ofNullable(holder).filter(h -> !h.isEmpty());
        boolean news = !seen.equals(leader);
        leader = seen;
        if (!seen.equals(Optional.of(identity))) {
            cease();
            if (news) {
                tell();
            }
        }
    }

    private void cease() {
        synchronized (this) {
            if (term.isEmpty()) {
                return;
            }
            term = Optional.empty();
        }
        LOG.infof(
                "%s leads no more%s",
                identity, leader.map(l -> ": " + l + " does").orElse(""));
        tell();
    }

    /** Who is told must not end the election. */
    private void tell() {
        try {
            changed.run();
        } catch (RuntimeException e) {
            LOG.error("A change of the leader could not be told", e);
        }
    }

    @Override
    public Optional<String> term() {
        return term;
    }

    @Override
    public boolean isFresh() {
        return term.isPresent() && lease.isFresh();
    }

    @Override
    public boolean confirmed() {
        try {
            Optional<String> holder = lease.holder(client);
            if (holder.equals(Optional.of(identity))) {
                return term.isPresent();
            }
            // Where nobody holds it, the election goes on: whoever wins it writes it anew.
            holder.ifPresent(this::see);
            return false;
        } catch (KubernetesClientException e) {
            return false;
        }
    }

    @Override
    public boolean elected() {
        return true;
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public Optional<String> leader() {
        return leader;
    }

    @Override
    public Set<String> withheld() {
        try {
            return lease.withheld(client);
        } catch (KubernetesClientException e) {
            return Set.of();
        }
    }

    @Override
    public Optional<Where> lease() {
        return lease.uid().map(uid -> new Where(rules.namespace(), rules.name(), uid));
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // It is bounded by the time that is given to it.
    public void close() {
        CompletableFuture<?> last;
        synchronized (this) {
            closed = true;
            last = running;
        }
        if (watch != null) {
            watch.close();
        }
        CompletableFuture.runAsync(() -> last.cancel(true))
                .completeOnTimeout(null, GIVE_UP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        executor.shutdownNow();
    }
}
