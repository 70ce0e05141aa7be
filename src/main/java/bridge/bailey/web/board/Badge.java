package bridge.bailey.web.board;

import bridge.bailey.web.ServiceJson;
import java.util.ArrayList;
import java.util.List;

/**
 * A few words that stand out.
 *
 * @param kind how it looks; a class in board.css
 */
public record Badge(String kind, String text) {

    /** How many instances of one side are what; those that are not healthy stand out. */
    static List<Badge> of(ServiceJson.Counts counts) {
        if (counts == null) {
            return List.of(new Badge("absent", "not there"));
        }
        List<Badge> all = new ArrayList<>();
        add(all, counts.healthy(), "healthy");
        add(all, counts.unhealthy(), "unhealthy");
        add(all, counts.draining(), "draining");
        add(all, counts.unknown(), "unknown");
        return all.isEmpty() ? List.of(new Badge("absent", "no instance")) : all;
    }

    /** What deserves a look, besides the health of instances. */
    static List<Badge> notes(ServiceJson.Summary service) {
        List<Badge> all = new ArrayList<>();
        if (service.stale()) {
            all.add(new Badge("stale", "stale"));
        }
        add(all, service.disagreements(), "disagree");
        add(all, service.withheld(), "withheld");
        add(all, service.pending(), "pending");
        add(all, service.findings(), service.findings() == 1 ? "finding" : "findings");
        return all;
    }

    private static void add(List<Badge> all, int count, String what) {
        if (count > 0) {
            all.add(new Badge(what, count + " " + what));
        }
    }
}
