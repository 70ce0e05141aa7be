package bridge.bailey.flow;

import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.source.Source;
import bridge.bailey.target.Outcome;
import bridge.bailey.target.Target;
import bridge.bailey.target.TargetException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
 * </ol>
 */
public final class FlowLoop<S, T extends Item> implements AutoCloseable {

    /** How often the target is looked at while nothing happens; finds a wiped target before the next full pass. */
    private static final Duration PULSE = Duration.ofSeconds(5);

    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    /** How a loop is timed. */
    public record Timing(Duration quiet, Duration maxWait, Duration resync) {}

    private final Flow<S, T> flow;
    private final Source<S> source;
    private final Target<T> target;
    private final Timing timing;
    private final Backoff backoff;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final FlowObserver observer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Agenda agenda;
    private final ScheduledExecutorService reader;
    private final Thread thread;

    // Guarded by the lock.
    private boolean sourceSynced;
    private boolean closed;
    private boolean readingNow;
    private Target.Reading arrived;
    private boolean believed;
    /** Grows with each doubt: a reading that began before it proves nothing. */
    private int doubts;

    private long nextFull;
    private long notBefore;
    private int failures;
    private Instant outageSince;
    private String lastError = "";
    private Instant lastFullPass;
    private long stepSince;

    public FlowLoop(
            Flow<S, T> flow,
            Source<S> source,
            Target<T> target,
            Timing timing,
            Backoff backoff,
            LongSupplier nanoTime,
            InstantSource clock,
            FlowObserver observer) {
        this.flow = flow;
        this.source = source;
        this.target = target;
        this.timing = timing;
        this.backoff = backoff;
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.observer = observer;
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
        long now = nanoTime.getAsLong();
        nextFull = now;
        notBefore = now;
        source.start(this::mark).whenComplete((done, failure) -> synced(failure));
        reader.scheduleWithFixedDelay(this::pulse, PULSE.toMillis(), PULSE.toMillis(), TimeUnit.MILLISECONDS);
        thread.start();
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
                if (arrived != null && sourceSynced) {
                    Target.Reading reading = arrived;
                    arrived = null;
                    Map<ServiceKey, Long> taken = agenda.take();
                    stepSince = now;
                    return () -> fullPass(reading, taken);
                }
                long wait = Long.MAX_VALUE;
                if (now < notBefore) {
                    wait = notBefore - now;
                } else {
                    if (!readingNow && arrived == null) {
                        if (!believed || now >= nextFull) {
                            readingNow = true;
                            int asOf = doubts;
                            reader.execute(() -> read(asOf));
                        } else {
                            wait = nextFull - now;
                        }
                    }
                    OptionalLong due = agenda.due();
                    if (believed && due.isPresent()) {
                        if (due.getAsLong() <= now) {
                            Map<ServiceKey, Long> taken = agenda.take();
                            stepSince = now;
                            return () -> pass(new Flow.Scope.Keys(taken.keySet()), taken);
                        }
                        wait = Math.min(wait, due.getAsLong() - now);
                    }
                }
                if (wait == Long.MAX_VALUE) {
                    changed.await();
                } else {
                    changed.awaitNanos(wait);
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void read(int asOf) {
        try {
            Target.Reading reading = target.read();
            locked(() -> {
                readingNow = false;
                arrived = asOf == doubts ? reading : null;
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
            // An exception would end the schedule, and a pulse that fails proves nothing.
            observer.failed(flow.name(), e);
        }
    }

    private void lookAtTarget() {
        lock.lock();
        try {
            if (!believed || readingNow) {
                return;
            }
        } finally {
            lock.unlock();
        }
        try {
            if (!target.intact()) {
                observer.disturbed(flow.name());
                locked(() -> believed = false);
            }
        } catch (TargetException e) {
            unavailable(e.getMessage());
        }
    }

    private void fullPass(Target.Reading reading, Map<ServiceKey, Long> taken) {
        reading.adopt();
        Optional<Duration> outage = Optional.empty();
        lock.lock();
        try {
            believed = true;
            nextFull = nanoTime.getAsLong() + timing.resync().toNanos();
            if (outageSince != null) {
                outage = Optional.of(Duration.between(outageSince, clock.instant()));
                outageSince = null;
                lastError = "";
            }
        } finally {
            lock.unlock();
        }
        outage.ifPresent(lasted -> observer.available(flow.name(), lasted));
        PassReport.Result result = pass(new Flow.Scope.All(), taken);
        if (result == PassReport.Result.OK || result == PassReport.Result.PARTIAL) {
            locked(() -> {
                failures = 0;
                lastFullPass = clock.instant();
            });
        }
    }

    private PassReport.Result pass(Flow.Scope scope, Map<ServiceKey, Long> taken) {
        PassReport<T> report;
        try {
            report = flow.pass(scope);
        } catch (RuntimeException | Error e) {
            giveBack(taken);
            throw e;
        }
        observePropagation(report, taken);
        PassReport.Result result = report.result();
        observer.passed(report);
        if (result == PassReport.Result.UNAVAILABLE) {
            giveBack(taken);
            unavailable(messageOf(report, Outcome.Kind.UNAVAILABLE));
        } else if (result == PassReport.Result.CONFLICT) {
            giveBack(taken);
            observer.disturbed(flow.name());
            doubt(messageOf(report, Outcome.Kind.CONFLICT));
        }
        return result;
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
            if (outageSince == null) {
                outageSince = clock.instant();
            }
            nextTry = Duration.ofNanos(postpone(message));
            waiting = agenda.size();
        } finally {
            lock.unlock();
        }
        observer.unavailable(flow.name(), message, waiting, nextTry);
    }

    /** A failure of ours, or of the machine: told, and the work is tried again. */
    private void defect(Throwable failure) {
        observer.failed(flow.name(), failure);
        doubt(String.valueOf(failure));
    }

    private void doubt(String message) {
        locked(() -> postpone(message));
    }

    private long postpone(String message) {
        believed = false;
        arrived = null;
        doubts++;
        failures++;
        lastError = message;
        long wait = backoff.nanos(failures);
        notBefore = nanoTime.getAsLong() + wait;
        changed.signalAll();
        return wait;
    }

    /** How the flow does now; for any thread. */
    public FlowStatus status() {
        lock.lock();
        try {
            return new FlowStatus(
                    flow.name(),
                    lastFullPass != null,
                    outageSince == null,
                    agenda.size(),
                    Optional.ofNullable(lastFullPass),
                    outageSince == null ? Optional.empty() : Optional.of(lastError),
                    stepSince == 0 ? 0 : (nanoTime.getAsLong() - stepSince) / 1e9);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the loop after the pass in flight; what was written stays. */
    @Override
    public void close() {
        locked(() -> closed = true);
        reader.shutdownNow();
        try {
            thread.join(STOP_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        source.close();
    }
}
