package bridge.bailey.view;

import bridge.bailey.model.InstanceState;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/** How many instances of one side are what. */
public record Tally(int healthy, int unhealthy, int draining, int unknown) {

    public static final Tally NONE = new Tally(0, 0, 0, 0);

    static Tally of(Collection<InstanceView> instances, Side side) {
        Map<InstanceState, Integer> counts = new EnumMap<>(InstanceState.class);
        for (InstanceView instance : instances) {
            if (instance.side() == side) {
                counts.merge(instance.state(), 1, Integer::sum);
            }
        }
        return new Tally(
                counts.getOrDefault(InstanceState.HEALTHY, 0),
                counts.getOrDefault(InstanceState.UNHEALTHY, 0),
                counts.getOrDefault(InstanceState.DRAINING, 0),
                counts.getOrDefault(InstanceState.UNKNOWN, 0));
    }

    public int total() {
        return healthy + unhealthy + draining + unknown;
    }

    /** How many are in this state. */
    public int of(InstanceState state) {
        return switch (state) {
            case HEALTHY -> healthy;
            case UNHEALTHY -> unhealthy;
            case DRAINING -> draining;
            case UNKNOWN -> unknown;
        };
    }
}
