package bridge.bailey.source;

import bridge.bailey.model.Answer;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/**
 * Asks EC2 again and again, each query for itself: a region or an account that fails keeps its last good answer, and holds
 * up no other. Four threads do it, since calls block; so four regions that don't answer at all delay the others by the
 * time-out of a call.
 */
public final class Ec2Discovery implements Discovery<Ec2Query, Ec2Instance> {

    private static final Logger LOG = Logger.getLogger(Ec2Discovery.class);

    private static final int THREADS = 4;

    private final Ec2Api api;
    private final Ec2Pace pace;
    private final InstantSource clock;
    private final Listener<Ec2Query> listener;
    private final ScheduledThreadPoolExecutor threads;
    private final Map<Ec2Query, Poll> polls = new ConcurrentHashMap<>();
    private boolean closed;

    /**
     * Makes a discovery that asks nothing yet.
     *
     * @param api is closed with this
     * @param refresh how often each query is asked, about: it rests up to a fifth less
     * @param random safe for several threads
     * @param listener is told on one of the threads that ask
     */
    public Ec2Discovery(
            Ec2Api api, Duration refresh, InstantSource clock, RandomGenerator random, Listener<Ec2Query> listener) {
        this.api = api;
        this.pace = new Ec2Pace(refresh, random);
        this.clock = clock;
        this.listener = listener;
        this.threads = threads();
    }

    private static ScheduledThreadPoolExecutor threads() {
        AtomicInteger number = new AtomicInteger();
        ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread thread = new Thread(task, "ec2-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        threads.setRemoveOnCancelPolicy(true);
        return threads;
    }

    @Override
    public synchronized void ask(Set<Ec2Query> queries) {
        if (closed) {
            return;
        }
        polls.forEach((query, poll) -> {
            if (!queries.contains(query)) {
                poll.stop();
                polls.remove(query);
            }
        });
        queries.forEach(query -> polls.computeIfAbsent(query, this::begun));
    }

    private Poll begun(Ec2Query query) {
        Poll poll = new Poll(query);
        poll.after(Duration.ZERO);
        return poll;
    }

    @Override
    public Answer<Ec2Instance> answer(Ec2Query query) {
        Poll poll = polls.get(query);
        return poll == null ? Answer.none(query.origin()) : poll.answer;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            polls.values().forEach(Poll::stop);
            threads.shutdownNow();
        }
        api.close();
    }

    /** The tries of one query, one after the other. */
    private final class Poll implements Runnable {

        private final Ec2Query query;
        private volatile Answer<Ec2Instance> answer;
        private volatile boolean stopped;
        private Future<?> next = CompletableFuture.completedFuture(null);
        private int failures;

        Poll(Ec2Query query) {
            this.query = query;
            this.answer = Answer.none(query.origin());
        }

        /** What is under way comes to nothing, and nothing follows. */
        void stop() {
            synchronized (Ec2Discovery.this) {
                stopped = true;
                next.cancel(false);
            }
        }

        @Override
        public void run() {
            if (stopped) {
                return;
            }
            try {
                accept(tried());
            } finally {
                again();
            }
        }

        private Answer<Ec2Instance> tried() {
            try {
                List<Ec2Instance> instances = api.instances(query);
                failures = 0;
                return new Answer<>(query.origin(), true, true, instances, Optional.of(clock.instant()), "");
            } catch (Ec2Exception e) {
                return failed(e.getMessage());
            } catch (RuntimeException | LinkageError e) {
                LOG.errorf(e, "%s could not be asked.", query.origin());
                return failed("asking EC2 failed: " + e.getClass().getSimpleName() + "; the log has more");
            }
        }

        private Answer<Ec2Instance> failed(String error) {
            failures++;
            return new Answer<>(query.origin(), true, answer.known(), answer.instances(), answer.lastSuccess(), error);
        }

        private void accept(Answer<Ec2Instance> now) {
            Answer<Ec2Instance> before = answer;
            if (stopped) {
                return;
            }
            answer = now;
            tell(before.error(), now.error());
            if (!before.tried()
                    || before.known() != now.known()
                    || !before.error().equals(now.error())
                    || !before.instances().equals(now.instances())) {
                listener.changed(query);
            }
        }

        private void tell(String before, String now) {
            if (!now.isEmpty() && !now.equals(before)) {
                LOG.warnf("%s: %s. What is known from there stays as it is meanwhile.", query.origin(), now);
            } else if (now.isEmpty() && !before.isEmpty()) {
                LOG.infof("%s answers again.", query.origin());
            }
        }

        private void again() {
            after(failures == 0 ? pace.rest() : pace.restAfterFailure(failures, answer.known()));
        }

        private void after(Duration rest) {
            synchronized (Ec2Discovery.this) {
                if (!stopped) {
                    next = threads.schedule(this, rest.toNanos(), TimeUnit.NANOSECONDS);
                }
            }
        }
    }
}
