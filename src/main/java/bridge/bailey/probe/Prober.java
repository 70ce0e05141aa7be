package bridge.bailey.probe;

import bridge.bailey.model.Probe;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.Verdict;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Probes all targets from one event loop, with one timer for the target that is due next.
 *
 * <ol>
 *   <li>Each target has a rhythm of its own, {@code interval} apart, from a random beginning on. It does not drift: the next
 *       probe is due an interval after the last was <em>due</em>. What is late is not made up for; whole intervals are left
 *       out.
 *   <li>Until its first verdict a target is probed each second, or each interval if that is shorter, the first time at once:
 *       many that come together are a millisecond apart, within that second.
 *   <li>At most so many probes are under way; beyond that, who has been due for longest comes first.
 * </ol>
 *
 * <p>Verdicts are kept where too many fail at once: see {@link Verdicts}.
 */
public final class Prober implements Probes {

    /** How often those are probed of which nothing is known yet. */
    private static final long UNDECIDED = TimeUnit.SECONDS.toNanos(1);

    /** How far first probes are apart. */
    private static final long APART = TimeUnit.MILLISECONDS.toNanos(1);

    private static final double NANOS = 1e9;

    private final EventLoop loop;
    private final Checks checks;
    private final int maxInFlight;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final long origin;
    private final ProbeObserver observer;
    private final Verdicts verdicts;

    // Of the event loop.
    private final Map<ServiceKey, Map<ProbeTarget, Slot>> slots = new HashMap<>();
    private final Schedule schedule = new Schedule();
    private Optional<Timer> timer = Optional.empty();
    private long numbers;
    private int untried;
    private int inFlight;
    private boolean proceeding;
    private boolean closed;

    private record Timer(long id, long due) {}

    /**
     * A prober without targets.
     *
     * @param maxInFlight how many probes may be under way at once
     * @param failOpenBelow the share of healthy ones among all targets below which all verdicts are kept; 0 for never
     * @param random where each target's rhythm begins
     * @param nanoTime a monotonic clock
     * @param listener is told of changed verdicts, on the event loop
     */
    public Prober(
            Vertx vertx,
            int maxInFlight,
            double failOpenBelow,
            RandomGenerator random,
            InstantSource clock,
            LongSupplier nanoTime,
            Listener listener,
            ProbeObserver observer) {
        this(
                VertxLoop.of(vertx),
                new VertxChecks(vertx),
                maxInFlight,
                failOpenBelow,
                random,
                clock,
                nanoTime,
                listener,
                observer);
    }

    Prober(
            EventLoop loop,
            Checks checks,
            int maxInFlight,
            double failOpenBelow,
            RandomGenerator random,
            InstantSource clock,
            LongSupplier nanoTime,
            Listener listener,
            ProbeObserver observer) {
        this.loop = loop;
        this.checks = checks;
        this.maxInFlight = maxInFlight;
        this.random = random;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.origin = nanoTime.getAsLong();
        this.observer = observer;
        this.verdicts = new Verdicts(failOpenBelow, listener, observer);
    }

    @Override
    public void watch(ServiceKey key, ProbeSet set) {
        loop.execute(() -> {
            if (!closed) {
                replace(key, set);
            }
        });
    }

    @Override
    public Map<ProbeTarget, Verdict> verdicts(ServiceKey key) {
        return verdicts.of(key);
    }

    /** Does not wait for probes under way; their answers are dropped. */
    @Override
    public void close() {
        loop.execute(() -> {
            closed = true;
            timer.ifPresent(t -> loop.cancel(t.id()));
            checks.close();
        });
    }

    private void replace(ServiceKey key, ProbeSet set) {
        boolean wasProbed = slots.containsKey(key);
        Map<ProbeTarget, Slot> known = slots.computeIfAbsent(key, unknown -> new HashMap<>());
        known.values().removeIf(slot -> {
            boolean gone = !set.targets().containsKey(slot.target);
            if (gone) {
                forget(slot);
            }
            return gone;
        });
        set.targets().forEach((target, probe) -> {
            Slot slot = known.get(target);
            if (slot == null) {
                known.put(target, begin(key, target, probe));
            } else if (!slot.probe.equals(probe)) {
                change(slot, probe);
            }
        });
        if (known.isEmpty()) {
            slots.remove(key);
        }
        verdicts.watch(key, set, now());
        if (wasProbed && set.targets().isEmpty()) {
            observer.forgotten(key);
        }
        proceed();
    }

    private void forget(Slot slot) {
        schedule.remove(slot);
        checks.release(slot.probe);
        tried(slot);
        abandon(slot);
    }

    private Slot begin(ServiceKey key, ProbeTarget target, Probe probe) {
        Slot slot = new Slot(key, target, numbers++, probe);
        checks.retain(probe);
        long spread = Math.min(Math.min(probe.interval().toNanos(), UNDECIDED), ++untried * APART);
        schedule.put(slot, nanos() + random.nextLong(spread));
        return slot;
    }

    /** What was found keeps its worth, but not a probe that is no longer asked for. */
    private void change(Slot slot, Probe probe) {
        boolean otherRhythm = !slot.probe.interval().equals(probe.interval());
        checks.retain(probe);
        checks.release(slot.probe);
        abandon(slot);
        slot.probe = probe;
        if (otherRhythm) {
            rephase(slot);
        }
    }

    private void abandon(Slot slot) {
        if (slot.running != null) {
            slot.running = null;
            inFlight--;
        }
    }

    private void tried(Slot slot) {
        if (slot.untried) {
            slot.untried = false;
            untried--;
        }
    }

    /** A new random beginning of the rhythm. */
    private void rephase(Slot slot) {
        schedule.put(slot, nanos() + 1 + random.nextLong(period(slot)));
    }

    private long period(Slot slot) {
        long interval = slot.probe.interval().toNanos();
        return isDecided(slot) ? interval : Math.min(interval, UNDECIDED);
    }

    private boolean isDecided(Slot slot) {
        return verdicts.decided(slot.key, slot.target);
    }

    /** Begins what is due, as far as there is room, and sets the timer for the rest. */
    private void proceed() {
        // A probe may end before its start has returned, and must not start the next one inside of it.
        if (proceeding) {
            return;
        }
        proceeding = true;
        try {
            while (inFlight < maxInFlight && beginNext()) {}
        } finally {
            proceeding = false;
            setTimer();
        }
    }

    private boolean beginNext() {
        long now = nanos();
        Optional<Slot> due = schedule.take(now);
        due.ifPresent(slot -> begin(slot, now));
        return due.isPresent();
    }

    private void begin(Slot slot, long now) {
        long due = slot.due;
        schedule.put(slot, Schedule.following(due, period(slot), now));
        if (slot.running != null) {
            return;
        }
        Object attempt = new Object();
        slot.running = attempt;
        inFlight++;
        observer.began((now - due) / NANOS);
        checks.run(slot.target, slot.probe).onSuccess(outcome -> finished(slot, attempt, outcome, now));
    }

    private void finished(Slot slot, Object attempt, Outcome outcome, long began) {
        if (closed || slot.running != attempt) {
            return;
        }
        slot.running = null;
        inFlight--;
        tried(slot);
        boolean wasDecided = isDecided(slot);
        try {
            observer.observed(slot.key, outcome.result(), (nanos() - began) / NANOS);
            verdicts.take(slot.key, slot.target, outcome, now());
        } finally {
            if (!wasDecided && isDecided(slot)) {
                rephase(slot);
            }
            proceed();
        }
    }

    /** Without room there is nothing to wake for: the end of a probe goes on. */
    private void setTimer() {
        OptionalLong next = inFlight < maxInFlight ? schedule.next() : OptionalLong.empty();
        if (next.isEmpty() || timer.filter(t -> t.due() <= next.getAsLong()).isPresent()) {
            return;
        }
        timer.ifPresent(t -> loop.cancel(t.id()));
        long due = next.getAsLong();
        timer = Optional.of(new Timer(loop.after(Math.max(0, due - nanos()), this::wake), due));
    }

    private void wake() {
        timer = Optional.empty();
        if (!closed) {
            proceed();
        }
    }

    /** Since the making of this prober, so that times can be compared as numbers. */
    private long nanos() {
        return nanoTime.getAsLong() - origin;
    }

    private Moment now() {
        return new Moment(nanos(), clock.instant());
    }
}
