package bridge.bailey.source;

import bridge.bailey.consul.Backoff;
import bridge.bailey.consul.Cancellation;
import bridge.bailey.consul.Catalog;
import bridge.bailey.consul.ConsulException;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.ConsulHttp.Indexed;
import bridge.bailey.consul.Rule;
import bridge.bailey.model.Answer;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Printable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Asks Consul one query again and again, on a thread of its own.
 *
 * <ol>
 *   <li>A blocking query waits until the service changes. Then the next one follows, after {@code atLeast}.
 *   <li>A service without instances is not blocked on: older versions of Consul wake such a query with every write to the
 *       catalog. It is asked again after {@code pause}.
 *   <li>In a Consul that lost data, or was restored to an older state, the index is lower than ours, and a blocking query
 *       sleeps through changes; or (1.8) it comes back at once, with the index that it was sent. So each one that brought
 *       nothing new is followed by one that does not block, and a failure or an index of 0 means to start anew.
 *   <li>While Consul fails, the last good answer stands, and tries go on with a growing pause.
 * </ol>
 */
final class ConsulPoll implements Runnable {

    private static final Logger LOG = Logger.getLogger(ConsulPoll.class);
    private static final int LONGEST_ERROR = 300;

    private final ConsulHttp consul;
    private final ConsulQuery query;
    private final ConsulDiscovery.Timing timing;
    private final Backoff backoff;
    private final Semaphore blocking;
    private final InstantSource clock;
    private final Discovery.Listener<ConsulQuery> listener;
    private final Cancellation cancellation = new Cancellation();
    private final CountDownLatch closed = new CountDownLatch(1);

    private volatile Answer<ConsulInstance> answer;

    // Of the query's own thread.
    private long index = ConsulHttp.NO_INDEX;
    private boolean doubtful;

    ConsulPoll(
            ConsulHttp consul,
            ConsulQuery query,
            ConsulDiscovery.Timing timing,
            Backoff backoff,
            Semaphore blocking,
            InstantSource clock,
            Discovery.Listener<ConsulQuery> listener) {
        this.consul = consul;
        this.query = query;
        this.timing = timing;
        this.backoff = backoff;
        this.blocking = blocking;
        this.clock = clock;
        this.listener = listener;
        this.answer = Answer.none(query.origin());
    }

    Answer<ConsulInstance> answer() {
        return answer;
    }

    @Override
    public void run() {
        int failures = 0;
        while (!isClosed()) {
            long pause;
            try {
                pause = ask().toNanos();
                failures = 0;
            } catch (ConsulException | RuntimeException e) {
                index = ConsulHttp.NO_INDEX;
                failures++;
                pause = backoff.nanos(failures);
                failed(e instanceof ConsulException ? e.getMessage() : e.toString());
            }
            await(pause);
        }
    }

    /** Asks once; returns how long the next time has to wait. */
    private Duration ask() throws ConsulException {
        boolean trusted = index != ConsulHttp.NO_INDEX && !doubtful;
        boolean mayBlock = trusted && blocking.tryAcquire();
        try {
            Duration hold = mayBlock ? timing.hold() : Duration.ZERO;
            Optional<Indexed<List<Catalog.Instance>>> found = consul.instances(query, index, hold, cancellation);
            doubtful = mayBlock && found.isEmpty();
            if (found.isPresent()) {
                adopt(found.get());
            } else {
                answered(answer.instances());
            }
            return index == ConsulHttp.NO_INDEX || (trusted && !mayBlock) ? timing.pause() : timing.atLeast();
        } finally {
            if (mayBlock) {
                blocking.release();
            }
        }
    }

    private void adopt(Indexed<List<Catalog.Instance>> found) throws ConsulException {
        boolean empty = found.value().isEmpty();
        if (empty) {
            refuseWhatProvesNothing();
        }
        answered(ConsulInstances.of(found.value()));
        index = empty || found.index() <= 0 ? ConsulHttp.NO_INDEX : found.index();
    }

    /** Consul leaves out what our token may not read, without a word: an empty answer may be that. */
    private void refuseWhatProvesNothing() throws ConsulException {
        ConsulHttp.Rights rights = consul.rights(query);
        if (!rights.service()) {
            throw new ConsulException(
                    ConsulException.NO_ANSWER,
                    "Consul's token lacks the permission service:read for \"" + query.service()
                            + "\"; its policy needs " + new Rule("service", query.service(), "read"));
        }
        if (!rights.nodes()) {
            throw new ConsulException(
                    ConsulException.NO_ANSWER,
                    "Consul shows no instance of \"" + query.service()
                            + "\", but its token lacks the permission node:read for some nodes, so there may be some;"
                            + " its policy needs " + new Rule("node_prefix", "", "read"));
        }
    }

    private void answered(List<ConsulInstance> instances) {
        if (!answer.error().isEmpty()) {
            LOG.infof("Consul answers again for %s.", described());
        }
        set(new Answer<>(query.origin(), true, true, instances, Optional.of(clock.instant()), ""));
    }

    private void failed(String message) {
        if (isClosed()) {
            return;
        }
        String error = Printable.of(message, LONGEST_ERROR);
        if (answer.error().isEmpty()) {
            LOG.warnf(
                    "Consul can't be asked for %s; %s, and tries go on: %s",
                    described(), answer.known() ? "what is known stays as it is" : "nothing is known of it yet", error);
        }
        Optional<Instant> lastSuccess = answer.lastSuccess();
        set(new Answer<>(query.origin(), true, answer.known(), answer.instances(), lastSuccess, error));
    }

    private String described() {
        String tags = query.tags().isEmpty() ? "" : " with the tags " + String.join(", ", query.tags());
        String where = query.datacenter().isEmpty() ? "" : " in datacenter \"" + query.datacenter() + "\"";
        return Printable.of("service \"" + query.service() + "\"" + tags + where);
    }

    private void set(Answer<ConsulInstance> next) {
        Answer<ConsulInstance> before = answer;
        answer = next;
        boolean changed = before.tried() != next.tried()
                || before.known() != next.known()
                || before.error().isEmpty() != next.error().isEmpty()
                || !before.instances().equals(next.instances());
        if (changed && !isClosed()) {
            tell();
        }
    }

    private void tell() {
        try {
            listener.changed(query);
        } catch (RuntimeException e) {
            LOG.errorf(e, "A defect: the answer for %s reached nobody.", described());
        }
    }

    private void await(long nanos) {
        try {
            if (closed.await(nanos, TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Ends it at once, also while Consul lets it wait; does not wait for that. */
    void close() {
        closed.countDown();
        cancellation.cancel();
    }
}
