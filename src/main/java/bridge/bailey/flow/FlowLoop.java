package bridge.bailey.flow;

import bridge.bailey.consul.Backoff;
import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Hold;
import bridge.bailey.process.Fatal;
import bridge.bailey.source.Source;
import bridge.bailey.target.Outcome;
import bridge.bailey.target.Target;
import bridge.bailey.target.TargetException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Runs the passes of one flow, on a thread of its own.
 *
 * <ol>
 *   <li>The target is read before the first write, every {@code resync}, and after each doubt: an outage, a conflict, a
 *       target that is not the one that was read. Reading runs beside the passes.
 *   <li>When a reading arrives, and the source has synced, a full pass compares everything.
 *   <li>In between, a pass for the service keys that changed runs when the agenda says so.
 *   <li>While there is doubt nothing is written; changed keys wait in the agenda.
 *   <li>Without the mandate nothing is written either: the target is read, now and then, to know what the leader made of
 *       it. With the mandate comes a doubt, so that the first pass is a full one, on a fresh reading.
 * </ol>
 */
public final class FlowLoop<S, T extends Item> implements AutoCloseable {

    /** How often the target is looked at while nothing happens; finds a wiped target before the next full pass. */
    private static final Duration PULSE = Duration.ofSeconds(5);

    /** Where nothing has a time, everything comes with a signal. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /**
     * Where the target has not changed, and each change of the source had its pass, comparing everything would find
     * nothing. It is done all the same each so many times, against what nobody thought of.
     */
    private static final int COMPARE_ANYWAY = 10;

    /** How often a follower looks at the target at most, where the source tells of changes. */
    private static final Duration FOLLOW_EVERY = Duration.ofSeconds(10);

    /** By when the leader has done what changed, in general: a follower that looked sooner would see what it does not. */
    private static final Duration LEADER_FIRST = Duration.ofSeconds(2);

    /** Less than a target may take to answer: the process must end within 5 s. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(3);

    /** How a loop is timed. */
    public record Timing(Duration quiet, Duration maxWait, Duration resync) {}

    private final Flow<S, T> flow;
    private final Source<S> source;
    private final Target<T> target;
    private final Mandate mandate;
    private final Timing timing;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final FlowObserver observer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Agenda agenda;
    private final ScheduledExecutorService reader;
    private final Thread thread;

    // Of the loop's own thread.
    private boolean settled;
    private int unchanged;
    private int toldHold;

    // Guarded by the lock.
    private boolean sourceSynced;
    private boolean closed;
    private boolean leading;
    private long endBy;
    private final Trust trust;
    private boolean readingNow;
    private Target.Reading arrived;
    private long arrivedAt;
    private long nextFull;
    private long nextLook;
    private Instant lastFullPass;
    private long stepSince;

    /**
     * Makes a loop.
     *
     * @param mandate whether the target may be written to now; {@link #look} says when that changes
     */
    public FlowLoop(
            Flow<S, T> flow,
            Mandate mandate,
            Timing timing,
            Backoff backoff,
            LongSupplier nanoTime,
            InstantSource clock,
            FlowObserver observer) {
        this.flow = flow;
        this.source = flow.source();
        this.target = flow.target();
        this.mandate = mandate;
        this.timing = timing;
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.observer = observer;
        this.trust = new Trust(backoff, nanoTime.getAsLong());
        this.agenda = new Agenda(timing.quiet().toNanos(), timing.maxWait().toNanos());
        this.reader =
                Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "flow-" + flow.name() + "-reader"));
        this.thread = daemon(this::run, "flow-" + flow.name());
    }

    private static Thread daemon(Runnable task, String name) {
        Thread made = new Thread(task, name);
        made.setDaemon(true);
        return made;
    }

    /** Starts the source and the passes. */
    @SuppressWarnings("FutureReturnValueIgnored") // Both outcomes are handled in the stage itself.
    public void start() {
        nextFull = nanoTime.getAsLong();
        source.start(this::mark).whenComplete((done, failure) -> synced(failure));
        reader.scheduleWithFixedDelay(this::pulse, PULSE.toMillis(), PULSE.toMillis(), TimeUnit.MILLISECONDS);
        thread.start();
    }

    /** Looks again at the mandate. */
    public void look() {
        locked(() -> {});
    }

    /** These service keys need a pass, though the source did not change. */
    void mark(Collection<ServiceKey> keys) {
        mark(Set.copyOf(keys));
    }

    private void synced(Throwable failure) {
        if (failure == null) {
            locked(() -> sourceSynced = true);
        } else if (!isClosed()) {
            observer.failed(flow.name(), failure);
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void mark(Set<ServiceKey> keys) {
        long now = nanoTime.getAsLong();
        locked(() -> agenda.mark(keys, now));
        observer.marked(flow.name(), keys);
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (true) {
            Runnable step;
            try {
                step = awaitStep();
            } catch (InterruptedException e) {
                return;
            }
            if (step == null) {
                return;
            }
            try {
                step.run();
            } catch (RuntimeException | Error e) {
                defect(e);
            }
        }
    }

    /** Waits for the next thing to do; null when the loop is closed. */
    private Runnable awaitStep() throws InterruptedException {
        lock.lock();
        try {
            stepSince = 0;
            while (!closed) {
                long now = nanoTime.getAsLong();
                Optional<Runnable> step = stepAt(now);
                if (step.isPresent()) {
                    stepSince = now;
                    return step.get();
                }
                awaitUntilSomethingIsDue(now);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private Optional<Runnable> stepAt(long now) {
        boolean mayWrite = mandate.given();
        if (mayWrite && !leading) {
            // What was read before may be older than what the last leader wrote.
            trust.question();
            arrived = null;
        }
        leading = mayWrite;
        if (arrived != null && now - arrivedAt > timing.resync().toNanos()) {
            // It waited for the source for so long that it is history.
            arrived = null;
        }
        // Before it is known who leads there is nothing to follow, and a start has not ended.
        if (arrived != null && sourceSynced && (mayWrite || mandate.isOthers())) {
            Target.Reading reading = arrived;
            arrived = null;
            Map<ServiceKey, Long> taken = agenda.take();
            return Optional.of(mayWrite ? () -> fullPass(reading, taken) : () -> follow(reading));
        }
        if (trust.pause(now) > 0) {
            return Optional.empty();
        }
        if (!readingNow && arrived == null && (!trust.given() || now >= nextReading(mayWrite))) {
            readingNow = true;
            int asOf = trust.doubts();
            reader.execute(() -> read(asOf));
        }
        OptionalLong due = agenda.due();
        if (mayWrite && trust.given() && due.isPresent() && due.getAsLong() <= now) {
            Map<ServiceKey, Long> taken = agenda.take();
            return Optional.of(() -> pass(new Flow.Scope.Keys(taken.keySet()), taken));
        }
        return Optional.empty();
    }

    private long nextReading(boolean mayWrite) {
        return mayWrite || agenda.size() == 0
                ? nextFull
                : Math.min(nextFull, Math.max(nextLook, agenda.first() + LEADER_FIRST.toNanos()));
    }

    /** Every change of state wakes it too, and the caller looks again at what is due. */
    @SuppressWarnings("WaitNotInLoop") // The loop is the caller's.
    private void awaitUntilSomethingIsDue(long now) throws InterruptedException {
        long wait = LONGEST_WAIT.toNanos();
        if (trust.pause(now) > 0) {
            wait = trust.pause(now);
        } else if (trust.given()) {
            if (!readingNow && arrived == null) {
                wait = Math.min(wait, nextReading(leading) - now);
            }
            OptionalLong due = agenda.due();
            if (leading && due.isPresent()) {
                wait = Math.min(wait, due.getAsLong() - now);
            }
        }
        long unused = changed.awaitNanos(wait);
    }

    private void read(int asOf) {
        try {
            Target.Reading reading = target.read();
            locked(() -> {
                readingNow = false;
                arrived = asOf == trust.doubts() ? reading : null;
                arrivedAt = nanoTime.getAsLong();
            });
        } catch (TargetException e) {
            locked(() -> readingNow = false);
            unavailable(e.getMessage());
        } catch (RuntimeException | Error e) {
            locked(() -> readingNow = false);
            defect(e);
        }
    }

    /** Looks after what no event would tell: the source's connection, and the target. */
    private void pulse() {
        try {
            source.parts();
            lookAtTarget();
        } catch (RuntimeException | Error e) {
            Fatal.endOn(e);
            // An exception would end the schedule, and a pulse that fails proves nothing.
            observer.failed(flow.name(), e);
        }
    }

    private void lookAtTarget() {
        lock.lock();
        try {
            // To a follower every write of the leader would look like damage.
            if (!leading || !trust.given() || readingNow) {
                return;
            }
        } finally {
            lock.unlock();
        }
        try {
            if (!target.intact()) {
                observer.disturbed(flow.name());
                locked(trust::question);
            }
        } catch (TargetException e) {
            unavailable(e.getMessage());
        }
    }

    private void fullPass(Target.Reading reading, Map<ServiceKey, Long> taken) {
        boolean news = reading.adopt();
        Optional<Duration> outage;
        lock.lock();
        try {
            outage = trust.give(clock.instant());
            nextFull = nanoTime.getAsLong() + timing.resync().toNanos();
        } finally {
            lock.unlock();
        }
        outage.ifPresent(lasted -> observer.available(flow.name(), lasted));
        if (!news && settled && taken.isEmpty() && ++unchanged % COMPARE_ANYWAY != 0) {
            observer.passed(flow.nothingToDo());
            locked(() -> lastFullPass = clock.instant());
            return;
        }
        PassReport.Result result = pass(new Flow.Scope.All(), taken);
        if (result == PassReport.Result.OK || result == PassReport.Result.PARTIAL) {
            locked(() -> {
                trust.confirm();
                lastFullPass = clock.instant();
            });
        }
    }

    /** As a full pass, but for the writing. */
    private void follow(Target.Reading reading) {
        reading.adopt();
        Set<ServiceKey> seen = flow.look();
        Optional<Duration> outage;
        lock.lock();
        try {
            outage = trust.give(clock.instant());
            trust.confirm();
            nextFull = nanoTime.getAsLong() + timing.resync().toNanos();
            nextLook = nanoTime.getAsLong() + FOLLOW_EVERY.toNanos();
            lastFullPass = clock.instant();
        } finally {
            lock.unlock();
        }
        settled = false;
        observer.marked(flow.name(), seen);
        outage.ifPresent(lasted -> observer.available(flow.name(), lasted));
    }

    private PassReport.Result pass(Flow.Scope scope, Map<ServiceKey, Long> taken) {
        PassReport<T> report;
        try {
            report = flow.pass(scope);
        } catch (RuntimeException | Error e) {
            settled = false;
            giveBack(taken);
            throw e;
        }
        observePropagation(report, taken);
        PassReport.Result result = report.result();
        // A pass over some keys can unsettle what was settled, and only a full one can settle it.
        settled = result == PassReport.Result.OK && report.withheld().isEmpty() && (settled || report.full());
        observer.passed(report);
        tellHold();
        if (result == PassReport.Result.UNAVAILABLE) {
            giveBack(taken);
            unavailable(messageOf(report, Outcome.Kind.UNAVAILABLE));
        } else if (result == PassReport.Result.CONFLICT) {
            giveBack(taken);
            observer.disturbed(flow.name());
            doubt(messageOf(report, Outcome.Kind.CONFLICT));
        } else if (result == PassReport.Result.FENCED) {
            giveBack(taken);
            doubt(messageOf(report, Outcome.Kind.FENCED));
        }
        return result;
    }

    /** Told when it begins, ends, or is about more than before: the lists of what is withheld would fill the log. */
    private void tellHold() {
        Optional<Hold> hold = flow.hold();
        int deletions = hold.map(Hold::deletions).orElse(0);
        if (deletions > toldHold || (deletions == 0 && toldHold > 0)) {
            hold.ifPresentOrElse(h -> observer.withheld(flow.name(), h), () -> observer.withheldNoMore(flow.name()));
        }
        toldHold = deletions;
    }

    private void giveBack(Map<ServiceKey, Long> taken) {
        locked(() -> agenda.giveBack(taken, nanoTime.getAsLong()));
    }

    private void observePropagation(PassReport<T> report, Map<ServiceKey, Long> taken) {
        long now = nanoTime.getAsLong();
        Map<ServiceKey, Boolean> applied = new HashMap<>();
        report.outcomes().forEach(o -> applied.merge(o.change().key(), o.applied(), Boolean::logicalAnd));
        applied.forEach((key, all) -> {
            Long since = taken.get(key);
            if (all && since != null) {
                observer.propagated(flow.name(), (now - since) / 1e9);
            }
        });
    }

    private String messageOf(PassReport<T> report, Outcome.Kind kind) {
        List<Outcome<T>> outcomes = report.outcomes();
        return outcomes.stream()
                .filter(o -> o.kind() == kind)
                .map(Outcome::message)
                .findFirst()
                .orElse("");
    }

    /** The target is away: what it holds is in doubt until it was read again. */
    private void unavailable(String message) {
        Duration nextTry;
        int waiting;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            trust.outage(clock.instant());
            nextTry = Duration.ofNanos(postpone(message));
            waiting = agenda.size();
        } finally {
            lock.unlock();
        }
        observer.unavailable(flow.name(), message, waiting, nextTry);
    }

    /** A failure of ours, or of the machine: told, and the work is tried again. */
    private void defect(Throwable failure) {
        Fatal.endOn(failure);
        observer.failed(flow.name(), failure);
        doubt(String.valueOf(failure));
    }

    private void doubt(String message) {
        locked(() -> postpone(message));
    }

    private long postpone(String message) {
        arrived = null;
        changed.signalAll();
        return trust.lose(message, nanoTime.getAsLong());
    }

    /** How the flow does now; for any thread. */
    public FlowStatus status() {
        lock.lock();
        try {
            return new FlowStatus(
                    flow.name(),
                    leading,
                    lastFullPass != null,
                    trust.targetUp(),
                    // What waits at a follower waits for nothing: the leader does it.
                    leading ? agenda.size() : 0,
                    Optional.ofNullable(lastFullPass),
                    trust.error(),
                    flow.hold(),
                    stepSince == 0 ? 0 : (nanoTime.getAsLong() - stepSince) / 1e9);
        } finally {
            lock.unlock();
        }
    }

    /** Begins no other pass; does not wait for the one in flight. */
    void end() {
        locked(() -> {
            if (!closed) {
                closed = true;
                endBy = nanoTime.getAsLong() + STOP_WITHIN.toNanos();
            }
        });
        reader.shutdownNow();
    }

    /** Ends the loop after the pass in flight, or without it after a time that counts from {@link #end}. */
    @Override
    public void close() {
        end();
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, endBy - nanoTime.getAsLong());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        source.close();
    }
}
