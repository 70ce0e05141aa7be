package bridge.bailey.web;

import bridge.bailey.model.ServiceKey;
import bridge.bailey.view.CutoverVerdict;
import bridge.bailey.view.ServiceView;
import bridge.bailey.view.Status;
import bridge.bailey.view.Tally;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Services that are made up. */
public final class SampleServices {

    /** When everything here was last changed. */
    public static final Instant CHANGED = Instant.parse("2026-11-23T08:00:00Z");

    private SampleServices() {}

    /** A service with both sides, so many pods and so many machines of each kind. */
    public static ServiceView service(ServiceKey key, Tally pods, Tally machines) {
        boolean serves = pods.healthy() + machines.healthy() > 0;
        boolean trouble = pods.unhealthy() + machines.unhealthy() > 0;
        return new ServiceView(
                key,
                List.of(key.name()),
                !serves ? Status.DOWN : trouble ? Status.DEGRADED : Status.UP,
                new ServiceView.Sides(true, pods, true, machines),
                0,
                List.of(),
                0,
                0,
                0,
                new CutoverVerdict(
                        trouble
                                ? List.of(new CutoverVerdict.Reason(
                                        CutoverVerdict.Rule.VMS_UNHEALTHY,
                                        machines.unhealthy() + " of " + machines.total() + " VMs unhealthy for ",
                                        Optional.of(CHANGED),
                                        ""))
                                : List.of(),
                        List.of(),
                        Optional.empty()),
                CHANGED,
                CHANGED);
    }

    /** A healthy service with both sides. */
    public static ServiceView healthy(String namespace, String name) {
        return service(new ServiceKey(namespace, name), new Tally(3, 0, 0, 0), new Tally(2, 0, 0, 0));
    }

    /** So many services, of which every seventh is not well. */
    public static List<ServiceView> many(int count) {
        List<ServiceView> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ServiceKey key = new ServiceKey("team-%02d".formatted(i / 100), "service-%04d".formatted(i));
            all.add(service(key, new Tally(5, 0, 0, 0), new Tally(4, i % 7 == 0 ? 1 : 0, 0, 0)));
        }
        return all;
    }
}
