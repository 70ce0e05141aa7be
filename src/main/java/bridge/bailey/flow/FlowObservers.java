package bridge.bailey.flow;

import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Hold;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Several observers as one. */
record FlowObservers(List<FlowObserver> all) implements FlowObserver {

    @Override
    public void passed(PassReport<? extends Item> report) {
        all.forEach(o -> o.passed(report));
    }

    @Override
    public void marked(String flow, Set<ServiceKey> keys) {
        all.forEach(o -> o.marked(flow, keys));
    }

    @Override
    public void propagated(String flow, double seconds) {
        all.forEach(o -> o.propagated(flow, seconds));
    }

    @Override
    public void unavailable(String flow, String message, int waiting, Duration nextTry) {
        all.forEach(o -> o.unavailable(flow, message, waiting, nextTry));
    }

    @Override
    public void available(String flow, Duration outage) {
        all.forEach(o -> o.available(flow, outage));
    }

    @Override
    public void withheld(String flow, Hold hold) {
        all.forEach(o -> o.withheld(flow, hold));
    }

    @Override
    public void withheldNoMore(String flow) {
        all.forEach(o -> o.withheldNoMore(flow));
    }

    @Override
    public void disturbed(String flow) {
        all.forEach(o -> o.disturbed(flow));
    }

    @Override
    public void failed(String flow, Throwable failure) {
        all.forEach(o -> o.failed(flow, failure));
    }
}
