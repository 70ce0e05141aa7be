package bridge.bailey.flow;

import bridge.bailey.model.Finding;
import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Hold;
import bridge.bailey.plan.Withheld;
import bridge.bailey.source.Source;
import bridge.bailey.target.Owned;
import bridge.bailey.target.Target;
import bridge.bailey.target.TargetException;
import bridge.bailey.view.Standing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** One direction of the bridge: a flow with what it reads, what it writes, and the loop that runs it. */
public final class Direction<S, T extends Item> implements AutoCloseable {

    private final boolean enabled;
    private final Source<S> source;
    private final Target<T> target;
    private final Flow<S, T> flow;
    private final FlowLoop<S, T> loop;

    Direction(boolean enabled, Flow<S, T> flow, FlowLoop<S, T> loop) {
        this.enabled = enabled;
        this.source = flow.source();
        this.target = flow.target();
        this.flow = flow;
        this.loop = loop;
    }

    public String name() {
        return flow.name();
    }

    /** Whether it runs; if not, what it wrote once stays as it is. */
    public boolean enabled() {
        return enabled;
    }

    void start() {
        if (enabled) {
            loop.start();
        }
    }

    /** Starts to read the source, for a plan without the loop. */
    public CompletionStage<Void> startSource() {
        return source.start(keys -> {});
    }

    /** Plans for everything, once the source was read; changes nothing. */
    public Flow.Planned<T> plan() throws TargetException {
        target.read().adopt();
        return flow.plan();
    }

    /** How these service keys stand; for any thread. A direction that is not enabled wants nothing. */
    public Map<ServiceKey, Standing<S, T>> standings(Set<ServiceKey> keys) {
        Map<ServiceKey, Standing<S, T>> all = flow.standings(keys);
        if (!enabled) {
            all.replaceAll((key, standing) -> Standing.idle(standing.source(), flow.name() + " is not enabled"));
        }
        return all;
    }

    /** What waits for a pass, and what is withheld, of everything; computed now, for any thread. */
    public Flow.Planned<T> outlook() {
        return flow.outlook();
    }

    /** How many changes are withheld for which reason. */
    public Map<Withheld.Reason, Long> withheld() {
        return flow.ledger().withheld();
    }

    /** What the deletion guard withholds now. */
    public Optional<Hold> hold() {
        return flow.hold();
    }

    /** Whether the deletion guard withholds something, or will with the next full pass. */
    boolean isHolding() {
        return flow.guard().isHolding();
    }

    /** Lets go what the deletion guard withholds at this moment; returns what that is. */
    public Optional<Hold> release() {
        Optional<Hold> released = flow.release();
        released.ifPresent(hold -> loop.mark(hold.services()));
        return released;
    }

    /** Whether it is known what the deletion guard withholds: soon after we begin to lead. */
    public boolean hasJudged() {
        return flow.guard().hasJudged();
    }

    /** Something was withheld when this direction ran before. */
    void resumeHold() {
        flow.guard().resume();
    }

    /** Whether we may write may have changed. */
    void look() {
        loop.look();
    }

    public FlowStatus status() {
        return loop.status();
    }

    /** Whether its first full pass has ended, or none is to come. */
    public boolean ready() {
        return !enabled || status().started();
    }

    public Owned owned() {
        return target.owned();
    }

    /** What users should mend now. */
    public List<Finding> findings() {
        return flow.findings().all();
    }

    /** What users should mend now of one service. */
    List<Finding> findings(ServiceKey key) {
        return flow.findings().of(key);
    }

    /** What its source knows now. */
    public Source.Snapshot<S> snapshot() {
        return source.all();
    }

    /** How current each part of its source is. */
    public List<Source.Part> parts() {
        return source.parts();
    }

    /** Begins no other pass. */
    void end() {
        loop.end();
    }

    @Override
    public void close() {
        loop.close();
    }
}
