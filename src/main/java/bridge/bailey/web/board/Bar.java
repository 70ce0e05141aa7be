package bridge.bailey.web.board;

import bridge.bailey.web.ServiceJson;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a bar that shows how instances do.
 *
 * @param steps its width in twentieths, as a style in the page itself is forbidden; at least one
 */
public record Bar(String kind, int steps) {

    private static final int STEPS = 20;

    static List<Bar> of(ServiceJson.Counts counts) {
        List<Bar> all = new ArrayList<>();
        if (counts != null) {
            int total = counts.healthy() + counts.unhealthy() + counts.draining() + counts.unknown();
            add(all, "healthy", counts.healthy(), total);
            add(all, "draining", counts.draining(), total);
            add(all, "unhealthy", counts.unhealthy(), total);
            add(all, "unknown", counts.unknown(), total);
        }
        return all;
    }

    private static void add(List<Bar> all, String kind, int count, int total) {
        if (count > 0) {
            all.add(new Bar(kind, Math.max(1, (int) Math.round(count * (double) STEPS / total))));
        }
    }
}
